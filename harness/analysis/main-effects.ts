import type { JudgedMeasure, RunRecord } from "../results/run.ts";
import { estimateRatio } from "../stats/ratio.ts";
import type { MainEffect } from "./analysis.ts";
import {
  averagedByBlock,
  averageOf,
  type Contrast,
  changesOfFactors,
  contrastsOf,
  type FactorLevels,
  holdsOthersAt,
} from "./factor-contrasts.ts";
import { screenEffects } from "./factor-screen.ts";
import type { TrialSet } from "./trial-sets.ts";

/**
 * What each factor does on its own to each judged measure: every level over the first, within a block and with the other
 * factors held; the interval is over blocks. All combinations: averaged over the others (in logarithms) to one value a
 * block; what an average hides stands in `under`. One at a time: alone
 * against the baseline, and in the company of all the others (all against all but it). Screening: see screenEffects. [] without factors; an effect that
 * no block has a ratio of is left out. Not tested: an interval tells more, and a family of tests would cost the verdicts.
 */
export function mainEffects(run: RunRecord, sets: TrialSet[]): MainEffect[] {
  const all =
    run.design === "screening"
      ? screenEffects(run, sets)
      : changesOfFactors(run).flatMap((change) =>
          run.judged.flatMap((measure) => effectsOf(run, sets, change, measure)),
        );
  return all.filter(isTelling);
}

/** Whether an effect has a ratio that rests on something: where no request failed there is nothing to explain. */
export function isTelling({ measure, ratio }: Pick<MainEffect, "measure" | "ratio">): boolean {
  return ratio !== null && !(measure === "faultRatio" && ratio === 1);
}

function effectsOf(run: RunRecord, sets: TrialSet[], change: FactorLevels, measure: JudgedMeasure): MainEffect[] {
  const contrasts = contrastsOf(run, sets, change, measure.name);
  const effect = (context: MainEffect["context"], chosen: Contrast[]) => effectOf(change, measure, context, chosen);
  if (run.design !== "one-at-a-time") return [effect("average", contrasts)];
  const [alone, ...more] = contrasts.filter(({ held }) => holdsOthersAt(run, held, 0));
  const company = contrasts.filter((contrast) => contrast !== alone && holdsOthersAt(run, contrast.held, -1));
  return [
    ...(alone === undefined ? [] : [effect("alone", [alone, ...more])]),
    ...(company.length === 0 ? [] : [effect("with all others", company)]),
  ];
}

function effectOf(
  { factor, from, to }: FactorLevels,
  measure: JudgedMeasure,
  context: MainEffect["context"],
  contrasts: Contrast[],
): MainEffect {
  const estimate = estimateRatio(averagedByBlock(contrasts.map(({ byBlock }) => byBlock)));
  const { ratio, low, high, bound, n } = estimate;
  const under = dependence(contrasts, measure.tolerance);
  return { factor, levels: { from, to }, measure: measure.name, context, ratio, low, high, bound, n, under };
}

/** The ratio under each setting of the other factors, where these differ by more than the tolerance. */
function dependence(contrasts: Contrast[], tolerance: number): MainEffect["under"] {
  const parts = contrasts.flatMap(({ held, byBlock }) => {
    const average = averageOf([...byBlock.values()]);
    return average === null ? [] : [{ held, ...average }];
  });
  const logs = parts.map(({ log }) => log);
  if (parts.length < 2 || Math.max(...logs) - Math.min(...logs) <= Math.log1p(tolerance)) return [];
  return parts.map(({ held, log, bound }) => ({ levels: held, ratio: Math.exp(log), bound }));
}
