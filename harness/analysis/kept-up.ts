import { median } from "simple-statistics";
import type { TrialRecord } from "../results/trial.ts";
import type { ProfileAnalysis } from "./analysis.ts";
import type { TrialSet } from "./trial-sets.ts";

/** Rates asked that differ by less are the same rate. */
const sameRate = 0.05;

/** Medians over the trials that know what was asked and served; null where none does. */
export function keptOf(trials: TrialRecord[]): ProfileAnalysis["kept"] {
  const known = trials.flatMap(({ kept }) => kept ?? []);
  if (known.length === 0) return null;
  return {
    askedPerSecond: median(known.map(({ askedPerSecond }) => askedPerSecond)),
    servedPerSecond: median(known.map(({ servedPerSecond }) => servedPerSecond)),
  };
}

/** From the load's first request to its stop. */
export function lastedSeconds({ stoppedBy, loadSeconds }: TrialRecord): number {
  return stoppedBy?.atSeconds ?? loadSeconds;
}

/** Of each block in which both were asked for the same, the rate served over the baseline's: the least and the most. */
export function servedRatioOf(set: TrialSet, baseline: TrialSet): ProfileAnalysis["servedRatio"] {
  const ratios = [...set.measured].flatMap(([block, { kept }]) => {
    const base = baseline.measured.get(block)?.kept ?? null;
    if (kept === null || base === null || base.servedPerSecond === 0) return [];
    const isSame = Math.abs(kept.askedPerSecond / base.askedPerSecond - 1) < sameRate;
    return isSame ? [kept.servedPerSecond / base.servedPerSecond] : [];
  });
  return ratios.length === 0 ? null : { least: Math.min(...ratios), most: Math.max(...ratios) };
}
