import { median } from "simple-statistics";
import { measuredValue } from "../core/measures.ts";
import type { RunRecord } from "../results/run.ts";
import { estimateRatio } from "../stats/ratio.ts";
import { summarize } from "../stats/summary.ts";
import type { RatioRange, WallSummary } from "./analysis.ts";
import { blockPairs, isRatio } from "./block-pairs.ts";
import { predictionMiss } from "./prediction-miss.ts";
import type { TrialSet } from "./trial-sets.ts";
import { metWallAtOnce, targetPorts } from "./wall-obstacle.ts";

/** A profile's walls as predicted and as met. */
export function wallsOf(run: RunRecord, set: TrialSet): WallSummary {
  const predicted = run.predictions.find(({ profile }) => profile === set.profile);
  const trials = [...set.measured.values()];
  const broke = trials.filter(({ outcome }) => outcome === "broke");
  const cliffs = trials.flatMap(({ measures }) => measures.scanCliffSeconds ?? []);
  const ports = trials.flatMap(targetPorts);
  const requests = summarize(trials.flatMap((trial) => measuredValue(trial, "requestsBeforeWall") ?? []));
  return {
    profile: set.profile,
    predictedCliffPorts: predicted?.cliffPorts ?? null,
    predictedCliffSeconds: predicted?.cliffSeconds ?? null,
    predictedWallPorts: predicted?.wallPorts ?? null,
    predictedWallSeconds: predicted?.wallSeconds ?? null,
    measuredCliffSeconds: medianOf(cliffs),
    measuredWallSeconds: medianOf(broke.flatMap(({ measures }) => measures.timeToWallSeconds ?? [])),
    measuredPeakPorts: medianOf(ports.map(({ peakInUse }) => peakInUse)),
    measuredPeakTimeWait: medianOf(ports.map(({ peakTimeWait }) => peakTimeWait)),
    measuredUsablePorts: medianOf(ports.map(({ usable }) => usable)),
    measuredRequestsBeforeWall: requests?.median ?? null,
    missed: predictionMiss(predicted, trials),
    requestsAreLowerBound: requests?.medianIsBound ?? false,
    cliffSeenIn: cliffs.length,
    wallSeenIn: broke.length,
    trials: trials.length,
  };
}

/**
 * Requests before the wall, profile over baseline; null where no block gives a ratio, and where a wall came so early that how much was
 * served until then is chance.
 */
export function wallRatioOf(set: TrialSet, baseline: TrialSet): RatioRange | null {
  const trials = [...set.measured.values(), ...baseline.measured.values()];
  if (trials.some(metWallAtOnce)) return null;
  const pairs = [...blockPairs(set, baseline, "requestsBeforeWall").values()].filter(isRatio);
  const { ratio, low, high, bound, n } = estimateRatio(pairs);
  return ratio === null ? null : { ratio, low, high, bound, n };
}

function medianOf(values: number[]): number | null {
  return values.length === 0 ? null : median(values);
}
