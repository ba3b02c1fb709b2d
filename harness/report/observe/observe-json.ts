import { jsonText } from "../../core/text.ts";
import type { Observation } from "../../observe/observation.ts";
import { verdictWords } from "../words/observe.ts";

/** The observation for programs: all its codes and numbers, and the verdict in its sentence. */
export function observationRecord(observation: Observation) {
  const { outlook, withinSeconds, limits, findings, settings, caveats, subjects, seconds, costMs } = observation;
  return {
    verdict: verdictWords(observation),
    outlook,
    withinSeconds,
    limits,
    findings,
    settings,
    caveats,
    subjects,
    seconds,
    cost: { cpuMs: costMs, shareOfCore: seconds > 0 ? costMs / 1000 / seconds : null },
  };
}

export function observationJson(observation: Observation): string {
  return jsonText(observationRecord(observation));
}
