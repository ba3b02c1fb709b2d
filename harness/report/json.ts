import type { Gate } from "../analysis/gate-record.ts";
import { jsonText } from "../core/text.ts";
import type { ReportInput } from "./report-input.ts";
import { gateSentence } from "./words/gate-sentence.ts";
import { verdictOf } from "./words/verdict.ts";

/** analysis.json: the analysis as data, and the verdict as every report words it. */
export function renderJson({ run, analysis }: ReportInput): string {
  const { schemaVersion, runId, suite, ...facts } = analysis;
  return jsonText({ schemaVersion, runId, suite, verdict: verdictOf(run, analysis), ...facts });
}

/** The gate's record as data, and its decision in a sentence. */
export function gateRecord(gate: Gate): object {
  const { schemaVersion, decision, ...facts } = gate;
  return { schemaVersion, decision, sentence: gateSentence(gate), ...facts };
}
