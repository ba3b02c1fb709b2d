import { mean } from "simple-statistics";
import type { GoalResult } from "../results/goals.ts";
import type { RunRecord } from "../results/run.ts";
import type { TrialRecord } from "../results/trial.ts";
import { permutationP } from "../stats/permutation.ts";
import { signFlipP } from "../stats/sign-flip.ts";
import { blocksNeeded, significanceLevel } from "../stats/significance.ts";
import { looksOf } from "./compare.ts";
import type { ArmPair } from "./compare-runs.ts";
import type { CheckQuestion, GateCheck } from "./gate-record.ts";
import type { CheckOpen, FailedSide } from "./reason.ts";

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
  candidateSide: FailedSide;
  baselineSide: FailedSide;
}

/** A question to every trial: 0 = as it should be, higher is worse, null = not known. */
interface Question {
  question: CheckQuestion;
  grade: (trial: TrialRecord) => number | null;
  /** What trials that were not as they should be did. */
  did: (trials: TrialRecord[]) => FailedSide["did"];
}

/**
 * What is asked beside the judged measures, whatever is judged: whether the service stood the load, and whether it kept each
 * goal. A search raises the rate until they are missed: there they say nothing, and nothing is asked.
 */
export function checkDrafts(run: RunRecord, pair: ArmPair, pairing: "paired" | "unpaired"): CheckDraft[] {
  if (run.experiment.kind === "search") return [];
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
  question: { kind: "outcome" },
  grade: (trial) => {
    // What the generator broke on is no answer of the service.
    if (trial.outcome === "broke" && trial.fault?.side === "generator") return 0;
    if (trial.outcome === "broke" || trial.stoppedBy?.criterion === "target-died") return 2;
    return trial.outcome === "degraded" || trial.outcome === "saturated" ? 1 : 0;
  },
  did: (trials) => {
    const all = (wanted: TrialRecord["outcome"]) => trials.every(({ outcome }) => outcome === wanted);
    return all("degraded") ? "was-degraded" : all("saturated") ? "was-saturated" : "broke";
  },
};

/** The suite's goals, then each condition's. */
function goalQuestions(trials: TrialRecord[]): Question[] {
  const named = new Map(trials.flatMap(goalsOf).map((one) => [keyOf(one), one]));
  return [...named].map(
    ([
      key,
      {
        condition,
        goal: { measure, comparison, limit },
      },
    ]) => ({
      question: { kind: "goal", condition, goal: { measure, comparison, limit } },
      grade: (trial) => {
        const kept = goalsOf(trial).find((other) => keyOf(other) === key)?.goal.kept ?? null;
        return kept === null ? null : kept ? 0 : 1;
      },
      did: () => "missed-goal",
    }),
  );
}

interface NamedGoal {
  condition: string | null;
  goal: GoalResult;
}

function goalsOf({ goals, conditions }: TrialRecord): NamedGoal[] {
  return [
    ...goals.map((goal) => ({ condition: null, goal })),
    ...conditions.flatMap(({ name, goals: own }) => own.map((goal) => ({ condition: name, goal }))),
  ];
}

function keyOf({ condition, goal: { measure, comparison, limit } }: NamedGoal): string {
  return JSON.stringify([condition, measure, comparison, limit]);
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
  const of = counted(question, [...candidate.measured.values()], [...baseline.measured.values()]);
  return {
    ...of,
    p: differing === 0 ? 1 : signFlipP([...against, ...inFavour].map(({ sign }) => sign)),
    tested: differing >= blocksNeeded(1, looks),
    against: against.length,
    inFavour: inFavour.length,
    unknown: pairs.filter(({ over, under }) => over === null && under !== null).length,
    needed: blocksNeeded(run.judged.length + 1, looks),
    candidateSide: {
      ...sideOf("candidate", of),
      did: question.did(against.map(({ trial }) => trial)),
      blocks: against.length,
    },
    baselineSide: {
      ...sideOf("baseline", of),
      did: question.did(inFavour.map(({ base }) => base)),
      blocks: inFavour.length,
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
  const of = counted(question, ...arms);
  const did = (arm: TrialRecord[]) => question.did(arm.filter((trial) => (question.grade(trial) ?? 0) > 0));
  return {
    ...of,
    p: differ ? permutationP(over, under) : 1,
    tested: differ,
    against: more > 0 ? of.candidate.failed : 0,
    inFavour: more < 0 ? of.baseline.failed : 0,
    unknown: under.length === 0 ? 0 : arms[0].length - over.length,
    needed: null,
    candidateSide: { ...sideOf("candidate", of), did: did(arms[0]), blocks: null },
    baselineSide: { ...sideOf("baseline", of), did: did(arms[1]), blocks: null },
  };
}

function counted({ question, grade }: Question, candidate: TrialRecord[], baseline: TrialRecord[]) {
  const count = (trials: TrialRecord[]) => {
    const grades = trials.flatMap((trial) => grade(trial) ?? []);
    return { failed: grades.filter((one) => one > 0).length, trials: grades.length };
  };
  return { question, baseline: count(baseline), candidate: count(candidate) };
}

function sideOf(side: FailedSide["side"], counts: Pick<GateCheck, "candidate" | "baseline">) {
  const other = counts[side === "candidate" ? "baseline" : "candidate"];
  return { side, ...counts[side], other };
}

/** Worse or better by the test; undecided wherever the candidate alone failed and it does not tell; else no worse: held. */
function settled(draft: CheckDraft, p: number | null): GateCheck {
  const { question, baseline, candidate, against, inFavour, unknown, candidateSide, baselineSide } = draft;
  const common = { question, baseline, candidate, p };
  const sure = p !== null && p < significanceLevel;
  const rests = (sides: FailedSide[], open: CheckOpen | null = null) =>
    ({ code: "sides-differ", sides, open }) as const;
  const both = inFavour > 0 ? [candidateSide, baselineSide] : [candidateSide];
  if (sure && against > inFavour) return { ...common, result: "worse", reason: rests(both) };
  if (unknown > 0) {
    return { ...common, result: "undecided", reason: { code: "candidate-unknown", trials: unknown } };
  }
  if (sure && inFavour > against) {
    const sides = against > 0 ? [baselineSide, candidateSide] : [baselineSide];
    return { ...common, result: "better", reason: rests(sides) };
  }
  if (against === 0) return { ...common, result: "held", reason: null };
  return { ...common, result: "undecided", reason: rests(both, whyOpen(draft, p)) };
}

function whyOpen({ needed }: CheckDraft, p: number | null): CheckOpen {
  if (p !== null) return { code: "not-significant", p };
  return needed === null ? { code: "not-tested" } : { code: "too-few", needed };
}
