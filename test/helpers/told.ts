/** Analyses and gates as data, with the sentences that every report makes of them beside. */
import type { Analysis } from "../../harness/analysis/analysis.ts";
import * as analysis from "../../harness/analysis/analyze.ts";
import * as gates from "../../harness/analysis/gate.ts";
import type { Gate } from "../../harness/analysis/gate-record.ts";
import type { GateReason } from "../../harness/analysis/reason.ts";
import { conclusionsOf } from "../../harness/report/words/effect-conclusions.ts";
import { gateReasonWords } from "../../harness/report/words/gate-reasons.ts";
import { gateSentence } from "../../harness/report/words/gate-sentence.ts";
import { verdictOf } from "../../harness/report/words/verdict.ts";
import type { RunRecord } from "../../harness/results/run.ts";
import type { TrialRecord } from "../../harness/results/trial.ts";

/** analysis.json: what a CI reads. */
export type ToldAnalysis = Analysis & { verdict: string };

/** The gate's JSON. */
export type ToldGate = Gate & { sentence: string };

export function analyze(run: RunRecord, trials: TrialRecord[]): ToldAnalysis & { conclusions: string[] } {
  const made = analysis.analyze(run, trials);
  return { ...made, verdict: verdictOf(run, made), conclusions: conclusionsOf(run, made) };
}

export function gateOneRun(...args: Parameters<typeof gates.gateOneRun>): ToldGate {
  return toldGate(gates.gateOneRun(...args));
}

export function gateTwoRuns(...args: Parameters<typeof gates.gateTwoRuns>): ToldGate {
  return toldGate(gates.gateTwoRuns(...args));
}

function toldGate(gate: Gate): ToldGate {
  return { ...gate, sentence: gateSentence(gate) };
}

/** A reason as every report words it; "" where there is none. */
export function saidReason({ reason = null }: { reason?: GateReason | null } = {}): string {
  return reason === null ? "" : gateReasonWords(reason);
}
