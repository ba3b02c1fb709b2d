import type { Find } from "../results/find.ts";
import type { Move } from "./move.ts";
import type { ObservedTrial } from "./observed-trial.ts";

/** What a find does next, from what is stored of it. `elapsedMs` is the time that its stored trials took. */
export type NextMove = (find: Find, trials: readonly ObservedTrial[], elapsedMs: number) => Move;
