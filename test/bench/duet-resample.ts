import { blockPairs, isRatio } from "../../harness/analysis/block-pairs.ts";
import { decideFamily } from "../../harness/analysis/compare.ts";
import { trialSets } from "../../harness/analysis/trial-sets.ts";
import type { MeasureName } from "../../harness/core/measures.ts";
import { randomFrom } from "../../harness/core/random.ts";
import type { StoredRun } from "../../harness/results/read.ts";
import type { JudgedMeasure } from "../../harness/results/run.ts";
import { estimateRatio } from "../../harness/stats/ratio.ts";
import { blocksNeeded } from "../../harness/stats/significance.ts";

/** Log ratio of one block, candidate over baseline, by measure. */
export type BlockRatios = Partial<Record<MeasureName, number>>;

/** Blocks of recorded runs that have a ratio of every judged measure. */
export function recordedBlocks(runs: StoredRun[]): { judged: JudgedMeasure[]; blocks: BlockRatios[] } {
  const judged = runs[0]?.run.judged ?? [];
  const blocks = runs.flatMap(({ run, trials }) => {
    const [one, other] = trialSets(run, trials);
    const [baseline, candidate] = one?.profile === run.baseline ? [one, other] : [other, one];
    if (baseline === undefined || candidate === undefined) return [];
    const byMeasure = judged.map(({ name }) => [name, blockPairs(candidate, baseline, name)] as const);
    return [...candidate.measured.keys()].flatMap((block) => {
      const ratios = byMeasure.flatMap(([name, pairs]) => {
        const pair = pairs.get(block);
        return pair !== undefined && isRatio(pair) && pair.bound === null ? [[name, pair.log] as const] : [];
      });
      return ratios.length === judged.length ? [Object.fromEntries(ratios) as BlockRatios] : [];
    });
  });
  return { judged, blocks };
}

/** How many of so many gates passed, failed, and decided nothing. */
export interface Decisions {
  pass: number;
  regression: number;
  inconclusive: number;
}

/**
 * Gates of `size` blocks each, drawn with replacement from recorded ones; pure, and the same for the same seed. `exchangeable`: the arms are
 * the same, so that which is which is drawn too. Not drawn again is what a gate asks beside its measures: outcomes and goals.
 */
export function resampledGates(
  recorded: { judged: JudgedMeasure[]; blocks: BlockRatios[] },
  { size, gates, seed, exchangeable }: { size: number; gates: number; seed: number; exchangeable: boolean },
): Decisions {
  const random = randomFrom(seed);
  const decisions: Decisions = { pass: 0, regression: 0, inconclusive: 0 };
  for (let gate = 0; gate < gates; gate += 1) {
    const drawn = Array.from({ length: size }, () => {
      const block = recorded.blocks[Math.floor(random() * recorded.blocks.length)] ?? {};
      const sign = exchangeable && random() < 0.5 ? -1 : 1;
      return { block, sign };
    });
    decisions[decisionOf(recorded.judged, drawn)] += 1;
  }
  return decisions;
}

function decisionOf(judged: JudgedMeasure[], drawn: { block: BlockRatios; sign: number }[]): keyof Decisions {
  const drafts = judged.map((measure) => ({
    profile: "candidate",
    measure,
    estimate: estimateRatio(drawn.map(({ block, sign }) => ({ log: sign * (block[measure.name] ?? 0), bound: null }))),
    obstacle: null,
    sure: null,
  }));
  const { comparisons } = decideFamily(drafts, (family) => blocksNeeded(family));
  const verdicts = comparisons.map(({ verdict }) => verdict);
  if (verdicts.includes("worse")) return "regression";
  return verdicts.includes("inconclusive") ? "inconclusive" : "pass";
}
