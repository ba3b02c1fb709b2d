import { blocksNeeded, significanceLevel } from "../results/blocks-needed.ts";
import type { JudgedMeasure } from "../results/judged-measures.ts";
import type { TrialRecord } from "../results/trial.ts";
import { summarize } from "../stats/summary.ts";
import type { Comparison } from "./analysis.ts";
import type { ArmPair } from "./compare-runs.ts";
import type { GateComparison, GateResult } from "./gate-record.ts";
import { measuredValue } from "./measure-values.ts";
import type { TrialSet } from "./trial-sets.ts";

/** Ends of the load that say: it was carried to its bound. */
const bounds: (string | undefined)[] = ["requests", "after", "load-ended"];

/** A judged measure as the gate sees it; `together` are the trials that are compared with each other, candidate first. */
export function gateComparison(
  { baseline, candidate }: ArmPair,
  measure: JudgedMeasure,
  comparison: Comparison,
  together: [TrialRecord, TrialRecord][],
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
    ...settle(measure, comparison, together),
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
 * What no ratio can say is settled here. Both arms carried the whole load to the same bound: held. Only one arm broke, in
 * enough trials that it is not luck: worse (or better), however close to the other's bound it broke, as that one's wall
 * was never found.
 */
function settle(
  measure: JudgedMeasure,
  comparison: Comparison,
  together: [TrialRecord, TrialRecord][],
): { result: GateResult; reason: string | null } {
  const { verdict, reason } = comparison;
  if (verdict !== "inconclusive") return { result: verdict, reason };
  const held = heldWords(measure, together);
  if (held !== null) return enoughToHold(held, together);
  return oneArmBroke(measure, comparison) ?? { result: "undecided", reason };
}

/** A candidate that breaks in every other trial gets through six unbroken once in 64 times; through fewer it is no proof. */
function enoughToHold(held: string, together: [TrialRecord, TrialRecord][]): { result: GateResult; reason: string } {
  const n = Math.min(...[0, 1].map((arm) => new Set(together.map((pair) => pair[arm])).size));
  const needed = blocksNeeded(1);
  if (n >= needed) return { result: "held", reason: held };
  return { result: "undecided", reason: `${held}, but only ${n} times; ${needed} would do` };
}

function heldWords({ name, direction }: JudgedMeasure, together: [TrialRecord, TrialRecord][]): string | null {
  if (together.length === 0) return null;
  const pairs = together.map((pair) => pair.map((trial) => measuredValue(trial, name)));
  // Nothing of what should be little is fine; nothing of what should be much is not.
  const nothing = pairs.flat().every((value) => value?.value === 0 && !value.censored);
  if (nothing) return direction === "lower" ? "0 in every trial of both" : null;
  if (together.flat().some(({ generator }) => generator.bound)) return null;
  if (isWall(name)) {
    const open = pairs.flat().every((value) => value === null || value.censored);
    return open && together.every(carriedAll) ? "neither broke within the bound" : null;
  }
  const alike = pairs.every(([over, under]) => over?.censored && under?.censored && over.value === under.value);
  return alike ? "both reached the highest value that was tried" : null;
}

/** Both got through the whole load, and the candidate no worse than the baseline. */
function carriedAll([candidate, baseline]: [TrialRecord, TrialRecord]): boolean {
  const [over, under] = [candidate.stoppedBy?.criterion, baseline.stoppedBy?.criterion];
  const degradedOnly = candidate.outcome === "degraded" && baseline.outcome !== "degraded";
  return over === under && bounds.includes(over) && !degradedOnly;
}

/** A ratio that is a bound in every pair that has one: there one arm broke and the other did not. */
function oneArmBroke({ name, direction }: JudgedMeasure, { bound, low, high, p, n }: Comparison) {
  if (!isWall(name) || direction !== "higher" || p === null || p >= significanceLevel) return null;
  if (bound === "atMost" && high !== null && high < 1) {
    return { result: "worse" as const, reason: `the candidate broke in ${n} where the baseline did not` };
  }
  if (bound === "atLeast" && low !== null && low > 1) {
    return { result: "better" as const, reason: `the baseline broke in ${n} where the candidate did not` };
  }
  return null;
}

function isWall(name: string): boolean {
  return name === "requestsBeforeWall" || name === "timeToWallSeconds" || name === "scanCliffSeconds";
}
