import { median } from "simple-statistics";
import { formatMeasure, measureOf } from "../core/measures.ts";
import { leastDisturbed } from "../results/disturbance.ts";
import type { TrialOutcome, TrialRecord } from "../results/trial.ts";

const measured = new Set<TrialOutcome>(["broke", "degraded", "saturated", "held"]);

type ChoiceMeasure = "requestsBeforeWall" | "sustainedPerSecond";

/**
 * One trial per profile whose series the report draws: the valid one nearest its profile's median (the earliest of
 * equals). Profiles without a valid, measured trial have none. In the order of the trials.
 */
export function chooseTrials(trials: TrialRecord[]): TrialRecord[] {
  const profiles = new Set(trials.map((trial) => trial.profile));
  return [...profiles].flatMap((profile) => {
    const candidates = candidatesOf(profile, trials);
    const chosen = nearestToMedian(candidates, choiceMeasure(candidates));
    return chosen === null ? [] : [chosen];
  });
}

/** Says which trial is drawn and why, for the reader. */
export function describeChoice(chosen: TrialRecord, trials: TrialRecord[]): string {
  const candidates = candidatesOf(chosen.profile, trials);
  const which = `trial ${chosen.sequence} (block ${chosen.block})`;
  const { search } = chosen;
  if (search !== null) return `${which}, ${searchEnd(search.sustainableRatePerSecond, chosen, candidates.length)}`;
  if (candidates.length < 2) return `${which}, the profile's only valid trial`;
  const measure = choiceMeasure(candidates);
  const middle = medianOf(candidates, measure);
  if (middle === null) return `${which}, the first of ${candidates.length} valid trials`;
  return `${which}: of ${candidates.length} valid trials the nearest to the median ${measureOf(measure).label}, ${formatMeasure(measure, middle)}`;
}

/** Of a search only its last trial is drawn. */
function searchEnd(found: number | null, chosen: TrialRecord, searches: number): string {
  const nearest = searches > 1 ? `: of ${searches} searches the nearest to the median rate` : "";
  const rate = formatMeasure("sustainableRatePerSecond", found ?? chosen.step?.ratePerSecond ?? 0);
  return `${found === null ? `at ${rate}, which ended its search` : `which confirmed ${rate}`}${nearest}`;
}

/** Steps on the way of a search, fresh blocks after the comparison and trials that were repeated in vain stand for no profile. */
function candidatesOf(profile: string, trials: TrialRecord[]): TrialRecord[] {
  const own = trials.filter((trial) => trial.profile === profile && trial.purpose === "compare");
  const valid = own.filter((trial) => trial.valid && measured.has(trial.outcome));
  return valid.filter((trial) => leastDisturbed(valid.filter(({ block }) => block === trial.block)) === trial);
}

/** Where some trial broke, its wall is what matters; where none did, all have the same bound and the rate tells more. */
function choiceMeasure(candidates: TrialRecord[]): ChoiceMeasure {
  return candidates.some((trial) => trial.outcome === "broke") ? "requestsBeforeWall" : "sustainedPerSecond";
}

function nearestToMedian(candidates: TrialRecord[], measure: ChoiceMeasure): TrialRecord | null {
  const middle = medianOf(candidates, measure) ?? 0;
  const distance = (trial: TrialRecord) => Math.abs((trial.measures[measure] ?? Number.POSITIVE_INFINITY) - middle);
  return candidates.toSorted((one, other) => compare(distance(one), distance(other)))[0] ?? null;
}

/** Infinity minus Infinity is not a number, and a sort by it would be in no order. */
function compare(one: number, other: number): number {
  return one === other ? 0 : one - other;
}

function medianOf(candidates: TrialRecord[], measure: ChoiceMeasure): number | null {
  const values = candidates.flatMap((trial) => trial.measures[measure] ?? []);
  return values.length === 0 ? null : median(values);
}
