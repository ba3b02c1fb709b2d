import type { Find } from "../results/find.ts";
import type { Move } from "./move.ts";
import type { ObservedTrial } from "./observed-trial.ts";
import { replay } from "./replay.ts";

/** What a find does next: a pure function of its record and its stored trials, in any order. */
export function nextMove(find: Find, trials: readonly ObservedTrial[]): Move {
  return replay(find, trials).move;
}
