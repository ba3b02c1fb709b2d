import { measuredValue, measureOf } from "../core/measures.ts";
import type { JudgedMeasure } from "../results/run.ts";
import type { TrialRecord } from "../results/trial.ts";
import { blocksNeeded } from "../stats/significance.ts";
import { summarize } from "../stats/summary.ts";
import type { Comparison } from "./analysis.ts";
import { hasBroken } from "./block-pairs.ts";
import type { ArmPair } from "./compare-runs.ts";
import type { GateCheck, GateComparison } from "./gate-record.ts";
import type { GateReason, HeldReason } from "./reason.ts";
import type { TrialSet } from "./trial-sets.ts";

/** Ends of the load that say: it was carried to its bound. */
const bounds: (string | undefined)[] = ["requests", "after", "load-ended"];

type Settled = Pick<GateComparison, "result" | "reason">;

/** A judged measure as the gate sees it; `together` are the trials that are compared with each other, candidate first. */
export function gateComparison(
  { baseline, candidate }: ArmPair,
  measure: JudgedMeasure,
  comparison: Comparison,
  together: [TrialRecord, TrialRecord][],
  checks: GateCheck[],
): GateComparison {
  const values = (set: TrialSet) =>
    [...set.measured.values()].flatMap((trial) => measuredValue(trial, measure.name) ?? []);
  return {
    ...comparison,
    measure: measure.name,
    direction: measure.direction,
    tolerance: measure.tolerance,
    baseline: summarize(values(baseline)),
    candidate: summarize(values(candidate)),
    ...settle(measure, comparison, together, checks),
  };
}

/** Trials of the blocks that both arms have. */
export function inBlocks({ baseline, candidate }: ArmPair): [TrialRecord, TrialRecord][] {
  return [...candidate.measured].flatMap(([block, trial]): [TrialRecord, TrialRecord][] => {
    const base = baseline.measured.get(block);
    return base === undefined ? [] : [[trial, base]];
  });
}

/** Every trial of one arm with every one of the other: what holds for all of them holds for the arms. */
export function everyCombination({ baseline, candidate }: ArmPair): [TrialRecord, TrialRecord][] {
  return [...candidate.measured.values()].flatMap((trial) =>
    [...baseline.measured.values()].map((base): [TrialRecord, TrialRecord] => [trial, base]),
  );
}

/**
 * What no ratio can say is settled here. Both arms carried the whole load to the same bound, and served as much of it: held.
 * Only one arm broke, in enough trials that it is not luck: worse (or better), as the other's wall was never found.
 */
function settle(
  measure: JudgedMeasure,
  comparison: Comparison,
  together: [TrialRecord, TrialRecord][],
  checks: GateCheck[],
): Settled {
  const { verdict, reason } = comparison;
  if (verdict !== "inconclusive") return { result: verdict, reason };
  const held = heldReason(measure, together);
  if (held !== null) return enoughToHold(held, together);
  return oneArmBroke(measure, checks) ?? { result: "undecided", reason: servedLess(measure, together) ?? reason };
}

/** A candidate that breaks in every other trial gets through six unbroken once in 64 times; through fewer it is no proof. */
function enoughToHold(held: HeldReason, together: [TrialRecord, TrialRecord][]): Settled {
  const n = Math.min(...[0, 1].map((arm) => new Set(together.map((pair) => pair[arm])).size));
  const needed = blocksNeeded(1);
  if (n >= needed) return { result: "held", reason: held };
  return { result: "undecided", reason: { code: "held-too-few", held, trials: n, needed } };
}

function heldReason(
  { name, direction, tolerance }: JudgedMeasure,
  together: [TrialRecord, TrialRecord][],
): HeldReason | null {
  if (together.length === 0) return null;
  const pairs = together.map((pair) => pair.map((trial) => measuredValue(trial, name)));
  // Nothing of what should be little is fine; nothing of what should be much is not.
  const nothing = pairs.flat().every((value) => value?.value === 0 && !value.censored);
  if (nothing) return direction === "lower" ? { code: "zero-in-both" } : null;
  if (together.flat().some(({ generator }) => generator.bound)) return null;
  if (measureOf(name).family === "wall") {
    const open = pairs.flat().every((value) => value === null || value.censored);
    const carried = together.every((pair) => carriedAll(pair) && servedAlike(pair, tolerance));
    return open && carried ? { code: "neither-broke" } : null;
  }
  const alike = pairs.every(([over, under]) => over?.censored && under?.censored && over.value === under.value);
  return alike ? { code: "both-reached-highest-rate" } : null;
}

/** Both got through the whole load, and the candidate no worse than the baseline. */
function carriedAll([candidate, baseline]: [TrialRecord, TrialRecord]): boolean {
  const [over, under] = [candidate.stoppedBy?.criterion, baseline.stoppedBy?.criterion];
  const isWorse = severity(candidate) > severity(baseline);
  return over === under && bounds.includes(over) && !isWorse;
}

/** What a trial met, the worse the higher. */
function severity({ outcome }: TrialRecord): number {
  return ["held", "saturated", "degraded", "broke"].indexOf(outcome);
}

/** A bound in time is reached with any part of the load served. */
function servedAlike(pair: [TrialRecord, TrialRecord], tolerance: number): boolean {
  const [over, under] = pair.map(({ measures }) => measures.requestsBeforeWall ?? 0) as [number, number];
  return over > 0 && under > 0 && Math.abs(Math.log(over / under)) <= Math.log1p(tolerance);
}

/** Why reaching the same bound is not the same here; null where that is not what is wrong. */
function servedLess({ name, tolerance }: JudgedMeasure, together: [TrialRecord, TrialRecord][]): GateReason | null {
  if (measureOf(name).family !== "wall" || together.flat().some(hasBroken) || !together.every(carriedAll)) return null;
  const unlike = together.find((pair) => !servedAlike(pair, tolerance));
  if (unlike === undefined) return null;
  const [candidate, baseline] = unlike.map(({ measures }) => measures.requestsBeforeWall ?? 0) as [number, number];
  return { code: "served-less", candidateRequests: candidate, baselineRequests: baseline };
}

/** Where the wall itself tells nothing, that only one arm broke does: enough times that it is not luck, however near to the other's bound. */
function oneArmBroke({ name, direction }: JudgedMeasure, checks: GateCheck[]): Settled | null {
  if (measureOf(name).family !== "wall" || direction !== "higher") return null;
  const outcome = checks.find(({ question }) => question.kind === "outcome");
  if (outcome?.result !== "worse" && outcome?.result !== "better") return null;
  return { result: outcome.result, reason: outcome.reason };
}
