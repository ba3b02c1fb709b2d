import { analyze } from "../../harness/analysis/analyze.ts";
import type { ReportInput } from "../../harness/report/report-input.ts";
import type { RunRecord } from "../../harness/results/run.ts";
import type { TrialRecord } from "../../harness/results/trial.ts";
import { normals } from "../../harness/stats/normals.ts";
import { latency } from "./record-parts.ts";
import { type StoredRun, storedRun } from "./stories.ts";
import { profileRecord, type TrialOverrides, trialRecord } from "./trial-builder.ts";

const judged: RunRecord["judged"] = [
  { name: "sustainedPerSecond", direction: "higher", tolerance: 0.05 },
  { name: "latencyMs.p90", direction: "lower", tolerance: 0.1 },
  { name: "faultRatio", direction: "lower", tolerance: 0.05 },
];

/** A service that nothing breaks; `factor` is what its settings give, `noise` the deviation of a trial. */
function served(next: () => number, noise: number, factor: number): TrialOverrides["measures"] {
  return {
    sustainedPerSecond: 3000 * factor * Math.exp(noise * next()),
    latencyMs: latency((1.5 / factor) * Math.exp(noise * next())),
    faultRatio: 0,
  };
}

/** Two factors of which one alone does it, judged on other measures than the three, against a calibration; the winner rechecked. */
export function factorReport(): ReportInput {
  const next = normals(42);
  const levels = ["0", "1"].flatMap((reuse) => ["128", "4096"].map((somaxconn) => ({ reuse, somaxconn })));
  const profiles = levels.map((one) => profileRecord(`reuse=${one.reuse},somaxconn=${one.somaxconn}`, {}, one));
  const story = storedRun(
    15,
    profiles.map((profile) => [
      profile,
      (overrides) =>
        trialRecord({ ...overrides, measures: served(next, 0.015, profile.levels.reuse === "1" ? 1.3 : 1) ?? {} }),
    ]),
    {
      suite: "two-factors",
      judged,
      looks: [12, 16, 20],
      calibration: {
        runId: "20261120T101500Z-two-factors-77aa",
        at: "2026-11-20T10:40:00.000Z",
        blocks: 20,
        measures: {
          sustainedPerSecond: { logRatioDeviation: 0.021, pairs: 20 },
          "latencyMs.p90": { logRatioDeviation: 0.06, pairs: 20 },
        },
      },
    },
  );
  const rechecked = ["reuse=0,somaxconn=128", "reuse=1,somaxconn=128"];
  const trials = story.trials.flatMap((trial): TrialRecord[] => {
    if (trial.block <= 12) return [trial];
    return rechecked.includes(trial.profile) ? [{ ...trial, purpose: "recheck" }] : [];
  });
  const ended = {
    at: "2026-11-21T09:10:00.000Z",
    reason: "done" as const,
    why: [{ code: "enough" as const, blocks: 12, mostBlocks: 20, comparisons: 9, decided: 9 }],
  };
  return reportOf({ run: { ...story.run, blocks: 20, recheckBlocks: 3, ended }, trials });
}

/** The baseline against itself. */
export function calibrationReport(): ReportInput {
  const next = normals(43);
  const trial = (overrides: TrialOverrides) => trialRecord({ ...overrides, measures: served(next, 0.02, 1) ?? {} });
  const profiles = [profileRecord("baseline"), profileRecord("baseline-again")];
  return reportOf(
    storedRun(
      12,
      profiles.map((profile) => [profile, trial]),
      { suite: "keep-alive", kind: "calibration", judged },
    ),
  );
}

function reportOf({ run, trials }: StoredRun): ReportInput {
  return { run, trials, analysis: analyze(run, trials), series: [] };
}
