import { analyze } from "../../harness/analysis/analyze.ts";
import type { ReportInput } from "../../harness/report/report-input.ts";
import type { Condition, ConditionResult, Goal } from "../../harness/results/goals.ts";
import type { RunRecord } from "../../harness/results/run.ts";
import type { TrialRecord } from "../../harness/results/trial.ts";
import { percentiles } from "./record-parts.ts";
import { profileRecord, runRecord, trialRecord } from "./trial-builder.ts";

const goals: Goal[] = [
  { measure: "sustainedPerSecond", comparison: ">=", limit: 150 },
  { measure: "latencyMs.p99", comparison: "<=", limit: 3000 },
  { measure: "faultRatio", comparison: "<=", limit: 0.05 },
];

/** Normal load without a goal, a peak, and a failure: copy 2 of the target and the database die and come back. */
export const threeConditions: Condition[] = [
  { name: "normal", perSecond: 200, lastingMs: 6000, actions: [], goals: [] },
  { name: "peak", perSecond: 600, lastingMs: 6000, actions: [], goals },
  {
    name: "failure",
    perSecond: 200,
    lastingMs: 18_000,
    actions: [
      { kind: "kill", part: "target", replica: 2, atMs: 2000, restartAfterMs: 1000 },
      { kind: "kill", part: "db", replica: 1, atMs: 7000, restartAfterMs: 1000 },
    ],
    goals,
  },
];

/** A condition as one trial saw it, with what a test changes. */
export function conditionResult(condition: Condition, changes: Partial<ConditionResult> = {}): ConditionResult {
  const sustainedPerSecond = changes.sustainedPerSecond ?? condition.perSecond;
  const faultRatio = changes.faultRatio ?? 0;
  const latencyMs = changes.latencyMs ?? percentiles(4);
  const value = { sustainedPerSecond, faultRatio, "latencyMs.p99": latencyMs.p99 } as Record<string, number>;
  const level = (mean: number, peak: number) => ({ mean, peak });
  return {
    name: condition.name,
    fromSeconds: 0,
    toSeconds: condition.lastingMs / 1000,
    askedPerSecond: condition.perSecond,
    requests: 1000,
    successes: 1000 * (1 - faultRatio),
    sustainedPerSecond,
    faultRatio,
    latencyMs,
    cpuCores: {
      target: level(0.3, 0.5),
      "target-1": level(0.14, 0.2),
      "target-2": level(0.16, 0.3),
      db: level(0.1, 0.1),
    },
    memoryBytes: {
      target: level(160 * 2 ** 20, 200 * 2 ** 20),
      "target-1": level(80 * 2 ** 20, 90 * 2 ** 20),
      "target-2": level(80 * 2 ** 20, 110 * 2 ** 20),
      db: null,
    },
    recoverySeconds: condition.actions.length > 0 ? 0.4 : null,
    goals: condition.goals.map((goal) => {
      const measured = value[goal.measure] ?? 0;
      return {
        ...goal,
        value: measured,
        kept: goal.comparison === "<=" ? measured <= goal.limit : measured >= goal.limit,
      };
    }),
    ...changes,
  };
}

/** A report's input: two profiles in three blocks; the baseline loses too many requests in two of them, and once does not recover. */
export function conditionsReport(): ReportInput {
  const run = conditionsRun();
  const trials = run.order.map(({ sequence, block, profile }) => conditionsTrial(sequence, block, profile));
  return { run, analysis: analyze(run, trials), trials, series: [] };
}

function conditionsRun(): RunRecord {
  const patient = { ...profileRecord("patient"), env: { WAIT_MS: "2500" } };
  return runRecord({
    suite: "failover",
    blocks: 3,
    profiles: ["baseline", patient],
    experiment: { kind: "conditions", conditions: threeConditions },
  });
}

function conditionsTrial(sequence: number, block: number, profile: string): TrialRecord {
  const [normal, peak, failure] = threeConditions;
  if (normal === undefined || peak === undefined || failure === undefined) throw new Error("no conditions");
  const lost = profile === "baseline" ? { 1: 0.1, 2: 0.04, 3: 0.11 }[block] : 0.03;
  const recoverySeconds = profile === "baseline" && block === 3 ? null : 0.4;
  const conditions = [
    conditionResult(normal),
    conditionResult(peak, { latencyMs: percentiles(9) }),
    conditionResult(failure, { faultRatio: lost ?? 0, sustainedPerSecond: 200 * (1 - (lost ?? 0)), recoverySeconds }),
  ];
  const stoppedBy = { criterion: "after", atSeconds: 30, afterMs: 30_000 } as const;
  return trialRecord({ sequence, block, profile, conditions, stoppedBy });
}
