import { portsOf, type RolePorts } from "../core/ports.ts";
import { isTargetRole } from "../core/roles.ts";
import { conditionResults } from "../detect/conditions.ts";
import { judgeGoals } from "../detect/goals.ts";
import { summarizeTrial } from "../detect/summarize.ts";
import { judgeThresholds } from "../detect/thresholds.ts";
import type { TrialInput } from "../detect/trial-input.ts";
import { firstRequestMs, within } from "../detect/windows.ts";
import { conditionsOf, goalsOf } from "../results/goals-of.ts";
import type { InvalidReason } from "../results/invalid-reason.ts";
import type { SysctlReading, TrialPlatform, TrialRecord } from "../results/trial.ts";
import type { Window } from "../results/window.ts";
import { peakPerSecond, rampEndMs, requestsBy } from "../suite/rate.ts";
import { hasRelay, reachedPort } from "../suite/relays.ts";
import type { Suite } from "../suite/suite.ts";
import type { SettingReading, TrialFacts } from "../testbeds/testbed.ts";
import type { DriveResult } from "./drive-load.ts";
import type { Recording } from "./recording.ts";
import { head, invalid, type TrialIdentity } from "./unmeasured-trial.ts";

/** All that is known of a trial whose load was driven. */
export interface Driven {
  suite: Suite;
  /** As read before the load. */
  facts: TrialFacts;
  settings: SettingReading[];
  recording: Recording;
  drive: DriveResult;
  /** Settings read again after the load. */
  after: SettingReading[];
  platform: TrialPlatform | null;
  references: TrialRecord["references"];
  /** Parts that ended unasked -> their last lines. */
  deaths: Record<string, string[]>;
}

/** The record of a trial whose load was driven to an end. `overheadSeconds` is set by whoever sees the whole trial. */
export function measuredTrial(identity: TrialIdentity, driven: Driven): TrialRecord {
  const { drive, recording, suite } = driven;
  const input = trialInput(driven);
  const summary = summarizeTrial(input);
  const generatorFailure = summary.invalidReason?.code === "script-threw" ? summary.invalidReason : deathOf(drive);
  return {
    ...head(identity),
    ...summary,
    ...(generatorFailure === null ? {} : invalid(generatorFailure)),
    stoppedBy: drive.stop,
    platform: driven.platform,
    goals: judgeGoals(goalsOf(suite.experiment), summary.measures),
    thresholds: judgeThresholds(suite.script?.thresholds ?? [], loadWindows(driven)),
    conditions: conditionResults(input),
    search: null,
    duet: null,
    sysctls: input.sysctls,
    references: driven.references,
    load: {
      firstRequestMs: firstRequestMs(recording.windows),
      rampEndMs: rampEndMs(suite.load.rate),
      stopDecidedMs: drive.stopDecidedMs,
      idleMs: drive.idleMs,
      preAllocatedVirtualUsers: suite.load.virtualUsers,
      exports: drive.exports,
      generator: { exitCode: drive.generator.exitCode, signal: drive.generator.signal },
      runners: drive.generator.runners,
      startSkewMs: drive.startSkewMs,
    },
    samplers: drive.samplers,
    loadSeconds: drive.idleMs / 1000,
    overheadSeconds: 0,
    lastWords: generatorFailure === null ? driven.deaths : { ...driven.deaths, generator: drive.generator.lastLines },
  };
}

/** First request to stop. */
function loadWindows({ recording: { windows }, drive: { stop } }: Driven): Window[] {
  const firstMs = firstRequestMs(windows) ?? 0;
  return within(windows, firstMs, firstMs + stop.atSeconds * 1000);
}

/** Why what k6 did is no load at all; null where it did as told. Its numbers would describe something else. */
function deathOf({ stop }: DriveResult): InvalidReason | null {
  return stop.criterion === "generator-died" ? { code: "generator-died", death: stop.death } : null;
}

/** What detection works on. */
function trialInput(driven: Driven): TrialInput {
  const { suite, facts, settings, recording, drive } = driven;
  const endpoint = (role: string, port: number) => ({ address: facts.addresses[role] ?? "", port });
  const names = Object.keys(suite.upstreams);
  const upstreams = names.map((name) => [name, endpoint(name, reachedPort(suite, name))] as const);
  const { rpsCpus, ...steering } = facts.steering;
  return {
    windows: recording.windows,
    samples: recording.samples,
    events: recording.events,
    criteria: suite.stop,
    signatures: suite.faults,
    stop: drive.stop,
    rampEndMs: rampEndMs(suite.load.rate),
    loadEndMs: drive.idleMs,
    virtualUsers: suite.load.virtualUsers,
    peakPerSecond: peakPerSecond(suite.load.rate),
    due: (ms) => requestsBy(suite.load.rate, ms),
    steadyLoad: !suite.load.rate.repeats,
    // Of a target that is installed already as many as serve.
    replicas: Object.keys(facts.addresses).filter(isTargetRole).length,
    conditions: conditionsOf(suite.experiment),
    relayed: names.filter((name) => hasRelay(suite, name)),
    roles: { target: endpoint("target", suite.target.port), upstreams: Object.fromEntries(upstreams) },
    sysctls: sysctlReadings(driven),
    ports: portsByRole(driven),
    listen: {
      port: suite.target.port,
      effectiveLimit: facts.listenLimits.target ?? null,
      somaxconn: somaxconnOf(settings),
    },
    upstreamLimits: facts.listenLimits,
    cpusAllowed: facts.cpusAllowed,
    generator: facts.generator,
    cpus: facts.cpus,
    platform: driven.platform,
    steering,
    rpsCpus,
    exports: drive.exports,
    thrown: drive.thrown,
    losses: drive.losses,
    deaths: driven.deaths,
  };
}

/** Settings as asked, found, and found again. */
function sysctlReadings({ settings, after }: Driven): SysctlReading[] {
  return settings.map((setting) => {
    const again = after.find(({ role, key }) => role === setting.role && key === setting.key);
    return { ...setting, after: again?.effective ?? null };
  });
}

function portsByRole({ facts, settings }: Driven): Record<string, RolePorts> {
  const all = Object.keys(facts.addresses).map((role) => [role, portsOf(settings, role)] as const);
  return Object.fromEntries(all.flatMap(([role, ports]) => (ports === null ? [] : [[role, ports] as const])));
}

function somaxconnOf(settings: SettingReading[]): number | null {
  const reading = settings.find(({ role, key }) => role === "target" && key === "net.core.somaxconn");
  return reading?.effective == null ? null : Number(reading.effective);
}
