/** THE claim, on the scenario as it is shipped: it must be true on the machine that runs this. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ExecutionContext } from "ava";
import type { Analysis } from "../../harness/analysis/analysis.ts";
import { readSeries, type StoredRun } from "../../harness/results/read.ts";
import type { TrialRecord } from "../../harness/results/trial.ts";
import { treeFile } from "../helpers/cli.ts";
import { leftBehind } from "../helpers/left-behind.ts";
import { testNeeding } from "../helpers/parts.ts";
import { onlyRun, openWorld, runWhole } from "../helpers/whole-run.ts";

const usablePorts = 28_232;

testNeeding(
  ["namespaces", "k6"],
  "port-exhaustion: both walls, the setting that removes them, the one that does not",
  async (t) => {
    const world = await openWorld(t, {
      from: treeFile("scenarios/port-exhaustion"),
      edit: (suite) => suite.setIn(["stop", "requests"], 60_000),
      files: { "../lib/k6.ts": readFileSync(treeFile("scenarios/lib/k6.ts"), "utf8") },
    });
    const { exitCode, stderr } = await runWhole(world, ["--profiles", "baseline,reuse,backlog"]);
    t.is(exitCode, 0, stderr);
    t.log(stderr);
    const stored = onlyRun(world);
    const byProfile = Object.fromEntries(stored.trials.map((trial) => [trial.profile, trial]));
    for (const name of ["baseline", "backlog"]) meetsBothWalls(t, stored, byProfile[name] as TrialRecord);
    meetsNoWall(t, byProfile.reuse as TrialRecord);
    const analysis: Analysis = JSON.parse(readFileSync(join(stored.folder, "analysis.json"), "utf8"));
    saysSo(t, analysis);
    t.deepEqual(await leftBehind(world), []);
  },
);

function meetsBothWalls(t: ExecutionContext, stored: StoredRun, trial: TrialRecord): void {
  const { profile, measures } = trial;
  t.like(trial, { valid: true, outcome: "broke", stoppedBy: { criterion: "fault" } }, profile);
  t.like(trial.fault, { kind: "EADDRNOTAVAIL", side: "target", seenIn: "body", inferred: false }, profile);
  const ports = trial.evidence.ports.find(({ role }) => role === "target");
  t.like(ports, { usable: usablePorts, peakInUse: usablePorts, destination: { name: "db" } }, profile);
  t.is(measures.portUsePeakRatio, 1);
  near(t, measures.requestsBeforeWall, usablePorts, 0.02, `${profile}: served before the wall`);
  near(t, timeWaitsAt(stored, trial), usablePorts / 2, 0.1, `${profile}: TIME_WAITs at the scan cliff`);
  const [before, after] = ratesAround(stored, trial);
  t.true(after < 0.6 * before, `${profile}: ${after}/s after the cliff, ${before}/s before`);
  t.false(trial.generator.bound, `${profile}: ${trial.generator.reasons}`);
}

function meetsNoWall(t: ExecutionContext, trial: TrialRecord): void {
  t.like(trial, { valid: true, outcome: "censored", fault: null, faults: [], stoppedBy: { criterion: "requests" } });
  t.is(trial.measures.scanCliffSeconds, null);
  t.true((trial.evidence.counters.target?.TWRecycled ?? 0) > 0);
  t.true(trial.successes >= 60_000);
  t.false(trial.generator.bound, `${trial.generator.reasons}`);
}

function saysSo(t: ExecutionContext, { profiles, verdict, walls }: Analysis): void {
  const rules = Object.fromEntries(profiles.map(({ name, findings }) => [name, findings.map(({ rule }) => rule)]));
  for (const name of ["baseline", "backlog"]) {
    t.true(rules[name]?.includes("port-exhaustion") && rules[name].includes("scan-cliff"), `${name}: ${rules[name]}`);
    const exhaustion = profiles
      .find((profile) => profile.name === name)
      ?.findings.find(({ rule }) => rule === "port-exhaustion");
    t.is(exhaustion?.side, "target");
    t.regex(exhaustion?.bottleneck ?? "", /ports to db \(/);
    t.like(
      walls.find(({ profile }) => profile === name),
      { predictedWallPorts: usablePorts, predictedCliffPorts: usablePorts / 2, measuredPeakPorts: usablePorts },
    );
  }
  t.deepEqual(
    rules.reuse?.filter((rule) => rule === "port-exhaustion" || rule === "scan-cliff"),
    [],
  );
  t.regex(verdict, /reuse removed the wall/);
  t.regex(verdict, /backlog did nothing/);
}

/** TIME_WAITs of the target at the time of the cliff; seconds count from the load's first request. */
function timeWaitsAt(stored: StoredRun, trial: TrialRecord): number | null {
  const atMs = cliffMs(trial);
  const seen = readSeries(stored.folder, trial).samples.flatMap((sample) =>
    sample.kind === "sockets" && sample.role === "target" && sample.atMs <= atMs ? [sample.timeWait] : [],
  );
  return seen.at(-1) ?? null;
}

/** Successes a second in the two seconds up to the cliff and in those that follow it up to the wall. */
function ratesAround(stored: StoredRun, trial: TrialRecord): [number, number] {
  const atMs = cliffMs(trial);
  const wallMs = (trial.load.firstRequestMs ?? 0) + (trial.fault?.firstSeconds ?? 0) * 1000;
  const rate = (fromMs: number, toMs: number) => {
    const inside = readSeries(stored.folder, trial).windows.filter(
      (window) => window.startMs >= fromMs && window.endMs <= toMs,
    );
    const seconds = inside.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0) / 1000;
    return inside.reduce((sum, { requests }) => sum + requests, 0) / seconds;
  };
  return [rate(atMs - 2100, atMs + 50), rate(atMs + 1000, wallMs)];
}

function cliffMs({ load, measures }: TrialRecord): number {
  return (load.firstRequestMs ?? 0) + (measures.scanCliffSeconds ?? Number.NaN) * 1000;
}

function near(t: ExecutionContext, value: number | null, wanted: number, share: number, what: string): void {
  t.true(
    value !== null && Math.abs(value - wanted) <= share * wanted,
    `${what}: ${value}, wanted ${wanted} within ${share * 100}%`,
  );
}
