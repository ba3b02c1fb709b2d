import { analyze } from "../../harness/analysis/analyze.ts";
import type { ReportInput, TrialSeries } from "../../harness/report/report-input.ts";
import type { RunRecord } from "../../harness/results/run.ts";
import type { TrialRecord } from "../../harness/results/trial.ts";
import { latency, percentiles, portEvidence, predictedWalls } from "./record-parts.ts";
import { playStory, type Story, type StorySeries } from "./story-series.ts";
import { profileRecord, runRecord, trialRecord } from "./trial-builder.ts";

const profiles: Record<string, { sysctls: Record<string, string>; story: Omit<Story, "cpus"> }> = {
  baseline: { sysctls: {}, story: bounds(28_232, false) },
  reuse: { sysctls: { "net.ipv4.tcp_tw_reuse": "1" }, story: bounds(28_232, true) },
  range: { sysctls: { "net.ipv4.ip_local_port_range": "1024 65535" }, story: bounds(64_512, false) },
  backlog: { sysctls: { "net.core.somaxconn": "65535" }, story: bounds(28_232, false) },
  all: {
    sysctls: {
      "net.ipv4.tcp_tw_reuse": "1",
      "net.ipv4.ip_local_port_range": "1024 65535",
      "net.core.somaxconn": "65535",
    },
    story: bounds(64_512, true),
  },
};

function bounds(usable: number, reuse: boolean): Omit<Story, "cpus"> {
  return { usable, reuse, stopAfterRequests: 150_000, stopAfterSeconds: 75 };
}

/** The port-exhaustion story over five profiles: a whole report's input, of one block or of several. */
export function portExhaustionReport({ blocks = 1, cpus = 2 } = {}): ReportInput {
  const played = Object.entries(profiles).map(([name, { sysctls, story }]) => {
    const series = playStory({ ...story, cpus });
    return { name, sysctls, story, series };
  });
  const run = storyRun(blocks, cpus);
  const trials = run.order.map(({ sequence, block, profile }) => {
    const one = played.find(({ name }) => name === profile);
    if (one === undefined) throw new Error(`no story of ${profile}`);
    return storyTrial(profile, one.series, one.story, { sequence, block, sysctls: readings(one.sysctls) });
  });
  const series = played.map(({ name, series: { windows, samples } }): TrialSeries => {
    const trial = trials.find(({ profile }) => profile === name);
    if (trial === undefined) throw new Error(`no trial of ${name}`);
    return { trial, windows, samples, events: [] };
  });
  return { run, analysis: analyze(run, trials), trials, series };
}

function storyRun(blocks: number, cpus: number): RunRecord {
  const run = runRecord({
    blocks,
    profiles: Object.entries(profiles).map(([name, { sysctls }]) => profileRecord(name, sysctls)),
    description: "A service without a connection pool dials its upstream for every request and closes first.",
    predictions: Object.entries(profiles).map(([profile, { story }]) =>
      predictedWalls({
        profile,
        usablePorts: story.usable,
        cliffPorts: story.reuse ? null : story.usable / 2,
        cliffSeconds: story.reuse ? null : 2.1 + story.usable / 2 / 3000,
        wallPorts: story.reuse ? null : story.usable,
        wallSeconds: story.reuse ? null : 2.1 + story.usable / 3000,
        sustainablePerSecond: story.reuse ? story.usable : story.usable / 60,
      }),
    ),
    caveats: [{ code: "shared-cpus", roles: ["generator", "target", "upstream"], sharedCpus: cpus, cpus }],
  });
  run.provenance.cpus = cpus;
  return run;
}

function readings(sysctls: Record<string, string>): TrialRecord["sysctls"] {
  const defaults: Record<string, string> = {
    "net.ipv4.tcp_tw_reuse": "2",
    "net.ipv4.ip_local_port_range": "32768 60999",
    "net.core.somaxconn": "4096",
  };
  const asked = Object.entries(defaults).map(([key, before]) => {
    const wanted = sysctls[key] ?? null;
    const effective = wanted ?? before;
    const origin = wanted === null ? ("recorded" as const) : ("profile" as const);
    return { role: "target", key, asked: wanted, before, effective, after: effective, origin };
  });
  const buckets = { asked: "262144", before: "131072", effective: "262144", after: "262144" };
  return [...asked, { role: "target", key: "net.ipv4.tcp_max_tw_buckets", ...buckets, origin: "pinned" }];
}

function storyTrial(
  profile: string,
  series: StorySeries,
  story: Omit<Story, "cpus">,
  place: Pick<TrialRecord, "sequence" | "block" | "sysctls">,
): TrialRecord {
  const { cliffSeconds, faultSeconds, stopSeconds, successes, faults, peakTimeWait } = series;
  const broke = faultSeconds !== null;
  const healthy = successesBetween(series, 5, cliffSeconds ?? stopSeconds);
  const requests = successes + faults;
  return trialRecord({
    ...place,
    profile,
    outcome: broke ? "broke" : cliffSeconds === null ? "held" : "degraded",
    stoppedBy: broke
      ? { criterion: "fault", atSeconds: stopSeconds, fault: "EADDRNOTAVAIL", ratio: 0.01, windows: 2 }
      : successes >= story.stopAfterRequests
        ? { criterion: "requests", atSeconds: stopSeconds, requests }
        : { criterion: "after", atSeconds: stopSeconds, afterMs: stopSeconds * 1000 },
    fault: broke
      ? { kind: "EADDRNOTAVAIL", side: "target", firstSeconds: faultSeconds, seenIn: "body", inferred: false }
      : null,
    requests: successes + faults,
    successes,
    faults: broke ? [{ kind: "EADDRNOTAVAIL", side: "target", count: faults }] : [],
    loadSeconds: stopSeconds,
    measures: {
      requestsBeforeWall: successes,
      timeToWallSeconds: faultSeconds ?? stopSeconds,
      scanCliffSeconds: cliffSeconds,
      sustainedPerSecond: successesBetween(series, 5, stopSeconds) / (stopSeconds - 5) + place.block,
      latencyMs: latency(1.49 + place.block / 100, { p50: 0.62, p90: 1.12, max: 9.4, count: healthy }),
      latencyAfterCliffMs:
        cliffSeconds === null
          ? null
          : { ...percentiles(1380, { p50: 560, count: successes - healthy }), lowerBound: true },
      timeWaitPeak: peakTimeWait,
      portUsePeakRatio: peakTimeWait / story.usable,
      connectionsPerSecond: successes / stopSeconds,
    },
    evidence: { ports: [portEvidence({ usable: story.usable, peakInUse: peakTimeWait, peakTimeWait })] },
    load: { stopDecidedMs: 300 + stopSeconds * 1000 },
  });
}

function successesBetween({ windows }: StorySeries, fromSeconds: number, toSeconds: number): number {
  const seconds = (ms: number) => (ms - 300) / 1000;
  return windows
    .filter(({ startMs, endMs }) => seconds(startMs) >= fromSeconds && seconds(endMs) <= toSeconds)
    .reduce((sum, { latencyMs }) => sum + (latencyMs?.count ?? 0), 0);
}
