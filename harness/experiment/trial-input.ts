import { targetRoles } from "../core/roles.ts";
import type { RolePorts, TrialInput } from "../detect/trial-input.ts";
import type { Evidence } from "../results/evidence.ts";
import { conditionsOf } from "../results/experiment.ts";
import type { SysctlReading } from "../results/trial.ts";
import { cpusOfList } from "../suite/cpu-list.ts";
import { peakPerSecond, rampEndMs } from "../suite/rate.ts";
import { hasRelay, reachedPort } from "../suite/relays.ts";
import type { Suite } from "../suite/suite.ts";
import type { SettingReading, Stage } from "../testbeds/testbed.ts";
import type { DriveResult } from "./drive-load.ts";
import { portFacts } from "./port-facts.ts";
import type { Recording } from "./recording.ts";

/** What was read once, before the load. */
export interface Surroundings {
  /** Of the target's and each upstream's port; null where it could not be read. */
  listenLimits: Record<string, number | null>;
  steering: Evidence["steering"];
}

/** All that is known of a trial whose load was driven. */
export interface Driven {
  suite: Suite;
  stage: Stage;
  recording: Recording;
  drive: DriveResult;
  /** Settings read again after the load. */
  after: SettingReading[];
  found: Surroundings;
  /** Parts that ended unasked -> their last lines. */
  deaths: Record<string, string[]>;
}

/** What detection works on. */
export function trialInput(driven: Driven): TrialInput {
  const { suite, stage, recording, drive, found } = driven;
  const endpoint = (role: string, port: number) => ({ address: stage.addresses[role] ?? "", port });
  const names = Object.keys(suite.upstreams);
  const upstreams = names.map((name) => [name, endpoint(name, reachedPort(suite, name))] as const);
  const { rpsCpus, ...steering } = found.steering;
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
    steadyLoad: !suite.load.rate.repeats,
    replicas: suite.target.replicas,
    conditions: conditionsOf(suite.experiment),
    relayed: names.filter((name) => hasRelay(suite, name)),
    roles: { target: endpoint("target", suite.target.port), upstreams: Object.fromEntries(upstreams) },
    sysctls: sysctlReadings(driven),
    ports: portsByRole(stage),
    listen: {
      port: suite.target.port,
      effectiveLimit: found.listenLimits.target ?? null,
      somaxconn: somaxconnOf(stage),
    },
    upstreamLimits: found.listenLimits,
    cpusAllowed: cpusAllowed(suite, stage),
    cpus: stage.cpus,
    platform: stage.platform(),
    steering,
    rpsCpus,
    exports: drive.exports,
    losses: drive.losses,
    deaths: driven.deaths,
  };
}

/** Settings as asked, found, and found again. */
function sysctlReadings({ stage, after }: Driven): SysctlReading[] {
  return stage.settings.map((setting) => {
    const again = after.find(({ role, key }) => role === setting.role && key === setting.key);
    return { ...setting, after: again?.effective ?? null };
  });
}

function portsByRole(stage: Stage): Record<string, RolePorts> {
  const facts = Object.keys(stage.addresses).map((role) => [role, portFacts(stage.settings, role)] as const);
  return Object.fromEntries(facts.flatMap(([role, ports]) => (ports === null ? [] : [[role, ports] as const])));
}

function somaxconnOf(stage: Stage): number | null {
  const reading = stage.settings.find(({ role, key }) => role === "target" && key === "net.core.somaxconn");
  return reading?.effective == null ? null : Number(reading.effective);
}

/** Pods are pinned to no CPUs: what the suite says of them is for this machine. */
function cpusAllowed(suite: Suite, { hands }: Stage): Record<string, number[] | null> {
  const targets = targetRoles(suite.target.replicas).map((role) => [role, suite.target] as const);
  const all = [["generator", suite.generator] as const, ...targets, ...Object.entries(suite.upstreams)];
  const pinned = (cpus: string | null) => (cpus === null || hands.kind === "remote" ? null : cpusOfList(cpus));
  return Object.fromEntries(all.map(([role, { cpus }]) => [role, pinned(cpus)]));
}
