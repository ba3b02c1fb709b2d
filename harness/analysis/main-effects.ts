import { mean } from "simple-statistics";
import type { MeasureName } from "../results/measure-names.ts";
import type { ProfileRecord, RunRecord } from "../results/run.ts";
import { commonBound, type PairRatio, pairRatio } from "../stats/pairs.ts";
import { estimateRatio, type RatioEstimate } from "../stats/ratio.ts";
import type { MainEffect } from "./analysis.ts";
import { measuredValue, measureWords } from "./measure-values.ts";
import { boundWords, ratioWords } from "./text.ts";
import type { TrialSet } from "./trial-sets.ts";

/**
 * What each factor does on its own to each judged measure: every level over the first, within a block and with the other
 * factors held, averaged over them (in logarithms) to one value a block; the interval is over blocks. [] without factors.
 * Where a block has no combination that carries a ratio it is left out, and so is a measure for which none has. An effect that depends on the other factors is
 * said in the sentence, for an average hides it.
 */
export function mainEffects(run: RunRecord, sets: TrialSet[]): MainEffect[] {
  const factors = [...new Set(run.profiles.flatMap(({ levels }) => Object.keys(levels)))];
  return factors.flatMap((factor) => {
    const [first, ...others] = [...new Set(run.profiles.flatMap(({ levels }) => levels[factor] ?? []))];
    if (first === undefined) return [];
    return others.flatMap((level) =>
      run.judged
        .map(({ name: measure }) => effectOf({ run, sets, factor, from: first, to: level, measure }))
        .filter(({ ratio }) => ratio !== null),
    );
  });
}

interface EffectRequest {
  run: RunRecord;
  sets: TrialSet[];
  factor: string;
  from: string;
  to: string;
  measure: MeasureName;
}

function effectOf(request: EffectRequest): MainEffect {
  const { factor, from, to, measure, run } = request;
  const contrasts = contrastsOf(request);
  const blocks = [...new Set(contrasts.flatMap(({ byBlock }) => [...byBlock.keys()]))];
  const estimate = estimateRatio(
    blocks.flatMap((block) => averageOf(contrasts.flatMap(({ byBlock }) => byBlock.get(block) ?? [])) ?? []),
  );
  const { ratio, low, high, bound, n } = estimate;
  const levels = `${from} -> ${to}`;
  const sentence = sentenceOf(`${factor} ${levels}`, measure, estimate, contrasts, run.tolerance);
  return { factor, levels, measure, ratio, low, high, bound, n, sentence };
}

/** Two profiles that differ in the factor only, with their ratio in each block that carries one. */
interface Contrast {
  /** The levels held: "somaxconn 65535"; "" where there is one factor only. */
  held: string;
  byBlock: Map<number, PairRatio>;
}

function contrastsOf({ run, sets, factor, from, to, measure }: EffectRequest): Contrast[] {
  const lower = run.profiles.filter(({ levels }) => levels[factor] === from);
  return lower.flatMap((low) => {
    const high = run.profiles.find((profile) => profile.levels[factor] === to && sameOtherwise(profile, low, factor));
    const pairs = high === undefined ? new Map() : ratiosByBlock(sets, high.name, low.name, measure);
    const held = Object.entries(low.levels).filter(([name]) => name !== factor);
    return [{ held: held.map(([name, level]) => `${name} ${level}`).join(", "), byBlock: pairs }];
  });
}

function sameOtherwise(one: ProfileRecord, other: ProfileRecord, factor: string): boolean {
  const names = [...new Set([...Object.keys(one.levels), ...Object.keys(other.levels)])];
  return names.every((name) => name === factor || one.levels[name] === other.levels[name]);
}

function ratiosByBlock(sets: TrialSet[], high: string, low: string, measure: MeasureName): Map<number, PairRatio> {
  const [over, under] = [high, low].map((name) => sets.find(({ profile }) => profile === name)?.measured);
  const ratios = new Map<number, PairRatio>();
  for (const [block, trial] of over ?? []) {
    const base = under?.get(block);
    const [top, bottom] = [measuredValue(trial, measure), base === undefined ? null : measuredValue(base, measure)];
    const ratio = top === null || bottom === null ? null : pairRatio(top, bottom);
    if (ratio !== null) ratios.set(block, ratio);
  }
  return ratios;
}

/** null where there is nothing to average, or where bounds point both ways. */
function averageOf(pairs: PairRatio[]): PairRatio | null {
  const bound = commonBound(pairs);
  if (pairs.length === 0 || bound === "both") return null;
  return { log: mean(pairs.map(({ log }) => log)), bound };
}

function sentenceOf(
  change: string,
  measure: MeasureName,
  estimate: RatioEstimate,
  contrasts: Contrast[],
  tolerance: number,
): string {
  const { low, high, n } = estimate;
  const interval = low !== null && high !== null ? ` (95%: ${ratioWords(low)} to ${ratioWords(high)})` : "";
  const noise =
    low === null && high === null ? `, with ${n} block${n === 1 ? "" : "s"} no more than an effect size` : "";
  const depends = dependence(contrasts, tolerance);
  return `${change}: ${boundWords(estimate)} the ${measureWords[measure]}${interval}${noise}${depends}.`;
}

/** The ratio under each setting of the other factors, where these differ by more than the tolerance. */
function dependence(contrasts: Contrast[], tolerance: number): string {
  const parts = contrasts.flatMap(({ held, byBlock }) => {
    const average = averageOf([...byBlock.values()]);
    return average === null || held === "" ? [] : [{ held, ...average }];
  });
  const logs = parts.map(({ log }) => log);
  if (parts.length < 2 || Math.max(...logs) - Math.min(...logs) <= Math.log1p(tolerance)) return "";
  const listed = parts.map(({ held, log, bound }) => `${boundWords({ ratio: Math.exp(log), bound })} with ${held}`);
  return `; it depends on the other factors: ${listed.join(", ")}`;
}
