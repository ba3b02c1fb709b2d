/** Analyses and gates as data, with the sentences that every report makes of them beside. */
import * as analysis from "../../harness/analysis/analyze.ts";
import * as gates from "../../harness/analysis/gate.ts";
import type { Gate } from "../../harness/analysis/gate-record.ts";
import type { GateReason } from "../../harness/analysis/reason.ts";
import type { AnalysisJson as ToldAnalysis, GateJson as ToldGate } from "../../harness/report/json.ts";
import { conclusionsOf } from "../../harness/report/words/effect-conclusions.ts";
import { gateReasonWords } from "../../harness/report/words/gate-reasons.ts";
import { gateSentence } from "../../harness/report/words/gate-sentence.ts";
import { verdictOf, verdictText } from "../../harness/report/words/verdict.ts";
import type { RunRecord } from "../../harness/results/run.ts";
import type { TrialRecord } from "../../harness/results/trial.ts";

/** analysis.json and the gate's JSON: what a CI reads. */
export type { ToldAnalysis, ToldGate };

/** With `told`: the verdict's text, and what is said of each profile as "NAME [EFFECT]: what was seen." */
export function analyze(run: RunRecord, trials: TrialRecord[]): ToldAnalysis & { told: string; conclusions: string[] } {
  const made = analysis.analyze(run, trials);
  const verdict = verdictOf(run, made);
  const text = verdictText(verdict);
  const rows = verdict.effects.map(({ profile, effect, how }) => `${profile} [${effect}]: ${how}.`);
  return {
    ...made,
    verdict: text,
    effects: verdict.effects,
    told: [text, ...rows].join(" "),
    conclusions: conclusionsOf(run, made),
  };
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
