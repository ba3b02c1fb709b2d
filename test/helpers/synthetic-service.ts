import type { Finding } from "../../harness/diagnose/finding.ts";
import type { NextTrial } from "../../harness/find/move.ts";
import type { ObservedTrial } from "../../harness/find/observed-trial.ts";
import type { Arm, Candidate, Find } from "../../harness/results/find.ts";
import { normals } from "../../harness/stats/normals.ts";

/** A service that answers a find's trials without being there: what its settings do to it is known. */
export interface SyntheticService {
  /** Logarithm of what is gained by these candidates, by their numbers. */
  gain: (has: (candidate: number) => boolean) => number;
  /** Sets of candidates any of which is the right answer; [[]]: nothing helps. */
  right: number[][];
  /** Logarithm of the bound over the baseline: a trial that gets there held; null: none. */
  bound: number | null;
  /** What its trials say of the cause; [] where nothing does. */
  findings?: (arm: Arm) => Finding[];
}

/** A named number of candidates: k0, k1 ... */
export function syntheticCandidates(count: number): Candidate[] {
  return Array.from({ length: count }, (_, number) => ({
    change: { kind: "setting", role: "target", key: `net.ipv4.k${number}`, value: "1" },
    isSafe: false,
  }));
}

export function syntheticFind(candidates: number, more: Partial<Find> = {}): Find {
  return {
    kind: "find",
    objective: null,
    goals: [],
    budgetMs: Number.MAX_SAFE_INTEGER,
    mostTrials: 60,
    tolerance: 0.05,
    seed: 1,
    levers: [],
    candidates: syntheticCandidates(candidates),
    leftOut: [],
    conditions: {},
    listening: {},
    ...more,
  };
}

/** Which synthetic candidates an arm has. */
export function numbersOf({ target }: Pick<Arm, "target">): number[] {
  return Object.keys(target).flatMap((key) => {
    const number = /^net\.ipv4\.k(\d+)$/.exec(key)?.[1];
    return number === undefined ? [] : [Number(number)];
  });
}

/** Requests before the wall of a baseline without noise. */
const atBaseline = 10_000;

/** Answers trials with log-normal noise: `noise` is the standard deviation of a trial's logarithm, `drift` that of a block's. */
export function answering(
  service: SyntheticService,
  { noise, drift = 0, seed }: { noise: number; drift?: number; seed: number },
): (trial: NextTrial, sequence: number) => ObservedTrial {
  const next = normals(seed);
  const drifts = new Map<number, number>();
  return ({ step, arm, ratePerSecond, block }, sequence) => {
    const shift = drifts.get(block) ?? drift * next();
    drifts.set(block, shift);
    const log = service.gain((candidate) => numbersOf(arm).includes(candidate)) + noise * next() + shift;
    const held = service.bound !== null && log >= service.bound;
    const value = atBaseline * Math.exp(held ? (service.bound ?? log) : log);
    return {
      ...{ step, arm, ratePerSecond, block, sequence },
      valid: true,
      outcome: held ? "held" : "broke",
      kept: null,
      goals: [],
      measures: { requestsBeforeWall: { value, censored: held } },
      findings: held ? [] : (service.findings?.(arm) ?? []),
      seconds: 20,
    };
  };
}
