import { mean } from "simple-statistics";
import { randomFrom, shuffled } from "../../harness/core/random.ts";
import { armOf } from "../../harness/find/arm.ts";
import type { ObservedTrial } from "../../harness/find/observed-trial.ts";
import { holm } from "../../harness/stats/holm.ts";
import { pairRatio } from "../../harness/stats/pairs.ts";
import { estimateRatio } from "../../harness/stats/ratio.ts";
import { blocksNeeded, significanceLevel } from "../../harness/stats/significance.ts";
import { simulateFind } from "./find-simulation.ts";
import { findingOf } from "./find-story.ts";
import { answering, type SyntheticService, syntheticCandidates, syntheticFind } from "./synthetic-service.ts";

/** What a service's keys do: one or two are active, the others do nothing. */
export const kinds = {
  "nothing helps": (): SyntheticService => ({ gain: () => 0, right: [[]], bound: null }),
  "one key": ([one]: Pair, size: number): SyntheticService => ({
    gain: (has) => (has(one) ? size : 0),
    right: [[one]],
    bound: null,
  }),
  "two keys": ([one, other]: Pair, size: number): SyntheticService => ({
    gain: (has) => size * (Number(has(one)) + Number(has(other))),
    right: [[one, other]],
    bound: null,
  }),
  "an AND pair": ([one, other]: Pair, size: number): SyntheticService => ({
    gain: (has) => (has(one) && has(other) ? size : 0),
    right: [[one, other]],
    bound: null,
  }),
  "either of two": ([one, other]: Pair, size: number): SyntheticService => ({
    gain: (has) => (has(one) || has(other) ? size : 0),
    right: [[one], [other]],
    bound: null,
  }),
  /** A finding names a key that does nothing. */
  "one key, another named": ([one, other]: Pair, size: number): SyntheticService => ({
    gain: (has) => (has(one) ? size : 0),
    right: [[one]],
    bound: null,
    findings: () => [
      findingOf("accept-queue-overflow", [
        { kind: "setting", role: "target", key: `net.ipv4.k${other}`, value: "1", gain: "cure" },
      ]),
    ],
  }),
} satisfies Record<string, (active: Pair, size: number) => SyntheticService>;

export type Kind = keyof typeof kinds;
type Pair = [one: number, other: number];

export interface Claimed {
  kind: Kind;
  candidates: number;
  /** Standard deviation of a trial's logarithm. */
  noise: number;
  /** Effect over the noise of a trial. */
  times: number;
  /** Half of the trials that have all that helps reach the bound. */
  isCensored?: boolean;
  /** A block's own deviation over the noise of a trial. */
  drift?: number;
  experiments: number;
}

/** Shares of the experiments, and trials. */
export interface Rates {
  right: number;
  wrong: number;
  trials: number;
  most: number;
}

/** As many finds of services whose active keys are drawn anew each time. */
export function ratesOfFind(claimed: Claimed): Rates {
  return ratesOf(claimed, (service, seed) => {
    const { noise, candidates, drift = 0 } = claimed;
    const find = syntheticFind(candidates, { seed, tolerance: toleranceAt(noise) });
    return simulateFind(find, service, { noise, drift: drift * noise, seed });
  });
}

/** What is smaller than the noise of a trial is nobody's claim: a smaller tolerance than that is asked only where noise is small. */
export function toleranceAt(noise: number): number {
  return Math.min(0.05, noise);
}

/** Each key alone against the baseline in ten blocks, by the house's own test: what helps is what is significantly better. */
export function ratesOfOneAtATime(claimed: Claimed): Rates {
  return ratesOf(claimed, (service, seed) => {
    const { candidates } = claimed;
    const blocks = Math.max(10, blocksNeeded(candidates));
    const answer = synthetic(service, claimed, seed);
    const ps = Array.from({ length: blocks }, (_, block) => {
      const base = answer([], block);
      return Array.from({ length: candidates }, (_, key) => pairRatio(answer([key], block), base));
    });
    const estimates = Array.from({ length: candidates }, (_, key) =>
      estimateRatio(ps.flatMap((row) => row[key] ?? [])),
    );
    const adjusted = holm(estimates.map(({ p }) => p ?? 1));
    const found = estimates.flatMap(({ ratio }, key) =>
      (adjusted[key] ?? 1) < significanceLevel && (ratio ?? 0) > 1 ? [key] : [],
    );
    return { found, trials: blocks * (candidates + 1) };
  });
}

/** Random settings, one trial each, and the best of them believed, as an optimiser does that takes a sample for the truth. */
export function ratesOfBelieving(claimed: Claimed, samples: number): Rates {
  return ratesOf(claimed, (service, seed) => {
    const answer = synthetic(service, claimed, seed);
    const random = randomFrom(seed);
    const tried = Array.from({ length: samples }, (_, block) => {
      const keys = Array.from({ length: claimed.candidates }, (_, key) => key).filter(() => random() < 0.5);
      return { keys, value: answer(keys, block).value };
    });
    const best = tried.reduce((most, next) => (next.value > most.value ? next : most));
    return { found: best.keys, trials: samples };
  });
}

function synthetic(service: SyntheticService, { noise, candidates, drift = 0 }: Claimed, seed: number) {
  const answer = answering(service, { noise, drift: drift * noise, seed });
  const all = syntheticCandidates(candidates);
  return (keys: number[], block: number): { value: number; censored: boolean } => {
    const arm = armOf(keys.flatMap((key) => all[key]?.change ?? []));
    const step = { kind: "baseline" } as const;
    const trial: ObservedTrial = answer({ step, arm, ratePerSecond: null, block, attempt: 1 }, 1);
    return trial.measures.requestsBeforeWall ?? { value: 0, censored: false };
  };
}

function ratesOf(
  claimed: Claimed,
  run: (service: SyntheticService, seed: number) => { found: number[]; trials: number },
): Rates {
  const { kind, candidates, noise, times, isCensored = false, experiments } = claimed;
  const all = Array.from({ length: candidates }, (_, key) => key);
  const runs = Array.from({ length: experiments }, (_, index) => {
    const seed = 1 + index + 100_000 * Math.round(1000 * noise) + 10_000 * candidates;
    const [one = 0, other = 1] = shuffled(all, randomFrom(seed));
    const plain = kinds[kind]([one, other], times * noise);
    const service = isCensored ? { ...plain, bound: plain.gain(() => true) } : plain;
    const { found, trials } = run(service, seed);
    const useful = service.right.flat();
    return {
      trials,
      right: service.right.some((set) => set.length === found.length && set.every((key) => found.includes(key))),
      wrong: found.some((key) => !useful.includes(key)),
    };
  });
  return {
    right: mean(runs.map(({ right }) => Number(right))),
    wrong: mean(runs.map(({ wrong }) => Number(wrong))),
    trials: mean(runs.map(({ trials }) => trials)),
    most: Math.max(...runs.map(({ trials }) => trials)),
  };
}
