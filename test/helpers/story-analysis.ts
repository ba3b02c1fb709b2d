import type { Analysis, Comparison, MeasureSummary, ProfileAnalysis } from "../../harness/analysis/analysis.ts";
import type { Finding } from "../../harness/diagnose/finding.ts";
import type { RunRecord } from "../../harness/results/run.ts";
import type { TrialRecord } from "../../harness/results/trial.ts";

/** What analysis would say of the story's trials, written out so that reports are tested alone. */
export function storyAnalysis(trials: TrialRecord[], run: RunRecord): Analysis {
  const blocks = run.blocks;
  return {
    schemaVersion: 1,
    runId: run.id,
    suite: run.suite,
    verdict:
      "tcp_tw_reuse=1 removed both walls: the baseline broke after 28,232 successful requests (EADDRNOTAVAIL, at " +
      `${trials[0]?.measures.timeToWallSeconds} s), reuse served 150,000 without breaking. somaxconn=65535 alone changed nothing.`,
    baseline: "baseline",
    blocks,
    blocksNeeded: 8,
    profiles: run.profiles.map(({ name, sysctls }) => ({ ...profileAnalysis(name, trials, blocks), sysctls })),
    walls: [],
    mainEffects: [],
    noise: {},
    doubts:
      blocks === 1
        ? [
            {
              code: "one-block",
              message: "One block: effect sizes can be read, significance cannot (8 blocks can give it).",
            },
          ]
        : [],
  };
}

function profileAnalysis(name: string, trials: TrialRecord[], blocks: number): ProfileAnalysis {
  const own = trials.filter((trial) => trial.profile === name);
  const base = trials.find((trial) => trial.profile === "baseline");
  const first = own[0];
  if (first === undefined || base === undefined) throw new Error(`no trial of ${name}`);
  const { measures, outcome } = first;
  const n = own.length;
  const censored = outcome === "broke" ? 0 : n;
  const summary = (median: number | null, bounds = 0): MeasureSummary | undefined =>
    median === null ? undefined : { median, low: median * 0.99, high: median * 1.01, n, censored: bounds };
  const values = {
    requestsBeforeWall: summary(measures.requestsBeforeWall, censored),
    timeToWallSeconds: summary(measures.timeToWallSeconds, censored),
    scanCliffSeconds: summary(measures.scanCliffSeconds),
    sustainedPerSecond: summary(measures.sustainedPerSecond),
    "latencyMs.p50": summary(measures.latencyMs?.p50 ?? null),
    "latencyMs.p99": summary(measures.latencyMs?.p99 ?? null),
    timeWaitPeak: summary(measures.timeWaitPeak),
  };
  const ratio = (measures.requestsBeforeWall ?? 0) / (base.measures.requestsBeforeWall ?? 1);
  const outcomes = { broke: 0, degraded: 0, censored: 0, refused: 0, failed: 0, [outcome]: n };
  return {
    name,
    sysctls: {},
    trials: n,
    invalid: 0,
    ...outcomes,
    measures: Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)),
    cpuCores: { generator: 0.5, target: 0.61, db: 0.22 },
    versusBaseline: name === "baseline" ? {} : { requestsBeforeWall: comparison(ratio, censored > 0, blocks) },
    findings:
      outcome === "censored" ? [] : [scanCliff(first, n), ...(outcome === "broke" ? [exhaustion(first, n)] : [])],
    doubts:
      measures.scanCliffSeconds === null
        ? []
        : [{ code: "latency-bound", message: "Latency after the cliff is set by the generator's 200 virtual users." }],
  };
}

function comparison(ratio: number, censored: boolean, n: number): Comparison {
  const judged = n >= 8;
  const same = Math.abs(ratio - 1) < 0.05;
  return {
    ratio,
    low: n >= 6 ? ratio * 0.97 : null,
    high: n >= 6 && !censored ? ratio * 1.03 : null,
    bound: censored ? "atLeast" : null,
    p: judged ? 0.031 : null,
    n,
    verdict: judged ? (same ? "same" : "better") : "inconclusive",
    reason: judged ? null : `${n} block${n === 1 ? "" : "s"}; 8 could give a verdict`,
  };
}

function exhaustion(trial: TrialRecord, trials: number): Finding {
  const usable = trial.evidence.ports[0]?.usable ?? 0;
  return {
    rule: "port-exhaustion",
    side: "target",
    bottleneck: `The target used all ${usable.toLocaleString("en-US")} of its ports to db (198.18.0.6:3306).`,
    evidence: [
      { what: "ports in use at peak", value: usable, unit: null },
      { what: "usable ports", value: usable, unit: null },
      { what: "first fault", value: trial.fault?.firstSeconds ?? 0, unit: "s" },
    ],
    remedy: "Pool connections to the upstream; else set net.ipv4.tcp_tw_reuse=1 in the target's namespace.",
    seenIn: trials,
    trials,
  };
}

function scanCliff(trial: TrialRecord, trials: number): Finding {
  return {
    rule: "scan-cliff",
    side: "target",
    bottleneck:
      "With half its ports in TIME_WAIT every connect() scanned the busy half: throughput fell, without an error.",
    evidence: [
      { what: "throughput before", value: 2950, unit: "/s" },
      { what: "throughput after", value: 420, unit: "/s" },
      { what: "at", value: trial.measures.scanCliffSeconds ?? 0, unit: "s" },
    ],
    remedy: "Pool connections to the upstream; else set net.ipv4.tcp_tw_reuse=1 in the target's namespace.",
    seenIn: trials,
    trials,
  };
}
