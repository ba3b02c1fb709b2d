import type { Verdict } from "../../harness/analysis/analysis.ts";
import { compareWithBaseline } from "../../harness/analysis/compare.ts";
import { enough } from "../../harness/analysis/interim-decision.ts";
import { trialSets } from "../../harness/analysis/trial-sets.ts";
import { measureOf } from "../../harness/core/measures.ts";
import type { JudgedMeasure, RunRecord } from "../../harness/results/run.ts";
import type { TrialRecord } from "../../harness/results/trial.ts";
import { normals } from "../../harness/stats/normals.ts";
import { latency } from "./record-parts.ts";
import { type StoredRun, storedRun } from "./stories.ts";
import { profileRecord, type TrialOverrides, trialRecord } from "./trial-builder.ts";

/** Experiments whose truth is known: log-normal noise on every trial, and as much again on every block, which all profiles share. */
export interface Truth {
  experiments: number;
  seed: number;
  blocks: number;
  looks: number[];
  /** Profiles beside the baseline. */
  profiles: number;
  /** Standard deviation of a trial's logarithm. */
  noise: number;
  tolerance: number;
  /** True ratio of the first profile's throughput over the baseline's; everything else is 1. */
  ratio: number;
}

/** Shares of the experiments, and of comparisons. */
export interface Rates {
  /** Experiments in which any comparison whose truth is 1 was called better or worse. */
  falseAlarms: number;
  /** Verdicts of the one comparison that may differ, as shares. */
  verdicts: Record<Verdict, number>;
  /** Blocks that were run, on average. */
  blocks: number;
}

/** Carries the experiments out through the whole judgement: pairs, tests, looks, verdicts. */
export function ratesOf(truth: Truth): Rates {
  const next = normals(truth.seed);
  const verdicts: Record<Verdict, number> = { better: 0, worse: 0, same: 0, inconclusive: 0 };
  let [alarms, blocks] = [0, 0];
  for (let count = 0; count < truth.experiments; count += 1) {
    const { run, trials } = experiment(truth, next);
    const last = endOf(run, trials);
    const { byProfile } = compareWithBaseline(run, trialSets(run, upTo(last, trials)));
    const all = [...byProfile].flatMap(([profile, comparisons]) =>
      Object.entries(comparisons).map(([measure, { verdict }]) => ({ at: `${profile} ${measure}`, verdict })),
    );
    const wrong = all.filter(({ at, verdict }) => isCall(verdict) && (truth.ratio === 1 || at !== changed));
    const told = all.find(({ at }) => at === changed)?.verdict;
    if (told !== undefined) verdicts[told] += 1 / truth.experiments;
    if (wrong.length > 0) alarms += 1;
    blocks += last;
  }
  return { falseAlarms: alarms / truth.experiments, verdicts, blocks: blocks / truth.experiments };
}

/** The same, judged anew after every block with nothing split: what is not done, and why. */
export function ratesOfPeeking(truth: Truth): number {
  const next = normals(truth.seed);
  let alarms = 0;
  for (let count = 0; count < truth.experiments; count += 1) {
    const { run, trials } = experiment({ ...truth, looks: [] }, next);
    const alarm = Array.from({ length: truth.blocks }, (_, index) => index + 1).some((block) => {
      const { byProfile } = compareWithBaseline(run, trialSets(run, upTo(block, trials)));
      return [...byProfile.values()].some((one) => Object.values(one).some(({ verdict }) => isCall(verdict)));
    });
    if (alarm) alarms += 1;
  }
  return alarms / truth.experiments;
}

const changed = "p1 sustainedPerSecond";

function isCall(verdict: Verdict): boolean {
  return verdict === "better" || verdict === "worse";
}

function upTo(block: number, trials: TrialRecord[]): TrialRecord[] {
  return trials.filter((trial) => trial.block <= block);
}

/** Where the run would have ended. */
function endOf(run: RunRecord, trials: TrialRecord[]): number {
  return run.looks.find((look) => enough(run, upTo(look, trials)) !== null) ?? run.blocks;
}

function experiment({ blocks, looks, profiles, noise, tolerance, ratio }: Truth, next: () => number): StoredRun {
  const names = Array.from({ length: profiles + 1 }, (_, index) => (index === 0 ? "baseline" : `p${index}`));
  const ofBlock = new Map<number, number>();
  const blockOf = (block: number) => {
    const known = ofBlock.get(block) ?? noise * next();
    ofBlock.set(block, known);
    return known;
  };
  const measuresOf = (factor: number, block: number): TrialOverrides["measures"] => ({
    sustainedPerSecond: 3000 * factor * Math.exp(blockOf(block) + noise * next()),
    latencyMs: latency(1.5 * Math.exp(blockOf(block) + noise * next()), { resolutionRatio: 0 }),
  });
  return storedRun(
    blocks,
    names.map((name) => [
      profileRecord(name),
      (overrides, block) => trialRecord({ ...overrides, measures: measuresOf(name === "p1" ? ratio : 1, block) ?? {} }),
    ]),
    { looks, judged: judgedAt(tolerance) },
  );
}

function judgedAt(tolerance: number): JudgedMeasure[] {
  const names = ["sustainedPerSecond", "latencyMs.p99"] as const;
  return names.map((name) => ({ name, direction: measureOf(name).better, tolerance }));
}
