import { median } from "simple-statistics";
import type { Caveat } from "../results/caveats.ts";
import type { SearchRecord } from "../results/goals.ts";
import type { PredictedWalls } from "../results/prediction.ts";
import type { RunRecord } from "../results/run.ts";
import type { TrialRecord } from "../results/trial.ts";
import type { SearchSummary } from "./analysis.ts";
import { invalidReasons } from "./caveats.ts";
import type { TrialSet } from "./trial-sets.ts";

/** With fewer new connections for each request the target has a pool, and its ports are no limit of its rate. */
const connectionsPerRequest = 0.5;

/** What a profile's searches came to; null where the run searched for nothing or none of its searches ended. */
export function searchesOf(run: RunRecord, set: TrialSet): SearchSummary | null {
  const trials = [...set.measured.values()];
  const searches = trials.flatMap(({ block, search }) => (search === null ? [] : [{ block, ...search }]));
  if (run.experiment.kind !== "search" || searches.length === 0) return null;
  const predicted = run.predictions.find(({ profile }) => profile === set.profile);
  const limited = predicted !== undefined && trials.some(opensConnections);
  return {
    searches: searches.toSorted((one, other) => one.block - other.block),
    ceilingPerSecond: limited ? predicted.sustainablePerSecond : null,
    aboveCeilingPerSecond: limited
      ? aboveCeiling(run.experiment.objective.holdingMs / 1000, searches, predicted)
      : null,
  };
}

/** A rate above what the ports sustain was only held because they lasted for as long as it was tried. */
function aboveCeiling(heldSeconds: number, searches: SearchRecord[], predicted: PredictedWalls): number | null {
  const rates = searches.flatMap(({ sustainableRatePerSecond }) => sustainableRatePerSecond ?? []);
  const { usablePorts, sustainablePerSecond } = predicted;
  const found = rates.length === 0 ? 0 : median(rates);
  const portsHeldSeconds = usablePorts / sustainablePerSecond;
  return found <= sustainablePerSecond || heldSeconds >= portsHeldSeconds ? null : found;
}

/** Whether the target was seen to open a connection with about every request: only then are ports what requests cost. */
function opensConnections({ measures, evidence }: TrialRecord): boolean {
  const dials = evidence.ports.some(({ role, destination }) => role === "target" && destination !== null);
  const { connectionsPerSecond, sustainedPerSecond } = measures;
  if (!dials || connectionsPerSecond === null || sustainedPerSecond === null) return false;
  return connectionsPerSecond >= connectionsPerRequest * sustainedPerSecond;
}

/**
 * The trials that show what stands in the way: of each ended search the step with the lowest rate that was missed. `steps` are the
 * run's trials of searches, in any order.
 */
export function limitingTrials(set: TrialSet, trials: readonly TrialRecord[]): TrialRecord[] {
  return [...set.measured.values()].flatMap(({ search }) => {
    const missed = (search?.steps ?? []).filter(({ kept }) => !kept);
    const lowest = missed.toSorted((one, other) => one.ratePerSecond - other.ratePerSecond)[0];
    return trials.filter(({ sequence }) => sequence === lowest?.sequence);
  });
}

/** Steps that had to be left out. */
export function invalidSteps(trials: readonly TrialRecord[]): Caveat[] {
  const invalid = trials.filter(({ purpose, valid }) => purpose === "search" && !valid);
  if (invalid.length === 0) return [];
  return [{ code: "invalid-steps", invalid: invalid.length, reasons: invalidReasons(invalid) }];
}
