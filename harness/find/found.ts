import type { Direction, MeasureName } from "../core/measures.ts";
import type { Finding, RuleId } from "../diagnose/finding.ts";
import type { Remedy, SettingRemedy } from "../diagnose/remedy.ts";
import type { Arm, Candidate, Change, FindStep, LeftOut } from "../results/find.ts";
import type { DoneReason } from "./move.ts";
import type { Standing } from "./standing.ts";

/** What a find came to: `found` of analysis.json. */
export interface Found {
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
  ended: DoneReason | null;
}

/** How one arm did against another. `null` ends: too few trials. */
export interface Gain {
  /** Both did not end alike in every block, or a measure was another. */
  by: "outcome" | "ratio";
  before: Standing;
  after: Standing;
  measure: MeasureName;
  better: Direction;
  /** After over before; a bound where one side is. */
  ratio: number | null;
  low: number | null;
  high: number | null;
  bound: "atLeast" | "atMost" | null;
  /** Holm-adjusted; null where every block shows it. */
  p: number | null;
  blocks: number;
}

export interface Helped {
  change: Change;
  /** The set over the set without it; null where it was not measured so. */
  gain: Gain | null;
  /** What pointed at it. */
  by: { kind: "finding"; rule: RuleId } | { kind: "group" } | { kind: "screen" };
  /** Works only together with these. */
  onlyWith: Change[];
}

export interface NoEffect {
  change: Change;
  /** Fraction: an effect would be smaller than this; null where that can't be told. */
  below: number | null;
  /** Where that was seen. alternative: another change does as well and was preferred. */
  seenIn: "follow" | "group" | "screen" | "confirm" | "alternative";
}

export interface Elsewhere {
  rule: RuleId;
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
  kind: FindStep["kind"];
  trials: number[];
  base: Arm;
  ratePerSecond: number | null;
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
  change: Candidate["change"];
  ratio: number;
  low: number;
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
