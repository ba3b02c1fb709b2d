import { type MeasureName, measureNames } from "../core/measures.ts";
import type { RunRecord } from "../results/run.ts";
import type { TrialRecord } from "../results/trial.ts";
import type { Analysis, Comparison, MeasureSummary } from "./analysis.ts";
import { type Difference, type DifferenceKind, differencesOf } from "./differences.ts";
import { trialSets } from "./trial-sets.ts";

/** A stored run with what its records say. */
export interface AnalysedRun {
  run: RunRecord;
  analysis: Analysis;
  trials: TrialRecord[];
}

/** What a suite's profiles measured from run to run. */
export interface SuiteTrend {
  suite: string;
  /** In the order in which they first came. */
  profiles: ProfileTrend[];
}

export interface ProfileTrend {
  profile: string;
  /** Those that any of the runs judges and this profile has, in the registry's order. */
  measures: MeasureName[];
  /** The runs that have the profile, oldest first. */
  points: TrendPoint[];
}

/** A profile in one run. */
export interface TrendPoint {
  /** The run's id. */
  run: string;
  startedAt: string;
  measures: Partial<Record<MeasureName, MeasureSummary>>;
  versusBaseline: Partial<Record<MeasureName, Comparison>>;
  /** What is not as it was in the profile's run before; [] for the first. */
  changes: Difference[];
}

/** Differences of the machine that the target ran on: numbers before and after one can't be held against each other. */
const machineKinds: readonly DifferenceKind[] = ["cpu", "memory", "kernel", "node-image", "kubelet"];

export function isOfMachine({ kind }: Difference): boolean {
  return machineKinds.includes(kind);
}

/** Suites in the order of their last runs, the newest first. Calibrations are left out: they compare nothing. */
export function trendsOf(runs: AnalysedRun[]): SuiteTrend[] {
  const bySuite = Map.groupBy(
    runs.filter(({ run }) => run.kind === "experiment").toSorted(byTime),
    ({ run }) => run.suite,
  );
  const newest = (own: AnalysedRun[]) => own.at(-1)?.run.startedAt ?? "";
  return [...bySuite]
    .toSorted(([, one], [, other]) => (newest(one) < newest(other) ? 1 : -1))
    .map(([suite, own]) => ({ suite, profiles: profilesOf(own).map((profile) => profileTrend(profile, own)) }));
}

function byTime({ run: one }: AnalysedRun, { run: other }: AnalysedRun): number {
  return one.startedAt === other.startedAt ? 0 : one.startedAt < other.startedAt ? -1 : 1;
}

function profilesOf(runs: AnalysedRun[]): string[] {
  return [...new Set(runs.flatMap(({ run }) => run.profiles.map(({ name }) => name)))];
}

function profileTrend(profile: string, runs: AnalysedRun[]): ProfileTrend {
  const own = runs.filter(({ run }) => run.profiles.some(({ name }) => name === profile));
  const points = own.map((one, place) => pointOf(profile, one, own[place - 1]));
  const judged = new Set(own.flatMap(({ run }) => run.judged.map(({ name }) => name)));
  const measures = measureNames.filter((name) => judged.has(name) && points.some((point) => point.measures[name]));
  return { profile, measures, points };
}

function pointOf(profile: string, one: AnalysedRun, before: AnalysedRun | undefined): TrendPoint {
  const found = one.analysis.profiles.find(({ name }) => name === profile);
  return {
    run: one.run.id,
    startedAt: one.run.startedAt,
    measures: found?.measures ?? {},
    versusBaseline: found?.versusBaseline ?? {},
    changes: before === undefined ? [] : differencesOf(armOf(before, profile), armOf(one, profile), []),
  };
}

function armOf({ run, trials }: AnalysedRun, profile: string) {
  const set = trialSets(run, trials).find((one) => one.profile === profile);
  return { run, profile, trials: [...(set?.measured.values() ?? [])] };
}
