/**
 * THE claim, on the scenario as it is shipped: it must be true on the machine that runs this. Beside another load less can be claimed of
 * rates; what the kernel counts, and what may never be said, stays.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ExecutionContext } from "ava";
import { isDisturbed } from "../../../harness/results/disturbance.ts";
import { readSeries, type StoredRun } from "../../../harness/results/read.ts";
import type { TrialRecord } from "../../../harness/results/trial.ts";
import { treeFile } from "../../helpers/cli.ts";
import { leftBehind, machineState, strayFiles } from "../../helpers/left-behind.ts";
import { testNeeding } from "../../helpers/parts.ts";
import type { ToldAnalysis } from "../../helpers/told.ts";
import { onlyRun, openWorld, runWhole } from "../../helpers/whole-run.ts";

const usablePorts = 10_000;

testNeeding(
  ["namespaces", "k6"],
  "port-exhaustion: both walls, the setting that removes them, the one that does not",
  async (t) => {
    const world = await openWorld(t, {
      from: treeFile("scenarios/port-exhaustion"),
      edit: (suite) => {
        suite.setIn(["stop", "requests"], 20_000);
        // However slow a busy machine is, the ports are used up by then.
        suite.setIn(["stop", "after"], "50s");
      },
      files: { "../lib/k6.ts": readFileSync(treeFile("scenarios/lib/k6.ts"), "utf8") },
    });
    const before = machineState();
    const { exitCode, stderr } = await runWhole(world, ["--profiles", "baseline,reuse,backlog"]);
    t.is(exitCode, 0, stderr);
    t.log(stderr);
    const stored = onlyRun(world);
    for (const trial of stored.trials) {
      if (trial.profile === "reuse") meetsNoWall(t, trial);
      else meetsBothWalls(t, stored, trial);
    }
    const analysis: ToldAnalysis = JSON.parse(readFileSync(join(stored.folder, "analysis.json"), "utf8"));
    saysSo(t, analysis, isSlow(stored) || stored.trials.some(isDisturbed));
    t.deepEqual(await leftBehind(world), []);
    t.deepEqual(machineState(), before);
    t.deepEqual(strayFiles(world), []);
  },
);

/** A machine that can't serve 3,000 requests a second, where connect() scans nothing, shows no cliff either; its ports are used up all the same. */
function isSlow({ trials }: StoredRun): boolean {
  return trials.some(({ profile, outcome }) => profile === "reuse" && outcome === "saturated");
}

function meetsBothWalls(t: ExecutionContext, stored: StoredRun, trial: TrialRecord): void {
  const { profile, measures } = trial;
  // Past the cliff a service that gets little CPU may not come as far as the wall.
  if (isDisturbed(trial) && trial.outcome === "degraded") {
    meetsTheCliff(t, trial);
    return;
  }
  t.like(trial, { valid: true, outcome: "broke", stoppedBy: { criterion: "fault" } }, profile);
  t.like(trial.fault, { kind: "EADDRNOTAVAIL", side: "target", seenIn: "body", inferred: false }, profile);
  const ports = trial.evidence.ports.find(({ role }) => role === "target");
  t.like(ports, { usable: usablePorts, peakInUse: usablePorts, destination: { name: "db" } }, profile);
  t.is(measures.portUsePeakRatio, 1);
  // Each port served a request, but for those of the virtual users that were waiting when the wall came.
  const served = measures.requestsBeforeWall ?? 0;
  const inFlight = trial.load.preAllocatedVirtualUsers;
  t.true(served <= usablePorts && served >= usablePorts - inFlight, `${profile}: ${served} before the wall`);
  if (isDisturbed(trial) || isSlow(stored)) return;
  // The fall is known to a window: half of the ports are reached between the window before it and the one after it.
  const [early, late] = timeWaitsAround(stored, trial);
  t.true(early < 0.6 * usablePorts && late > 0.45 * usablePorts, `${profile}: the fall came with ${early} to ${late}`);
  const [before, after] = ratesAround(stored, trial);
  t.true(after < 0.7 * before, `${profile}: ${after}/s after the cliff, ${before}/s before`);
  t.deepEqual(trial.generator.signs, [], profile);
}

function meetsTheCliff(t: ExecutionContext, { measures, evidence, profile }: TrialRecord): void {
  t.not(measures.scanCliffSeconds, null, profile);
  const ports = evidence.ports.find(({ role }) => role === "target");
  t.is(ports?.usable, usablePorts);
  t.true((ports?.peakInUse ?? 0) > 0.45 * usablePorts, `${profile}: ${ports?.peakInUse} ports`);
}

function meetsNoWall(t: ExecutionContext, trial: TrialRecord): void {
  t.like(trial, { valid: true, fault: null, faults: [], stoppedBy: { criterion: "requests" } });
  t.true(trial.outcome === "held" || trial.outcome === "saturated", trial.outcome);
  t.is(trial.measures.scanCliffSeconds, null);
  t.true((trial.evidence.counters.target?.TWRecycled ?? 0) > 0);
  t.true(trial.successes >= 20_000);
  if (!isDisturbed(trial) && trial.outcome === "held") t.deepEqual(trial.generator.signs, []);
}

function saysSo(t: ExecutionContext, { profiles, verdict, walls, caveats }: ToldAnalysis, disturbed: boolean): void {
  const rules = Object.fromEntries(profiles.map(({ name, findings }) => [name, findings.map(({ rule }) => rule)]));
  t.deepEqual(
    rules.reuse?.filter((rule) => rule === "port-exhaustion" || rule === "scan-cliff"),
    [],
  );
  t.true(caveats.some((caveat) => caveat.code === "ports-of-the-suite" && caveat.ports === 10_000));
  saysOfBacklog(t, verdict, disturbed ? /d(oes|id) nothing|can't be told/ : /d(oes|id) nothing/);
  if (disturbed) return;
  t.regex(verdict, /^Profile reuse \(\S+\) removes the wall/);
  for (const name of ["baseline", "backlog"]) {
    t.true(rules[name]?.includes("port-exhaustion") && rules[name].includes("scan-cliff"), `${name}: ${rules[name]}`);
    const exhaustion = profiles
      .find((profile) => profile.name === name)
      ?.findings.find((finding) => finding.rule === "port-exhaustion");
    t.is(exhaustion?.side, "target");
    t.is(exhaustion?.evidence[0].destination.name, "db");
    t.like(
      walls.find(({ profile }) => profile === name),
      { predictedWallPorts: usablePorts, predictedCliffPorts: usablePorts / 2, measuredPeakPorts: usablePorts },
    );
  }
}

/** Never that it makes anything better or worse. */
function saysOfBacklog(t: ExecutionContext, verdict: string, told: RegExp): void {
  const sentences = verdict.split(/(?<=\.) /).filter((sentence) => sentence.includes("backlog"));
  t.true(sentences.length > 0, verdict);
  for (const sentence of sentences) t.regex(sentence, told);
}

/** The target's TIME_WAITs a window (500 ms) before the cliff and two windows after its start. */
function timeWaitsAround(stored: StoredRun, trial: TrialRecord): [number, number] {
  const { samples } = readSeries(stored.folder, trial);
  const sockets = samples.flatMap((sample) => (sample.kind === "sockets" && sample.role === "target" ? [sample] : []));
  const until = (atMs: number) => sockets.findLast((sample) => sample.atMs <= atMs)?.timeWait ?? 0;
  return [until(cliffMs(trial) - 500), until(cliffMs(trial) + 1000)];
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
