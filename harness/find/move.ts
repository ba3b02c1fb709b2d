import type { Arm, FindStep } from "../results/find.ts";

/** What a find does next. */
export type Move = { kind: "trial"; trial: NextTrial } | { kind: "done"; reason: DoneReason };

/** A trial to be run. */
export interface NextTrial {
  step: FindStep;
  arm: Arm;
  /** null: the suite's own. */
  ratePerSecond: number | null;
  /** Arms of one block are compared with one another. */
  block: number;
  /** 1, or more where an invalid trial is repeated. */
  attempt: number;
}

/** Why nothing is left to try. */
export type DoneReason =
  /** Something helps, and it was confirmed. */
  | { code: "found" }
  /** Nothing that was tried helps. */
  | { code: "none-helps" }
  /** What was tried together was neither seen to help nor seen not to. */
  | { code: "unclear" }
  /** The goals are kept and all that was asked was served: nothing is to be gained. */
  | { code: "goals-kept" }
  /** What binds is nothing that a setting cures. */
  | { code: "no-setting" }
  /** Before all was known; `next` is what was not done. */
  | { code: "budget"; next: FindStep["kind"] }
  /** Trials of one arm failed again and again. */
  | { code: "invalid"; trials: number };
