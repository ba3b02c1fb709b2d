import type { Analysis } from "../analysis/analysis.ts";
import type { Gate } from "../analysis/gate-record.ts";
import { jsonText } from "../core/text.ts";
import type { ReportInput } from "./report-input.ts";
import type { ProfileEffect } from "./words/effect.ts";
import { gateSentence } from "./words/gate-sentence.ts";
import { verdictOf, verdictText } from "./words/verdict.ts";

/** What analysis.json holds: the analysis as data, and what every report says of it first. */
export interface AnalysisJson extends Analysis {
  /** The answer, and what it rests on, in sentences. */
  verdict: string;
  /** What each other profile does; [] where that is not told by profiles: a search, a calibration, nothing to compare with. */
  effects: ProfileEffect[];
}

/** What the gate's JSON holds. */
export interface GateJson extends Gate {
  /** The decision and what it rests on: the first line of every report. */
  sentence: string;
}

/** analysis.json. */
export function renderJson({ run, analysis }: ReportInput): string {
  const { schemaVersion, runId, suite, ...facts } = analysis;
  const { effects, ...told } = verdictOf(run, analysis);
  const record: AnalysisJson = { schemaVersion, runId, suite, verdict: verdictText(told), effects, ...facts };
  return jsonText(record);
}

/** The gate's record as data, and its decision in a sentence. */
export function gateRecord(gate: Gate): GateJson {
  const { schemaVersion, decision, ...facts } = gate;
  return { schemaVersion, decision, sentence: gateSentence(gate), ...facts };
}
