import { mean } from "simple-statistics";
import type { Arm, Change } from "../results/find.ts";
import { cellsOf, withinCells } from "../stats/folded-screen.ts";
import { significanceLevel } from "../stats/significance.ts";
import { studentP, studentQuantile } from "../stats/student.ts";
import { armChanges, armName, isSameChange } from "./arm.ts";
import type { ObservedTrial } from "./observed-trial.ts";
import type { Screened } from "./screening.ts";
import { goodnessOf, type Response } from "./standing.ts";

/** Fresh trials of one block, with the arms that they were of. */
export type FreshBlock = readonly { arm: Arm; trial: ObservedTrial }[];

/** What is known of the difference between two arms. */
export interface ArmDifference {
  /** Logarithm of how much better the larger arm does: fresh blocks and screen together, and the fresh blocks alone. */
  log: number;
  freshLog: number;
  /** How far the 95% interval of the fresh blocks alone reaches to either side. */
  freshReach: number;
  /** Two-sided, for this difference alone. */
  p: number;
}

export interface Compared {
  /** For each block the trials of both. */
  pairs: readonly { before: ObservedTrial; after: ObservedTrial }[];
  before: Arm;
  after: Arm;
  response: Response;
}

/**
 * Student's test of what one arm has over another: differences within fresh blocks, and between those runs of the screen that had all suspects at
 * these levels, each with the weight that its trials give it. Runs of the screen count since its other columns are balanced over both; that it
 * also chose the suspects is paid for by the family that p is held against. null where nothing tells.
 */
export function differenceOf(
  compared: Compared,
  blocks: readonly FreshBlock[],
  screened: Screened | null,
): ArmDifference | null {
  const { pairs, response } = compared;
  const fresh = pairs.flatMap(({ before, after }) => {
    const [low, high] = [goodnessOf(before, response), goodnessOf(after, response)];
    return low === null || high === null ? [] : [high - low];
  });
  const screen = screenDifference(compared, screened);
  const freshWeight = fresh.length / 2;
  const weight = freshWeight + (screen?.weight ?? 0);
  if (fresh.length === 0) return null;
  const noise = pooled([residualsOf(blocks, response), ...(screen === null ? [] : [screen.within])]);
  if (noise.degrees < 1) return null;
  const freshLog = mean(fresh);
  const log = (freshLog * freshWeight + (screen === null ? 0 : screen.log * screen.weight)) / weight;
  const deviation = Math.sqrt(noise.squares / noise.degrees);
  const error = deviation / Math.sqrt(weight);
  const freshReach = (studentQuantile(1 - significanceLevel / 2, noise.degrees) * deviation) / Math.sqrt(freshWeight);
  const p = error === 0 ? (log === 0 ? 1 : 0) : studentP(log / error, noise.degrees);
  return { log, freshLog, freshReach, p };
}

/** By what the screen looked at two arms; null where it has no runs of both. */
export function screenedResponse(screened: Screened | null, before: Arm, after: Arm): Response | null {
  if (screened === null) return null;
  return [before, after].every((arm) => cellOf(arm, screened) !== null) ? screened.response : null;
}

interface SumOfSquares {
  squares: number;
  degrees: number;
}

const nothing: SumOfSquares = { squares: 0, degrees: 0 };

function pooled(parts: readonly SumOfSquares[]): SumOfSquares {
  return parts.reduce((sum, one) => ({ squares: sum.squares + one.squares, degrees: sum.degrees + one.degrees }));
}

/** What neither an arm nor a block explains, of blocks that have the same arms. */
function residualsOf(blocks: readonly FreshBlock[], response: Response): SumOfSquares {
  const alike = Object.values(Object.groupBy(blocks, (block) => block.map(({ arm }) => armName(arm)).join(" ")));
  return pooled([nothing, ...alike.map((group = []) => residualsOfAlike(group, response))]);
}

function residualsOfAlike(blocks: readonly FreshBlock[], response: Response): SumOfSquares {
  const rows = blocks.map((block) => block.map(({ trial }) => goodnessOf(trial, response)));
  const complete = rows.filter((row): row is number[] => row.every((value) => value !== null));
  const [first] = complete;
  if (first === undefined) return nothing;
  const byArm = first.map((_, arm) => mean(complete.map((row) => row[arm] ?? 0)));
  const all = mean(byArm);
  const squares = complete.reduce((sum, row) => {
    const centre = mean(row);
    return sum + row.reduce((part, value, arm) => part + (value - centre - (byArm[arm] ?? 0) + all) ** 2, 0);
  }, 0);
  return { squares, degrees: (complete.length - 1) * (first.length - 1) };
}

/** Between two cells of the screen; null where it has no runs of both arms. */
function screenDifference(
  { before, after }: Compared,
  screened: Screened | null,
): { log: number; weight: number; within: SumOfSquares } | null {
  if (screened === null) return null;
  const cells = cellsOf(screened.runs, columnsOf(screened));
  const [low, high] = [before, after].map((arm) => cells.get(cellOf(arm, screened) ?? "none"));
  if (low === undefined || high === undefined) return null;
  const weight = 1 / (1 / low.length + 1 / high.length);
  return { log: mean(high) - mean(low), weight, within: withinCells(cells.values()) };
}

function columnsOf({ candidates, suspects }: Screened): number[] {
  return suspects.map((suspect) => candidates.findIndex(({ change }) => isSameChange(change, suspect)));
}

/** The levels of the suspects in an arm; null for an arm that is not the screen's base with some of them. */
function cellOf(arm: Arm, { base, suspects }: Screened): string | null {
  const has = armChanges(arm);
  const holds = (changes: readonly Change[], change: Change) => changes.some((one) => isSameChange(one, change));
  const own = armChanges(base);
  if (!own.every((change) => holds(has, change))) return null;
  if (!has.every((change) => holds(own, change) || holds(suspects, change))) return null;
  return suspects.map((suspect) => (holds(has, suspect) ? "+" : "-")).join("");
}
