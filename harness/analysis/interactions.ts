import type { JudgedMeasure, RunRecord } from "../results/run.ts";
import type { PairRatio } from "../stats/pairs.ts";
import { estimateRatio, type RatioEstimate } from "../stats/ratio.ts";
import type { Interaction, MainEffect } from "./analysis.ts";
import {
  averagedByBlock,
  type Contrast,
  changesOfFactors,
  contrastsOf,
  type FactorLevels,
  holdsOthersAt,
} from "./factor-contrasts.ts";
import { isTelling } from "./main-effects.ts";
import type { TrialSet } from "./trial-sets.ts";

/**
 * Two-way interactions of factors on each judged measure: by how much the ratio that one factor gives is larger with the
 * other's level than with its first, within a block and averaged over the remaining factors; 1 = each does the same
 * whatever the other is. Where the factors were changed one at a time, the other "factor" is all the others together.
 */
export function interactions(run: RunRecord, sets: TrialSet[]): Interaction[] {
  // A screen names no pair: what two factors do together lies in all of its other columns.
  if (run.design === "screening") return [];
  const changes = changesOfFactors(run);
  const pairs = changes.flatMap((one, index) =>
    changes.slice(index + 1).flatMap((other) => (one.factor === other.factor ? [] : [[one, other] as const])),
  );
  const all =
    run.design === "one-at-a-time"
      ? changes.flatMap((change) => run.judged.map((measure) => withOthers(run, sets, change, measure)))
      : pairs.flatMap(([one, other]) => run.judged.map((measure) => interactionOf(run, sets, one, other, measure)));
  return all.filter(isTelling);
}

function interactionOf(
  run: RunRecord,
  sets: TrialSet[],
  one: FactorLevels,
  other: FactorLevels,
  measure: JudgedMeasure,
): Interaction {
  const contrasts = contrastsOf(run, sets, one, measure.name);
  const at = (level: string) => contrasts.filter(({ held }) => held[other.factor] === level);
  const ratios = at(other.from).flatMap((low) => {
    const high = at(other.to).find(({ held }) => sameBut(held, low.held, other.factor));
    return high === undefined ? [] : [ratioOfRatios(high, low)];
  });
  const estimate = estimateRatio(averagedByBlock(ratios));
  return record(one, other, measure, estimate);
}

function withOthers(run: RunRecord, sets: TrialSet[], change: FactorLevels, measure: JudgedMeasure): Interaction {
  const contrasts = contrastsOf(run, sets, change, measure.name);
  const alone = contrasts.find(({ held }) => holdsOthersAt(run, held, 0));
  const company = contrasts.find(({ held }) => holdsOthersAt(run, held, -1));
  const both = alone !== undefined && company !== undefined && alone !== company;
  const estimate = estimateRatio(both ? [...ratioOfRatios(company, alone).values()] : []);
  return record(change, null, measure, estimate);
}

/** Of each block that has both. A bound on the second turns round; bounds that point both ways leave nothing. */
function ratioOfRatios(high: Contrast, low: Contrast): Map<number, PairRatio> {
  const ratios = new Map<number, PairRatio>();
  for (const [block, over] of high.byBlock) {
    const under = low.byBlock.get(block);
    if (under === undefined) continue;
    const turned = under.bound === null ? null : under.bound === "atLeast" ? "atMost" : "atLeast";
    const clash = over.bound !== null && turned !== null && over.bound !== turned;
    if (!clash) ratios.set(block, { log: over.log - under.log, bound: over.bound ?? turned });
  }
  return ratios;
}

function sameBut(one: Record<string, string>, other: Record<string, string>, factor: string): boolean {
  return Object.entries(one).every(([name, level]) => name === factor || other[name] === level);
}

function record(
  { factor, from, to }: FactorLevels,
  other: FactorLevels | null,
  { name }: JudgedMeasure,
  { ratio, low, high, bound, n }: RatioEstimate,
): Interaction {
  return {
    factors: [factor, other?.factor ?? null],
    levels: [{ from, to }, other === null ? null : { from: other.from, to: other.to }],
    measure: name,
    ...{ ratio, low, high, bound, n },
  };
}

/** What an estimate comes to: wholly beyond the tolerance, wholly within it, or neither; by its ratio alone where there are too few blocks for an interval. */
export function sizeOf(
  { ratio, low, high, bound }: Pick<MainEffect, "ratio" | "low" | "high" | "bound">,
  tolerance: number,
): "up" | "down" | "nothing" | "unclear" {
  if (ratio === null) return "unclear";
  const edge = 1 + tolerance;
  const known = low !== null || high !== null;
  const [from, to] = known
    ? [low ?? 0, high ?? Number.POSITIVE_INFINITY]
    : [bound === "atMost" ? 0 : ratio, bound === "atLeast" ? Number.POSITIVE_INFINITY : ratio];
  if (from > edge) return "up";
  if (to < 1 / edge) return "down";
  return from >= 1 / edge && to <= edge ? "nothing" : "unclear";
}
