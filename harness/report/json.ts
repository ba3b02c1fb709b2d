import type { Gate, RunsComparison } from "../analysis/gate-record.ts";
import type { ReportInput } from "./report-input.ts";
import { gateSentence } from "./words/gate-sentence.ts";
import { runsSentence } from "./words/runs-sentence.ts";
import { verdictOf } from "./words/verdict.ts";

/** analysis.json: the analysis as data, and the verdict as every report words it. */
export function renderJson({ run, analysis }: ReportInput): string {
  const { schemaVersion, runId, suite, ...facts } = analysis;
  return textOf({ schemaVersion, runId, suite, verdict: verdictOf(run, analysis), ...facts });
}

/** The gate's record as data, and its decision in a sentence. */
export function renderGateJson(gate: Gate): string {
  const { schemaVersion, decision, ...facts } = gate;
  return textOf({ schemaVersion, decision, sentence: gateSentence(gate), ...facts });
}

/** The same of two runs. */
export function renderRunsJson(runs: RunsComparison): string {
  const { schemaVersion, ...facts } = runs;
  return textOf({ schemaVersion, sentence: runsSentence(runs), ...facts });
}

function textOf(record: object): string {
  return `${JSON.stringify(record, null, 2)}\n`;
}
