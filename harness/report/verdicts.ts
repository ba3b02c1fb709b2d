import type { Analysis, Comparison, Verdict } from "../analysis/analysis.ts";
import { measureOf } from "../core/measures.ts";
import { formatProbability } from "../core/numbers.ts";
import { formatPercent } from "../core/units.ts";
import { formatComparison } from "./measures.ts";
import type { ReportInput } from "./report-input.ts";
import { conclusionsOf } from "./words/effect-conclusions.ts";
import { effectSentence, interactionSentence } from "./words/effects.ts";
import { reasonWords } from "./words/reasons.ts";

/** One verdict as text: a profile on a judged measure, with the noise beside it. */
export interface VerdictRow {
  profile: string;
  /** Short and whole name of the measure. */
  measure: string;
  label: string;
  ratio: string;
  p: string;
  verdict: Verdict;
  reason: string | null;
  /** How far from 1 luck alone brings the ratio, and the smallest true difference that would be called; "-" where not known. */
  noise: string;
  finds: string;
}

/** Every verdict of a run in its order of profiles and measures; [] with one block, where nothing can be decided. */
export function verdictRows(analysis: Analysis): VerdictRow[] {
  if (analysis.blocks < 2) return [];
  return analysis.profiles.flatMap(({ name, versusBaseline }) =>
    analysis.judged.flatMap(({ name: measure }) => {
      const comparison = versusBaseline[measure];
      const { short, label } = measureOf(measure);
      return comparison === undefined ? [] : [{ profile: name, measure: short, label, ...cellsOf(comparison) }];
    }),
  );
}

function cellsOf(comparison: Comparison) {
  const { p, verdict, reason, noiseFloor, minimumDetectable } = comparison;
  const share = (value: number | null) => (value === null ? "-" : formatPercent(value));
  return {
    ratio: formatComparison(comparison),
    p: p === null ? "-" : formatProbability(p),
    verdict,
    reason: reason === null ? null : reasonWords(reason),
    noise: share(noiseFloor),
    finds: share(minimumDetectable),
  };
}

/** What the last two columns say and where they are from; null where no noise is known. */
export function noiseLegend({ profiles }: Analysis): string | null {
  const sources = new Set(profiles.flatMap(({ versusBaseline }) => Object.values(versusBaseline).map(sourceOf)));
  const named = [...sources].filter((source) => source !== null);
  if (named.length === 0) return null;
  return (
    "Noise: identical profiles give a ratio closer to 1 than this in 95 of 100 such runs. Finds: the smallest true " +
    `difference that 80 of 100 such runs call better or worse. Both by ${named.join(" and ")}.`
  );
}

function sourceOf({ noiseSource, noisePairs }: Comparison): string | null {
  if (noiseSource === null) return null;
  if (noiseSource === "own blocks") return "how much this run's own blocks differ";
  return `calibration ${noiseSource} (${noisePairs} pairs)`;
}

/** A calibration as a table: what runs of different sizes can tell. */
export interface CalibrationRow {
  measure: string;
  blocks: string;
  noise: string;
  finds: string;
  sameWithin: string;
}

/** [] for a run that is no calibration. */
export function calibrationRows({ calibration }: Analysis): CalibrationRow[] {
  const share = (value: number | null) => (value === null ? "-" : formatPercent(value));
  return (calibration?.measures ?? []).flatMap(({ measure, rows }) =>
    rows.map(({ blocks, noiseFloor, minimumDetectable, sameWithin }) => ({
      measure: measureOf(measure).label,
      blocks: String(blocks),
      noise: share(noiseFloor),
      finds: share(minimumDetectable),
      sameWithin: share(sameWithin),
    })),
  );
}

export const calibrationHeads = ["measure", "blocks", "noise", "finds", "same within"];

export const calibrationLegend =
  "Noise: identical profiles give a ratio closer to 1 than this in 95 of 100 runs of so many blocks. Finds: the smallest true " +
  "difference that 80 of 100 call better or worse, with the suite's tolerance. Same within: the smallest tolerance within which " +
  "80 of 100 call identical profiles the same. For one profile; twice as many comparisons need one more block.";

/** Sentences about the factors: which one did it, then each effect, then how they depend on one another. */
export function effectSentences({ run, analysis }: ReportInput): {
  conclusions: string[];
  effects: string[];
  interactions: string[];
} {
  return {
    conclusions: conclusionsOf(run, analysis),
    effects: analysis.mainEffects.map(effectSentence),
    interactions: analysis.interactions.map((one) => interactionSentence(one, analysis.judged)),
  };
}
