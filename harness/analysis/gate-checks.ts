import { mean } from "simple-statistics";
import { formatGoal } from "../core/measures.ts";
import { counted } from "../core/words.ts";
import type { GoalResult } from "../results/goals.ts";
import type { RunRecord } from "../results/run.ts";
import type { TrialRecord } from "../results/trial.ts";
import { blocksNeeded, significanceLevel } from "../stats/blocks-needed.ts";
import { permutationP } from "../stats/permutation.ts";
import { signFlipP } from "../stats/sign-flip.ts";
import { looksOf } from "./compare.ts";
import type { ArmPair } from "./compare-runs.ts";
import type { GateCheck } from "./gate-record.ts";

/** A check before p is adjusted. */
export interface CheckDraft extends Omit<GateCheck, "p" | "result" | "reason"> {
  p: number;
  /** Whether p could be below the level at all: only then it is tested, and counts in the family. */
  tested: boolean;
  /** Trials or blocks that speak against the candidate, and for it. */
  against: number;
  inFavour: number;
  /** Where the baseline's answer is known and the candidate's is not. */
  unknown: number;
  /** Blocks that all point one way, from which on they are enough beside the judged measures; null for two runs. */
  needed: number | null;
  words: { candidate: string; baseline: string };
}

/** A question to every trial: 0 = as it should be, higher is worse, null = not known. */
interface Question {
  kind: GateCheck["kind"];
  name: string;
  grade: (trial: TrialRecord) => number | null;
  /** "broke" and "did not"; "missed X" and "kept it" */
  did: (trials: TrialRecord[]) => string;
  didNot: string;
}

/**
 * What is asked beside the judged measures, whatever is judged: whether the service stood the load, and whether it kept each
 * goal. A search raises the rate until they are missed: there they say nothing, and nothing is asked.
 */
export function checkDrafts(run: RunRecord, pair: ArmPair, pairing: "paired" | "unpaired"): CheckDraft[] {
  if (run.objective !== null) return [];
  const questions = [outcomeQuestion, ...goalQuestions([...pair.candidate.measured.values()])];
  return questions.map((question) => (pairing === "paired" ? inBlocksOf(run, pair, question) : inRuns(pair, question)));
}

/** The p of the drafts that are tested: they count in the family. */
export function testedPs(drafts: CheckDraft[]): number[] {
  return drafts.flatMap(({ p, tested }) => (tested ? [p] : []));
}

/** `adjusted` are those of the tested drafts, in their order. */
export function settleChecks(drafts: CheckDraft[], adjusted: number[]): GateCheck[] {
  const tested = drafts.filter((draft) => draft.tested);
  return drafts.map((draft) => settled(draft, draft.tested ? (adjusted[tested.indexOf(draft)] ?? 1) : null));
}

const outcomeQuestion: Question = {
  kind: "outcome",
  name: "stood the load",
  grade: (trial) => {
    // What the generator broke on is no answer of the service.
    if (trial.outcome === "broke" && trial.fault?.side === "generator") return 0;
    if (trial.outcome === "broke" || trial.stoppedBy?.criterion === "target-died") return 2;
    return trial.outcome === "degraded" ? 1 : 0;
  },
  did: (trials) => (trials.every(({ outcome }) => outcome === "degraded") ? "was degraded" : "broke"),
  didNot: "did not",
};

/** The suite's goals, then each condition's. */
function goalQuestions(trials: TrialRecord[]): Question[] {
  const names = new Set(trials.flatMap((trial) => namedGoals(trial).map(([name]) => name)));
  return [...names].map((name) => ({
    kind: "goal",
    name,
    grade: (trial) => {
      const kept = namedGoals(trial).find(([other]) => other === name)?.[1].kept ?? null;
      return kept === null ? null : kept ? 0 : 1;
    },
    did: () => `missed ${name}`,
    didNot: "kept it",
  }));
}

function namedGoals({ goals, conditions }: TrialRecord): [string, GoalResult][] {
  return [
    ...goals.map((goal): [string, GoalResult] => [formatGoal(goal), goal]),
    ...conditions.flatMap((one) =>
      one.goals.map((goal): [string, GoalResult] => [`${one.name}: ${formatGoal(goal)}`, goal]),
    ),
  ];
}

/** The exact sign test over the blocks in which the arms differ. */
function inBlocksOf(run: RunRecord, { baseline, candidate }: ArmPair, question: Question): CheckDraft {
  const { grade } = question;
  const pairs = [...candidate.measured].flatMap(([block, trial]) => {
    const base = baseline.measured.get(block);
    return base === undefined ? [] : [{ trial, base, over: grade(trial), under: grade(base) }];
  });
  const known = pairs.flatMap(({ trial, base, over, under }) =>
    over === null || under === null ? [] : [{ trial, base, sign: Math.sign(over - under) }],
  );
  const [against, inFavour] = [1, -1].map((sign) => known.filter((one) => one.sign === sign)) as [Known[], Known[]];
  const looks = looksOf(run);
  const differing = against.length + inFavour.length;
  const words = (did: TrialRecord[], other: string) =>
    `${question.did(did)} in ${counted(did.length, "block")} where the ${other} ${question.didNot}`;
  return {
    ...countsOf(question, [...candidate.measured.values()], [...baseline.measured.values()]),
    p: differing === 0 ? 1 : signFlipP([...against, ...inFavour].map(({ sign }) => sign)),
    tested: differing >= blocksNeeded(1, looks),
    against: against.length,
    inFavour: inFavour.length,
    unknown: pairs.filter(({ over, under }) => over === null && under !== null).length,
    needed: blocksNeeded(run.judged.length + 1, looks),
    words: {
      candidate: words(
        against.map(({ trial }) => trial),
        "baseline",
      ),
      baseline: words(
        inFavour.map(({ base }) => base),
        "candidate",
      ),
    },
  };
}

interface Known {
  trial: TrialRecord;
  base: TrialRecord;
  sign: number;
}

/** The permutation test of the grades. */
function inRuns({ baseline, candidate }: ArmPair, question: Question): CheckDraft {
  const arms = [candidate, baseline].map(({ measured }) => [...measured.values()]) as [TrialRecord[], TrialRecord[]];
  const [over, under] = arms.map((trials) => trials.flatMap((trial) => question.grade(trial) ?? [])) as [
    number[],
    number[],
  ];
  const differ = over.length > 0 && under.length > 0 && new Set([...over, ...under]).size > 1;
  const more = differ ? Math.sign(mean(over) - mean(under)) : 0;
  const of = countsOf(question, ...arms);
  const words = (arm: TrialRecord[], { failed, trials }: GateCheck["candidate"], other: GateCheck["candidate"]) => {
    const did = question.did(arm.filter((trial) => (question.grade(trial) ?? 0) > 0));
    return `${did} in ${failed} of ${trials} trials, the other side in ${other.failed} of ${other.trials}`;
  };
  return {
    ...of,
    p: differ ? permutationP(over, under) : 1,
    tested: differ,
    against: more > 0 ? of.candidate.failed : 0,
    inFavour: more < 0 ? of.baseline.failed : 0,
    unknown: under.length === 0 ? 0 : arms[0].length - over.length,
    needed: null,
    words: {
      candidate: words(arms[0], of.candidate, of.baseline),
      baseline: words(arms[1], of.baseline, of.candidate),
    },
  };
}

function countsOf({ kind, name, grade }: Question, candidate: TrialRecord[], baseline: TrialRecord[]) {
  const count = (trials: TrialRecord[]) => {
    const grades = trials.flatMap((trial) => grade(trial) ?? []);
    return { failed: grades.filter((one) => one > 0).length, trials: grades.length };
  };
  return { kind, name, baseline: count(baseline), candidate: count(candidate) };
}

/** Worse or better by the test; undecided wherever the candidate alone failed and it does not tell; else no worse: held. */
function settled(draft: CheckDraft, p: number | null): GateCheck {
  const { kind, name, baseline, candidate, against, inFavour, unknown, words } = draft;
  const common = { kind, name, baseline, candidate, p };
  const sure = p !== null && p < significanceLevel;
  const [worse, better] = [`the candidate ${words.candidate}`, `the baseline ${words.baseline}`];
  const both = inFavour > 0 ? `${worse}, and ${better}` : worse;
  if (sure && against > inFavour) return { ...common, result: "worse", reason: both };
  if (unknown > 0)
    return { ...common, result: "undecided", reason: `${name}: not known of the candidate in ${unknown}` };
  if (sure && inFavour > against) {
    return { ...common, result: "better", reason: against > 0 ? `${better}, and ${worse}` : better };
  }
  if (against === 0) return { ...common, result: "held", reason: null };
  return { ...common, result: "undecided", reason: `${both}: ${tooFew(draft, p)}` };
}

function tooFew({ needed }: CheckDraft, p: number | null): string {
  if (p !== null) return `p ${p.toFixed(2)} after adjustment, no proof either way`;
  return needed === null ? "no proof either way" : `too few to tell, ${needed} that all point one way would do`;
}
