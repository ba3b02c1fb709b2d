import type { MeasureName } from "../core/measures.ts";
import { foldedRuns, runsFor } from "../core/plackett-burman.ts";
import type { JudgedMeasure, RunRecord } from "../results/run.ts";
import { type FoldedPair, mainEffectsOf, runsOf, withInterval } from "../stats/folded-screen.ts";
import { dummiesStandOut, suspectsOf } from "../stats/suspects.ts";
import type { FactorScreen, MainEffect } from "./analysis.ts";
import { comparedValue } from "./block-pairs.ts";
import { changesOfFactors, type FactorLevels } from "./factor-contrasts.ts";
import type { TrialSet } from "./trial-sets.ts";

/** A screen's runs of all blocks that have all of them, and what bounds were among them. */
interface Screened {
  measure: JudgedMeasure;
  changes: FactorLevels[];
  pairs: FoldedPair[];
  blocks: number;
  isBound: boolean;
}

/** What a screen points at for each judged measure that it has; [] in any other design. */
export function screens(run: RunRecord, sets: TrialSet[]): FactorScreen[] {
  return screenedMeasures(run, sets).map(({ measure, changes, pairs }) => {
    const { noise, suspects } = readingOf(changes, measure, pairs);
    const dummies = mainEffectsOf(pairs).slice(changes.length);
    return {
      measure: measure.name,
      suspects: suspects.map(({ factor, from, to }) => ({ factor, levels: { from, to } })),
      deviation: Math.expm1(noise.deviation),
      dummies: dummies.map(Math.exp),
      isDisturbed: dummiesStandOut(dummies, noise, 2 * pairs.length),
    };
  });
}

/** Each factor's effect on each judged measure, averaged over all levels of the others, with the interval that the screen's own noise gives. */
export function screenEffects(run: RunRecord, sets: TrialSet[]): MainEffect[] {
  return screenedMeasures(run, sets).flatMap(({ measure, changes, pairs, blocks, isBound }) => {
    const { noise } = readingOf(changes, measure, pairs);
    const logs = mainEffectsOf(pairs);
    return changes.map(({ factor, from, to }, column): MainEffect => {
      const { log, low, high } = withInterval(logs[column] ?? 0, noise, 2 * pairs.length);
      // What was cut off by the stop can only have been further out.
      const bound = !isBound || log === 0 ? null : log > 0 ? "atLeast" : "atMost";
      return {
        ...{ factor, levels: { from, to }, measure: measure.name, context: "average" },
        ratio: Math.exp(log),
        low: bound === "atMost" ? null : Math.exp(low),
        high: bound === "atLeast" ? null : Math.exp(high),
        ...{ bound, n: blocks, under: [] },
      };
    });
  });
}

function readingOf(changes: FactorLevels[], { direction }: JudgedMeasure, pairs: FoldedPair[]) {
  const sign = direction === "higher" ? 1 : -1;
  const runs = runsOf(pairs).map(({ levels, log }) => ({ levels, log: sign * log }));
  const { columns, noise } = suspectsOf(runs, changes.length, false);
  return { noise, suspects: columns.flatMap((column) => changes[column] ?? []) };
}

function screenedMeasures(run: RunRecord, sets: TrialSet[]): Screened[] {
  if (run.design !== "screening") return [];
  const changes = changesOfFactors(run);
  const rows = foldedRuns(runsFor(changes.length) ?? 0);
  // Of profiles that were chosen from the design's no effect can be told.
  if (rows.length !== sets.length) return [];
  return run.judged.flatMap((measure) => {
    const blocks = blocksOf(sets).flatMap((block) => wholeBlock(sets, block, measure.name, rows) ?? []);
    if (blocks.length === 0) return [];
    const pairs = blocks.flatMap((one) => one.pairs);
    return [{ measure, changes, pairs, blocks: blocks.length, isBound: blocks.some(({ isBound }) => isBound) }];
  });
}

function blocksOf(sets: TrialSet[]): number[] {
  return [...new Set(sets.flatMap(({ measured }) => [...measured.keys()]))];
}

/** A block's runs and their mirrors; null where one of them has no value that a logarithm could be taken of. */
function wholeBlock(
  sets: TrialSet[],
  block: number,
  measure: MeasureName,
  rows: readonly (readonly boolean[])[],
): { pairs: FoldedPair[]; isBound: boolean } | null {
  const values = sets.flatMap(({ measured }) => {
    const trial = measured.get(block);
    const value = trial === undefined ? null : comparedValue(trial, measure);
    return value === null || !(value.value > 0) ? [] : [value];
  });
  if (values.length !== sets.length) return null;
  const logs = values.map(({ value }) => Math.log(value));
  const pairs = rows.flatMap((levels, index): FoldedPair[] => {
    const [log, mirrorLog] = [logs[index], logs[index + 1]];
    return index % 2 === 1 || log === undefined || mirrorLog === undefined ? [] : [{ levels, log, mirrorLog }];
  });
  return { pairs, isBound: values.some(({ censored }) => censored) };
}
