import type { Direction, MeasureName } from "../core/measures.ts";
import type { Finding, RuleId } from "../diagnose/finding.ts";
import type { Remedy, SettingRemedy } from "../diagnose/remedy.ts";
import type { Arm, Candidate, Change, FindStep, LeftOut } from "../results/find.ts";
import type { DoneReason } from "./move.ts";
import type { Standing } from "./standing.ts";

/** What a find came to: `found` of analysis.json. */
export interface FindResult {
  /** The smallest set that does it, of the target; {} where nothing helps. */
  settings: Record<string, string>;
  /** The same of upstreams: NAME -> KEY -> VALUE. */
  upstreams: Record<string, Record<string, string>>;
  /** Levers of the program that belong to it. */
  levers: Record<string, string>;
  /** The set against the baseline, in fresh blocks; null where nothing helps or it was not confirmed. */
  gain: Gain | null;
  /** Each member of the set, and what is lost without it. */
  helped: Helped[];
  /** What was tried and is not in the set. */
  noEffect: NoEffect[];
  /** What limits the service with the set; null where nothing does at this rate. */
  bindsNow: Finding | null;
  /** Remedies that are no settings and no levers of the suite, of the findings that were met. */
  elsewhere: Elsewhere[];
  /** Keys that were never tried. */
  leftOut: LeftOut[];
  /** What the set was measured with: the suite's own settings. */
  conditions: Record<string, Record<string, string>>;
  /** Where something bound, or as high as it was tried; null: the suite's own rate. */
  ratePerSecond: number | null;
  /** What the budget left no room for. */
  omitted: Omitted[];
  /** Every step in its order. */
  path: PathStep[];
  /** Why nothing is left to try; null where it has not ended. */
  ended: DoneReason | null;
}

/**
 * How one arm did against another. Of a confirmation ratio and interval are those of its fresh blocks alone (Student's), p is that of all that the
 * decision rests on, the screen's runs among it. Of a group test both are the sign-flip test's. null ends: too few trials.
 */
export interface Gain {
  /** Both did not end alike in every block, or a measure was another. */
  by: "outcome" | "ratio";
  /** How the trials without it ended. */
  before: Standing;
  /** How the trials with it ended. */
  after: Standing;
  /** What they are held against one another by. */
  measure: MeasureName;
  /** Which way of it is better. */
  better: Direction;
  /** After over before; a bound where one side is. */
  ratio: number | null;
  /** Lower end of its interval; null where too few blocks give one. */
  low: number | null;
  /** Upper end of that interval. */
  high: number | null;
  /** Whether the ratio is only a lower or an upper bound. */
  bound: "atLeast" | "atMost" | null;
  /** Two-sided, adjusted for looks and family; null where every block shows it, or too few trials tell. */
  p: number | null;
  /** Blocks that hold both. */
  blocks: number;
}

/** A member of the set that was found. */
export interface Helped {
  /** A setting of a role, or a lever of its program. */
  change: Change;
  /** The set over the set without it; null where it was not measured so. */
  gain: Gain | null;
  /** What pointed at it. */
  by: { kind: "finding"; rule: RuleId } | { kind: "group" } | { kind: "screen" };
  /** Works only together with these. */
  onlyWith: Change[];
}

/** What was tried and is not in the set that was found. */
export interface NoEffect {
  /** A setting of a role, or a lever of its program. */
  change: Change;
  /** Fraction: an effect would be smaller than this; null where that can't be told. */
  below: number | null;
  /** Where that was seen. alternative: another change does as well and was preferred. */
  seenIn: "follow" | "group" | "screen" | "confirm" | "alternative";
}

/** What would help and can't be tried by settings. */
export interface Elsewhere {
  /** The finding that names it. */
  rule: RuleId;
  /** What would help, as in a finding. */
  remedy: Exclude<Remedy, SettingRemedy>;
  /** Where it was the limit: at the beginning, or with what was found. */
  binds: "before" | "now";
}

/** What the budget was short of. */
export type Omitted =
  | { code: "group-test"; trials: number }
  | { code: "pairs"; done: number; of: number }
  | { code: "screen"; trials: number }
  | { code: "blocks"; done: number; of: number };

/** One step of the path, with its evidence; trials by their sequence. */
export interface PathStep {
  /** Which step of the procedure it was. */
  kind: FindStep["kind"];
  /** By their sequence. */
  trials: number[];
  /** What was held against. */
  base: Arm;
  /** null: the suite's own. */
  ratePerSecond: number | null;
  /** What came of it. */
  came: StepResult;
}

export type StepResult =
  | { kind: "bound"; finding: Finding | null; standing: Standing; measure: MeasureName; value: number | null }
  | { kind: "tried"; rule: RuleId; changes: Change[]; helped: boolean; gain: Gain }
  | { kind: "group"; candidates: number; gain: Gain; verdict: "helps" | "none-helps" | "unclear" | "no-setting" }
  | { kind: "screened"; effects: ScreenEffect[]; noise: ScreenNoise; suspects: Change[] }
  | { kind: "confirmed"; changes: Change[]; gain: Gain }
  | { kind: "bisected"; change: Change; enough: string };

/** A change's main effect over all others' levels; ratios. */
export interface ScreenEffect {
  /** What it is the effect of. */
  change: Candidate["change"];
  /** With it over without it. */
  ratio: number;
  /** Lower end of its interval. */
  low: number;
  /** Upper end of its interval. */
  high: number;
}

/** What the dummy columns say of the noise, which they share with nothing. */
export interface ScreenNoise {
  /** Fraction: standard deviation of a trial. */
  deviation: number;
  /** As ratios: each should be near 1. */
  dummies: number[];
  /** Whether a dummy is further out than its share of luck: something other than the candidates changed results. */
  isDisturbed: boolean;
}
