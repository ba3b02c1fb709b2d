/** What a profile does, beside the baseline. */
export type Effect =
  | "removed"
  | "behind"
  | "moved"
  | "ended"
  | "better"
  | "mixed"
  | "worse"
  | "nothing"
  | "same"
  | "fake"
  | "open"
  | "unclear"
  | "not-measured";

/** A profile and what it does. */
export interface ProfileEffect {
  /** The profile's name. */
  profile: string;
  /**
   * removed, moved, nothing, fake: to a wall (or limit) that the baseline meets in every block; behind: no fault any more, but it does not
   * keep up. ended: the bottleneck, which was no wall. better, mixed, same: by the statistics; open: not to be told from noise. worse:
   * either. unclear: it can't be told, for another reason.
   */
  effect: Effect;
  /** What was seen, or why it can't be told, as a clause. */
  how: string;
}

/** An effect and what was seen of it, in clauses. */
export type EffectWords = [effect: Effect, ...parts: string[]];
