import type { MeasureName } from "../core/measures.ts";
import type { Finding } from "../diagnose/finding.ts";
import type { FindResult } from "../find/found.ts";
import type { RaisedCaveat } from "../results/caveats.ts";
import type { SearchRecord } from "../results/goals.ts";
import type { InvalidReason } from "../results/invalid-reason.ts";
import type { JudgedMeasure, RunRecord } from "../results/run.ts";
import type { Verdict } from "../stats/reason.ts";
import type { ConditionSummary, GoalSummary } from "./conditions.ts";
import type { PredictionMiss, Reason, WallObstacle } from "./reason.ts";
import type { ScriptSummary } from "./script-summary.ts";
import type { Sizing } from "./sizing.ts";
import type { ThresholdSummary } from "./thresholds.ts";

/** What a calibration came to; of the judged measures that a block has a ratio of. */
export interface CalibrationSummary {
  /** Blocks that hold both of the identical arms. */
  blocks: number;
  /** Judged measures of which any block has a ratio. */
  measures: CalibratedMeasure[];
}

/** A judged measure's noise between identical arms, and what runs of different sizes can tell in spite of it. */
export interface CalibratedMeasure {
  /** The measure's name. */
  measure: MeasureName;
  /** As in MeasureNoise. */
  logRatioDeviation: number;
  /** Pairs of blocks that its noise is known from. */
  pairs: number;
  /** Fraction: the tolerance that the suite judges it with. */
  tolerance: number;
  /** noiseFloor and minimumDetectable as in Noise; within `sameWithin` identical profiles are called the same in 80 of 100 runs. Null where the blocks are too few for a verdict. */
  rows: { blocks: number; noiseFloor: number; minimumDetectable: number | null; sameWithin: number | null }[];
  /** Fewest blocks with which the tolerance can be had in 80 of 100 runs; null where a hundred are too few. */
  blocksForTolerance: number | null;
}

export type { Verdict };

/** A profile's measure over its valid trials. `censored` of `n` values are lower bounds; `medianIsBound` where they make the median one (">="). */
export interface MeasureSummary {
  /** Median of the trials, in the unit of the measure. */
  median: number;
  /** Lowest of the trials. */
  low: number;
  /** Highest of the trials. */
  high: number;
  /** Trials that have the measure. */
  n: number;
  /** Trials whose value is only a lower bound. */
  censored: number;
  /** Whether these make the median a lower bound. */
  medianIsBound: boolean;
}

/** A ratio of one profile (or level) over another, not tested. */
export interface RatioRange {
  /** Profile over baseline; null where no block carries a ratio. */
  ratio: number | null;
  /** As in Comparison. */
  low: number | null;
  /** Upper end of the interval, as in Comparison. */
  high: number | null;
  /** Whether the ratio is only a lower or an upper bound; null where it is neither. */
  bound: "atLeast" | "atMost" | null;
  /** Blocks with a ratio. */
  n: number;
}

/** What two identical profiles show by luck, beside a verdict. Fractions: 0.03 = 3%. */
export interface Noise {
  /** 95 of 100 runs of as many blocks of two identical profiles give a ratio closer to 1 than this; null where the noise is not known. */
  noiseFloor: number | null;
  /** Smallest true difference that 80 of 100 such runs call better or worse; null where the blocks are too few for any. */
  minimumDetectable: number | null;
  /** The calibration's run id, or "own blocks": how much this comparison's own blocks differ. */
  noiseSource: string | null;
  /** Pairs of blocks that it is known from; null where the source has no pairs (two runs' own trials). */
  noisePairs: number | null;
}

/** Profile over baseline, paired within blocks. ratio null where no pair carries one (see reason). */
export interface Comparison extends Noise {
  /** Profile over baseline; null where no block carries a ratio. */
  ratio: number | null;
  /** 95% interval (wider where the level is split over looks); null where too few blocks give one. */
  low: number | null;
  /** Upper end of that interval. */
  high: number | null;
  /** True where the ratio is only a lower (or upper) bound because one side was censored. */
  bound: "atLeast" | "atMost" | null;
  /** Two-sided p, adjusted for all comparisons (Holm) and for the looks; null where no test could be made. */
  p: number | null;
  /** Blocks with a ratio. */
  n: number;
  /** better and worse: significant and beyond the tolerance. same: the whole interval within it. Else inconclusive. */
  verdict: Verdict;
  /** Why inconclusive; with a verdict that has no ratio, what it rests on. */
  reason: Reason | null;
}

/** What a profile's searches for its sustainable rate came to. */
export interface SearchSummary {
  /** Those that ended, by block. */
  searches: (SearchRecord & { block: number })[];
  /**
   * Requests a second that the target's ports sustain for ever, one connection each (usable ports over the time that each is
   * held); null where the target does not open a connection for each request.
   */
  ceilingPerSecond: number | null;
  /** Median of the found rates where it is above that ceiling, only because it was not held long enough to meet it; else null. */
  aboveCeilingPerSecond: number | null;
}

export interface ProfileAnalysis {
  /** The profile's name. */
  name: string;
  /** Settings that it asks for, by role and key. */
  sysctls: Record<string, Record<string, string>>;
  /** Its trials, those that only led a search to its next step left out. */
  trials: number;
  /** Of these, the ones that count for nothing. */
  invalid: number;
  /** Why, each reason once. */
  invalidReasons: InvalidReason[];
  /** Valid trials in which the fault came. */
  broke: number;
  /** Valid trials that crossed the scan cliff or a ceiling, without a fault. */
  degraded: number;
  /** Valid trials that could not keep up with what was asked. */
  saturated: number;
  /** Valid trials with nothing of that up to the stop. */
  held: number;
  /** How its settings reach the pods; null in namespaces of this machine. */
  route: string | null;
  /** Each measure over the valid trials. */
  measures: Partial<Record<MeasureName, MeasureSummary>>;
  /** Median CPU cores by role. */
  cpuCores: Record<string, number>;
  /** Median share of the packets that the busiest CPU received; null where it was not seen. */
  packetShare: number | null;
  /** The rate asked and the rate served, medians over the trials that know them; null where none does. */
  kept: { askedPerSecond: number; servedPerSecond: number } | null;
  /** How long its shortest trial lasted: what held did so for no longer. null without a measured trial. */
  lastedSeconds: number | null;
  /** Rate served over the baseline's, where the same was asked: the least and the most of the blocks; null for the baseline, and where none tells. */
  servedRatio: { least: number; most: number } | null;
  /** Requests before the wall over the baseline's, whether or not they are judged; null for the baseline and where no block gives one. */
  wallRatio: RatioRange | null;
  /** Why nothing is said of its wall, or of what it ends, beside the baseline; null where it can be told, and for the baseline. */
  wallObstacle: WallObstacle | null;
  /** Measured trials that others disturbed: over a tenth of the CPUs used by others in more than a fifth of the windows. */
  disturbed: number;
  /** Of the run's judged measures only; {} for the baseline. */
  versusBaseline: Partial<Record<MeasureName, Comparison>>;
  /** What the script counted in the measured trials, all together: its checks, its requests by name, its own metrics. */
  script: ScriptSummary;
  /** The suite's goals over the measured trials, in its order; [] where it has none, or they are a search's. */
  goals: GoalSummary[];
  /** The script's own thresholds over the measured trials; [] of a search. */
  thresholds: ThresholdSummary[];
  /** null where the run searched for no rate. */
  search: SearchSummary | null;
  /** Of a search: of the lowest rates that were missed, since what stands in the way shows there. */
  findings: Finding[];
  /** Caveats of its trials, with how many of them raised each. */
  caveats: RaisedCaveat[];
}

/** A factor's first level and its other one. */
export interface LevelChange {
  /** The first level. */
  from: string;
  /** The other one. */
  to: string;
}

/** A factor's effect on one measure: its other level over its first one. */
export interface MainEffect extends RatioRange {
  /** The factor's name. */
  factor: string;
  /** The change whose effect this is. */
  levels: LevelChange;
  /** The measure that it is an effect on. */
  measure: MeasureName;
  /** average: over all settings of the other factors. alone: these at their first levels. with all others: at their last. */
  context: "average" | "alone" | "with all others";
  /** The ratio under each setting of the other factors, where these differ by more than the tolerance; else []. */
  under: { levels: Record<string, string>; ratio: number; bound: RatioRange["bound"] }[];
}

/** How one factor's effect depends on another: a ratio of ratios, 1 = not at all. */
export interface Interaction extends RatioRange {
  /** The second is null where the factors were changed one at a time: all the others, from their first levels to their last. */
  factors: [string, string | null];
  /** The changes of both; the second is null where that factor is. */
  levels: [LevelChange, LevelChange | null];
  /** The measure that the effects are on. */
  measure: MeasureName;
}

/** What a screen points at for one measure: a hypothesis, which fresh blocks have to test. */
export interface FactorScreen {
  /** The measure that was looked at. */
  measure: MeasureName;
  /** Factors that together, changed, do best; [] where none stands out. */
  suspects: { factor: string; levels: LevelChange }[];
  /** Fraction: standard deviation of one trial, as far as no suspect explains it. */
  deviation: number;
  /** Ratios of the design's columns that no factor has: noise alone, each should be near 1. */
  dummies: number[];
  /** Whether one of them is further out than noise puts any in 95 of 100 screens. */
  isDisturbed: boolean;
}

/** The best profile in fresh blocks: what picked it was partly luck. */
export interface Recheck {
  /** The winner that was rechecked. */
  profile: string;
  /** The measure that made it the winner. */
  measure: MeasureName;
  /** Over the baseline in the blocks that picked it, and in the fresh ones. */
  first: RatioRange;
  /** Over the baseline in the fresh blocks. */
  again: RatioRange;
  /** Share of the gain (in logarithms) that the fresh blocks did not show; negative where they showed more, null where a ratio is a bound or unknown. */
  shrinkage: number | null;
}

/** Where the arithmetic expected a profile's walls and where they were met: medians over its valid trials. Seconds count from the load's first request. */
export interface WallSummary {
  /** The profile's name. */
  profile: string;
  /** null = none expected, or no prediction was made. */
  predictedCliffPorts: number | null;
  /** When that many are in use at the rate that is asked; null where they never are. */
  predictedCliffSeconds: number | null;
  /** Ports in use at the hard wall: all usable ones; null = none expected. */
  predictedWallPorts: number | null;
  /** When that many are in use; null where they never are. */
  predictedWallSeconds: number | null;
  /** Of the trials that met the cliff (cliffSeenIn) or the wall (wallSeenIn); null where none did. */
  measuredCliffSeconds: number | null;
  /** First fault; median of the trials that broke. */
  measuredWallSeconds: number | null;
  /** Ports in use at the peak, of the target to its busiest destination; null where it opened no connection. */
  measuredPeakPorts: number | null;
  /** TIME_WAIT sockets of the target at the peak. */
  measuredPeakTimeWait: number | null;
  /** Ports that the target may use to one destination. */
  measuredUsablePorts: number | null;
  /** Successes before the wall, or up to the stop where none came. */
  measuredRequestsBeforeWall: number | null;
  /** Why a wall that was expected in the time did not come; null where it came, or none was expected, or it is not known. */
  missed: PredictionMiss | null;
  /** True where the median is of trials that did not break: ">=". */
  requestsAreLowerBound: boolean;
  /** Trials that met the cliff. */
  cliffSeenIn: number;
  /** Trials that met the wall. */
  wallSeenIn: number;
  /** Valid trials. */
  trials: number;
}

/** analysis.json */
export interface Analysis {
  /** Form of this file and of the records. */
  schemaVersion: number;
  /** The run's id. */
  runId: string;
  /** The suite's name. */
  suite: string;
  /** The profile that the others are compared with. */
  baseline: string;
  /** Measured ones: the most that any profile has. */
  blocks: number;
  /** Blocks from which a verdict on a ratio is possible here. */
  blocksNeeded: number;
  /** How the run's profiles came about and ran: duet = both at the same time, under one load. */
  design: RunRecord["design"];
  /** What profiles are compared on. */
  judged: JudgedMeasure[];
  /** Each profile, in the run's order. */
  profiles: ProfileAnalysis[];
  /** One for each profile, in their order. */
  walls: WallSummary[];
  /** Each factor's effect on each judged measure; [] without factors. */
  mainEffects: MainEffect[];
  /** How two factors' effects depend on one another; [] without factors. */
  interactions: Interaction[];
  /** What a design of screening points at, for each judged measure; [] in any other. */
  screens: FactorScreen[];
  /** Each profile under each condition; [] where the load is one. */
  conditions: ConditionSummary[];
  /** What a copy of the target may be given, for each profile; [] without conditions. */
  sizing: Sizing[];
  /** null where no winner was rechecked. */
  recheck: Recheck | null;
  /** null but for a run of the baseline against itself. */
  calibration: CalibrationSummary | null;
  /** What a find came to, as far as it has come; null of any other run. */
  found: FindResult | null;
  /** Spread of a measure over the blocks of one profile (coefficient of variation), the largest of the profiles; null with one block. */
  noise: Partial<Record<MeasureName, number | null>>;
  /** Caveats of the run and of the comparison. */
  caveats: RaisedCaveat[];
}
