import type { EnoughNote, RunRecord } from "../results/run.ts";
import type { TrialRecord } from "../results/trial.ts";
import { chanceOfDecision } from "../stats/chance-of-decision.ts";
import type { Comparison } from "./analysis.ts";
import { compareWithBaseline, looksOf } from "./compare.ts";
import type { PairedDraft } from "./noise.ts";
import { trialSets } from "./trial-sets.ts";

/** What is still open is given up where all the blocks to come decide it less often than this. */
const hopelessBelow = 0.1;

/**
 * Whether a run may end at the look it stands at: every comparison is better, worse or the same, or can't be decided with
 * all of its blocks either; null = go on. Only whole blocks count, and only their numbers
 * that were fixed as looks in advance: whoever looks after every block finds differences that are not there.
 */
export function enough(run: RunRecord, trials: TrialRecord[]): EnoughNote | null {
  const blocks = wholeBlocks(run, trials);
  if (!run.looks.includes(blocks) || blocks >= run.blocks || run.kind === "calibration") return null;
  const { byProfile, blocksNeeded, drafts } = compareWithBaseline(run, trialSets(run, trials));
  const prospects = drafts.map((draft) => {
    const comparison = byProfile.get(draft.profile)?.[draft.measure.name];
    return comparison === undefined ? "open" : prospect(run, draft, comparison, { blocks, needed: blocksNeeded });
  });
  if (prospects.length === 0 || prospects.includes("open")) return null;
  const decided = prospects.filter((one) => one === "decided").length;
  return { code: "enough", blocks, mostBlocks: run.blocks, comparisons: prospects.length, decided };
}

type Prospect = "decided" | "hopeless" | "open";

function prospect(
  run: RunRecord,
  draft: PairedDraft,
  { verdict }: Comparison,
  { blocks, needed }: { blocks: number; needed: number },
): Prospect {
  if (verdict !== "inconclusive") return "decided";
  const { estimate, obstacle, sure, pairs } = draft;
  // A block that gave no ratio is followed by others like it.
  const atTheEnd = Math.floor((estimate.n * run.blocks) / blocks);
  if (atTheEnd < needed) return "hopeless";
  if (sure !== null) return "open";
  if (obstacle !== null || estimate.ratio === null) return "hopeless";
  const { tolerance } = draft.measure;
  const chance = chanceOfDecision({ pairs, blocks: atTheEnd, tolerance, looks: looksOf(run) });
  return chance < hopelessBelow ? "hopeless" : "open";
}

/** Blocks from the first on in which every place of the plan has been run. */
function wholeBlocks(run: RunRecord, trials: TrialRecord[]): number {
  const done = new Set(
    trials.filter(({ purpose }) => purpose !== "recheck").map(({ block, profile }) => `${block} ${profile}`),
  );
  const open = run.order.filter(({ block, profile }) => !done.has(`${block} ${profile}`)).map(({ block }) => block);
  return open.length === 0 ? run.blocks : Math.min(...open) - 1;
}
