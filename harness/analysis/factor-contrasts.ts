import { mean } from "simple-statistics";
import type { MeasureName } from "../core/measures.ts";
import type { ProfileRecord, RunRecord } from "../results/run.ts";
import { commonBound, type PairRatio } from "../stats/pairs.ts";
import { blockPairs, isRatio } from "./block-pairs.ts";
import type { TrialSet } from "./trial-sets.ts";

/** A factor's two levels. */
export interface FactorLevels {
  factor: string;
  from: string;
  to: string;
}

/** Two profiles that differ in one factor only, with their ratio in each block that carries one. */
export interface Contrast {
  /** Levels of the other factors, the same in both. */
  held: Record<string, string>;
  byBlock: Map<number, PairRatio>;
}

/** Every factor's levels in the suite's order; the first is where it starts from. */
function factorLevels(run: RunRecord): Map<string, string[]> {
  const factors = [...new Set(run.profiles.flatMap(({ levels }) => Object.keys(levels)))];
  return new Map(
    factors.map((factor) => [factor, [...new Set(run.profiles.flatMap(({ levels }) => levels[factor] ?? []))]]),
  );
}

/** Each level of each factor against its first. */
export function changesOfFactors(run: RunRecord): FactorLevels[] {
  return [...factorLevels(run)].flatMap(([factor, [from, ...others]]) =>
    from === undefined ? [] : others.map((to) => ({ factor, from, to })),
  );
}

/** A change under every setting of the other factors that was run. */
export function contrastsOf(run: RunRecord, sets: TrialSet[], change: FactorLevels, measure: MeasureName): Contrast[] {
  const { factor, from, to } = change;
  return run.profiles
    .filter(({ levels }) => levels[factor] === from)
    .flatMap((low) => {
      const high = run.profiles.find(
        ({ levels }) => levels[factor] === to && sameOtherwise(levels, low.levels, factor),
      );
      return high === undefined ? [] : [contrastOf(sets, high, low, factor, measure)];
    });
}

function contrastOf(
  sets: TrialSet[],
  high: ProfileRecord,
  low: ProfileRecord,
  factor: string,
  measure: MeasureName,
): Contrast {
  const { [factor]: _, ...held } = low.levels;
  return { held, byBlock: ratiosByBlock(sets, high.name, low.name, measure) };
}

/** Whether the other factors are all at their first levels (place 0) or all at their last ones (-1). */
export function holdsOthersAt(run: RunRecord, held: Record<string, string>, place: 0 | -1): boolean {
  const levels = factorLevels(run);
  return Object.entries(held).every(([factor, level]) => levels.get(factor)?.at(place) === level);
}

/** One profile over another in every block that carries a ratio. */
function ratiosByBlock(sets: TrialSet[], high: string, low: string, measure: MeasureName): Map<number, PairRatio> {
  const [over, under] = [high, low].map((name) => sets.find(({ profile }) => profile === name));
  if (over === undefined || under === undefined) return new Map();
  const all = [...blockPairs(over, under, measure)];
  return new Map(all.flatMap(([block, pair]) => (isRatio(pair) ? [[block, pair] as const] : [])));
}

function sameOtherwise(one: Record<string, string>, other: Record<string, string>, factor: string): boolean {
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return names.every((name) => name === factor || one[name] === other[name]);
}

/** The ratios of each block averaged (in logarithms) to one; a block without any is left out. */
export function averagedByBlock(ratios: Map<number, PairRatio>[]): PairRatio[] {
  const blocks = [...new Set(ratios.flatMap((byBlock) => [...byBlock.keys()]))];
  return blocks.flatMap((block) => averageOf(ratios.flatMap((byBlock) => byBlock.get(block) ?? [])) ?? []);
}

/** null where there is nothing to average, or where bounds point both ways. */
export function averageOf(pairs: PairRatio[]): PairRatio | null {
  const bound = commonBound(pairs);
  if (pairs.length === 0 || bound === "both") return null;
  return { log: mean(pairs.map(({ log }) => log)), bound };
}
