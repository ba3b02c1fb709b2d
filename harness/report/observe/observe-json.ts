import { jsonText } from "../../core/text.ts";
import type { Observation } from "../../observe/observation.ts";
import { verdictWords } from "../words/observe.ts";

/** The observation for programs: all its codes and numbers, and the verdict in its sentence. */
export function observationRecord(observation: Observation) {
  const { costMs, ...told } = observation;
  return {
    verdict: verdictWords(observation),
    ...told,
    cost: { cpuMs: costMs, shareOfCore: told.seconds > 0 ? costMs / 1000 / told.seconds : null },
  };
}

export function observationJson(observation: Observation): string {
  return jsonText(observationRecord(observation));
}
