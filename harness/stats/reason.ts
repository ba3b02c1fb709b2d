export type Verdict = "better" | "worse" | "same" | "inconclusive";

/** How many blocks decide it in 80 of 100 runs if the true difference is the one that was seen; null where more than `most` would be needed. */
export interface BlocksAhead {
  blocks: number | null;
  most: number;
}

/** Why the numbers alone give no verdict. Fractions: a tolerance of 0.05 is 5%. */
export type JudgeReason =
  | { code: "no-ratio" }
  | { code: "few-blocks"; blocks: number; needed: number }
  /** Sometimes only one side broke, sometimes only the other. */
  | { code: "opposite-bounds" }
  | { code: "only-a-bound"; tolerance: number }
  | { code: "not-significant"; p: number | null; ahead: BlocksAhead }
  | { code: "difference-within-tolerance"; tolerance: number; ahead: BlocksAhead }
  | { code: "noise"; low: number; high: number; tolerance: number; ahead: BlocksAhead };

/** What a comparison comes to, and why where it comes to nothing. */
export interface Judgement {
  verdict: Verdict;
  reason: JudgeReason | null;
}
