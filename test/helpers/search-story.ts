import { analyze } from "../../harness/analysis/analyze.ts";
import type { ReportInput } from "../../harness/report/report-input.ts";
import type { SearchObjective, SearchStep } from "../../harness/results/goals.ts";
import type { TrialRecord } from "../../harness/results/trial.ts";
import { endingSearch, nextMoveOf } from "../../harness/search/from-trials.ts";
import { latency, portEvidence, predictedWalls } from "./record-parts.ts";
import { profileRecord, runRecord, type TrialOverrides, trialRecord } from "./trial-builder.ts";

/** Steps held for 10 s, from 100/s to 3,200/s. */
export const objective: SearchObjective = {
  kind: "sustainable-rate",
  fromPerSecond: 100,
  toPerSecond: 3200,
  precision: 0.1,
  holdingMs: 10_000,
  rampMs: 1000,
  steps: 12,
};

/** What a profile can do: it breaks above `brokenAbove`, and its p99 is too high above `slowAbove`. */
interface Capacity {
  usablePorts: number;
  portsHeldSeconds: number;
  brokenAbove: number;
  slowAbove: number;
}

const profiles: Record<string, Capacity & { sysctls: Record<string, string> }> = {
  baseline: { usablePorts: 4000, portsHeldSeconds: 60, brokenAbove: 378, slowAbove: Infinity, sysctls: {} },
  reuse: {
    usablePorts: 4000,
    portsHeldSeconds: 1,
    brokenAbove: Infinity,
    slowAbove: 2100,
    sysctls: { "net.ipv4.tcp_tw_reuse": "1" },
  },
  spread: { usablePorts: 4000, portsHeldSeconds: 1, brokenAbove: Infinity, slowAbove: Infinity, sysctls: {} },
};

/** A run that searched for each profile's rate, as the harness would have run and stored it. */
export function searchReport({ blocks = 1, names = ["baseline", "reuse", "spread"] } = {}): ReportInput {
  const run = runRecord({
    blocks,
    experiment: { kind: "search", objective, goals: [{ measure: "latencyMs.p99", comparison: "<=", limit: 50 }] },
    judged: [{ name: "sustainableRatePerSecond", direction: "higher", tolerance: 0.05 }],
    profiles: names.map((name) => profileRecord(name, capacityOf(name).sysctls)),
    predictions: names.map((profile) => {
      const { usablePorts, portsHeldSeconds } = capacityOf(profile);
      return predictedWalls({ profile, usablePorts, sustainablePerSecond: usablePorts / portsHeldSeconds });
    }),
  });
  const trials: TrialRecord[] = [];
  for (const place of run.order) trials.push(...searchOf(place, trials.length));
  return { run, analysis: analyze(run, trials), trials, series: [] };
}

function capacityOf(name: string) {
  const capacity = profiles[name];
  if (capacity === undefined) throw new Error(`no story of ${name}`);
  return capacity;
}

function searchOf({ block, profile }: { block: number; profile: string }, before: number): TrialRecord[] {
  const trials: TrialRecord[] = [];
  for (;;) {
    const move = nextMoveOf(objective, trials);
    if (move.kind === "end") return trials;
    const record = stepTrial(profile, move.step, { block, sequence: before + trials.length + 1 });
    trials.push(endingSearch(objective, trials, record));
  }
}

/** Blocks differ a little, so that the rates found do. */
function stepTrial(profile: string, step: SearchStep, place: { block: number; sequence: number }): TrialRecord {
  const capacity = capacityOf(profile);
  const luck = 1 + place.block / 20;
  const { ratePerSecond } = step;
  const broke = ratePerSecond > capacity.brokenAbove * luck;
  const p99 = ratePerSecond > capacity.slowAbove * luck ? 312 : 6 + ratePerSecond / 1000;
  const held = broke ? capacity.usablePorts : Math.min(capacity.usablePorts, ratePerSecond * 10);
  return trialRecord({
    ...place,
    profile,
    step,
    purpose: "search",
    stoppedBy: { criterion: "after", atSeconds: 11, afterMs: 11_000 },
    goals: [{ measure: "latencyMs.p99", comparison: "<=", limit: 50, value: p99, kept: p99 <= 50 }],
    ...(broke ? broken : {}),
    measures: {
      sustainedPerSecond: broke ? null : ratePerSecond * 0.999,
      connectionsPerSecond: ratePerSecond,
      latencyMs: latency(p99),
      portUsePeakRatio: held / capacity.usablePorts,
    },
    evidence: {
      ports: [portEvidence({ usable: capacity.usablePorts, peakInUse: held, peakTimeWait: held })],
    },
  });
}

const broken = {
  outcome: "broke",
  stoppedBy: { criterion: "fault", atSeconds: 8, fault: "EADDRNOTAVAIL", ratio: 0.01, windows: 2 },
  fault: { kind: "EADDRNOTAVAIL", side: "target", firstSeconds: 7.4, seenIn: "body", inferred: false },
  faults: [{ kind: "EADDRNOTAVAIL", side: "target", count: 60 }],
} satisfies TrialOverrides;
