import type { Caveat } from "../results/caveats.ts";
import type { RunRecord } from "../results/run.ts";
import { holm } from "../stats/holm.ts";
import { estimateRatio, type RatioEstimate } from "../stats/ratio.ts";
import { significanceLevel } from "../stats/significance.ts";
import { blockPairs, isRatio } from "./block-pairs.ts";
import type { Comparisons } from "./compare.ts";
import type { TrialSet } from "./trial-sets.ts";

/** A quantile that moved by less beside the median is no other shape. */
const leastChange = 0.1;

const upper = ["latencyMs.p90", "latencyMs.p99"] as const;

/**
 * Profiles whose median latency is the same and whose spread is not: some of their requests became slower, or faster, and the others did not. Of
 * each quantile over the median, profile over baseline within blocks; the one that changed most. Not asked of a quantile that is itself judged
 * to differ: then it is no secret.
 */
export function spreadCaveats(run: RunRecord, sets: TrialSet[], { byProfile }: Comparisons): Caveat[] {
  const baseline = sets.find(({ profile }) => profile === run.baseline);
  if (baseline === undefined) return [];
  return sets.flatMap((set): Caveat[] => {
    const found = byProfile.get(set.profile);
    if (found?.["latencyMs.p50"]?.verdict !== "same") return [];
    const estimates = upper.map((measure) => estimateRatio(spreadRatios(set, baseline, measure)));
    const adjusted = holm(estimates.map(({ p }) => p ?? 1));
    const changed = upper.flatMap((measure, place) => {
      const estimate = estimates[place];
      const verdict = found[measure]?.verdict ?? "inconclusive";
      const isKnown = verdict === "better" || verdict === "worse";
      return estimate !== undefined && !isKnown && (adjusted[place] ?? 1) < significanceLevel && isBeyond(estimate)
        ? [{ measure, ...estimate }]
        : [];
    });
    const most = changed.toSorted((a, b) => Math.abs(Math.log(b.ratio ?? 1)) - Math.abs(Math.log(a.ratio ?? 1)))[0];
    if (most === undefined || most.ratio === null || most.low === null || most.high === null) return [];
    const { measure, ratio, low, high, n } = most;
    return [{ code: "spread-changed", profile: set.profile, measure, ratio, low, high, blocks: n }];
  });
}

/** Of each block: how much the quantile differs beyond what the median does. */
function spreadRatios(set: TrialSet, baseline: TrialSet, measure: (typeof upper)[number]) {
  const medians = blockPairs(set, baseline, "latencyMs.p50");
  return [...blockPairs(set, baseline, measure)].flatMap(([block, pair]) => {
    const median = medians.get(block);
    if (median === undefined || !isRatio(median) || !isRatio(pair)) return [];
    if (median.bound !== null || pair.bound !== null) return [];
    return [{ log: pair.log - median.log, bound: null }];
  });
}

function isBeyond({ low, high }: RatioEstimate): boolean {
  return low !== null && high !== null && (low > 1 + leastChange || high < 1 / (1 + leastChange));
}
