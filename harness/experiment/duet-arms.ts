import { quantile } from "../core/histogram.ts";
import { portsOf } from "../core/ports.ts";
import { replicaRole, targetRoles } from "../core/roles.ts";
import { counterRises } from "../detect/deltas.ts";
import { firstRequestMs, successesOf, within } from "../detect/windows.ts";
import type { LoadWindow } from "../engines/engine.ts";
import type { Duet } from "../results/duet.ts";
import type { Role } from "../results/samples.ts";
import type { StopReason } from "../results/stop-reason.ts";
import type { TrialRecord } from "../results/trial.ts";
import type { Window } from "../results/window.ts";
import { rampEndMs, shareOfRate } from "../suite/rate.ts";
import type { Suite } from "../suite/suite.ts";
import { PartFailure } from "../testbeds/failures.ts";
import { decide } from "./drive-load.ts";
import type { Recording } from "./recording.ts";
import { type Driven, measuredTrial } from "./trial-record.ts";
import { failedTrial, invalid, type TrialIdentity } from "./unmeasured-trial.ts";

/** A trial's record and what it was made from. */
export interface RecordedTrial {
  record: TrialRecord;
  series: Pick<Recording, "windows" | "samples" | "events">;
}

/** Two arms are two copies of the target. */
export function duetSuite(suite: Suite): Suite {
  return { ...suite, target: { ...suite.target, replicas: 2 } };
}

/** One load on two copies of the target as two trials: each with its own half of the load, as if it had been alone. `references`: of each arm. */
export function duetTrials(
  identities: TrialIdentity[],
  driven: Driven,
  references: TrialRecord["references"][],
): RecordedTrial[] {
  const recorded = identities.map((identity, arm) => {
    const own = armOf(driven, arm, references[arm] ?? {});
    const beside = identities[1 - arm]?.planned.sequence ?? 0;
    const record = withoutCapacity(measuredTrial(identity, own));
    const duet: Duet = { place: arm === 0 ? 1 : 2, beside, windows: comparedWindows(driven, arm) };
    return { record: { ...notReached(record, own), duet }, series: own.recording };
  });
  return bothOrNone(recorded);
}

/** The records of trials of which a part failed before the load; what only one arm has failed in that alone. */
export function failedTrials(identities: TrialIdentity[], failure: PartFailure): TrialRecord[] {
  const arm = targetRoles(identities.length).indexOf(failure.role);
  const what = failure.summary.slice(failure.role.length + 1);
  return identities.map((identity, index) => {
    const role = roleInArm(failure.role, index);
    const failed = failedTrial(identity, new PartFailure(role, what, failure.lastLines, failure.hint ?? undefined));
    const profile = identities[arm]?.planned.profile;
    if (profile === undefined || arm === index) return failed;
    return { ...failed, ...invalid({ code: "other-arm-invalid", profile }), lastWords: {} };
  });
}

/** A trial without the one beside it says nothing. */
function bothOrNone(recorded: RecordedTrial[]): RecordedTrial[] {
  return recorded.map((one, arm) => {
    const other = recorded[1 - arm]?.record;
    if (other === undefined || other.valid || !one.record.valid) return one;
    return { ...one, record: { ...one.record, ...invalid({ code: "other-arm-invalid", profile: other.profile }) } };
  });
}

/** A further copy of the target is the target of its arm. */
function roleInArm(role: Role, arm: number): Role {
  return role === replicaRole(arm + 1) ? "target" : role;
}

function armOf(driven: Driven, arm: number, references: TrialRecord["references"]): Driven {
  const { suite, facts, recording, drive } = driven;
  const other = replicaRole(2 - arm);
  // What is of no role is both arms'.
  const named = <T extends object>(items: readonly T[]): T[] =>
    items.flatMap((item) => {
      if (!("role" in item)) return [item];
      return item.role === other ? [] : [{ ...item, role: roleInArm(String(item.role), arm) }];
    });
  const byRole = <V>(record: Record<Role, V>): Record<Role, V> =>
    Object.fromEntries(
      Object.entries(record).flatMap(([role, value]) => (role === other ? [] : [[roleInArm(role, arm), value]])),
    );
  const ofArm: Recording = {
    ...recording,
    windows: recording.windows.map((window) => windowOf(window, arm)),
    samples: named(recording.samples),
    events: named(recording.events),
  };
  const half = { ...suite.load, rate: shareOfRate(suite.load.rate, 0.5) };
  const stop = { ...suite.stop, requests: null };
  const asked = { ...suite, target: { ...suite.target, replicas: 1 }, load: half, stop };
  const settings = named(driven.settings);
  const usablePorts = portsOf(settings, "target")?.usable ?? null;
  return {
    ...driven,
    suite: asked,
    facts: {
      ...facts,
      addresses: byRole(facts.addresses),
      cpusAllowed: byRole(facts.cpusAllowed),
      listenLimits: byRole(facts.listenLimits),
      steering: { ...facts.steering, rpsCpus: byRole(facts.steering.rpsCpus) },
    },
    settings,
    after: named(driven.after),
    recording: ofArm,
    drive: {
      ...drive,
      stop: stopOf(drive.stop, other, { suite: asked, recording: ofArm, usablePorts, wallRequests: null }),
    },
    references,
    deaths: byRole(driven.deaths),
  };
}

function windowOf({ arms, ...whole }: LoadWindow, arm: number): Window {
  return arms?.[arm] ?? whole;
}

/** What ended the load may have been met by the other arm alone: then this one's load ended with it. */
function stopOf(stop: StopReason, other: Role, arm: Parameters<typeof decide>[0]): StopReason {
  const ended: StopReason = { criterion: "load-ended", atSeconds: stop.atSeconds };
  switch (stop.criterion) {
    case "target-died":
      return stop.role === other ? ended : { ...stop, role: "target" };
    case "requests":
      return ended;
    case "fault":
    case "latency":
    case "cliff":
    case "saturated":
      return decide(arm) ?? ended;
    default:
      return stop;
  }
}

/** Both arms got half of one load: what either could take beyond is not asked, and no wall is looked for. */
function withoutCapacity(record: TrialRecord): TrialRecord {
  const walls = { requestsBeforeWall: null, timeToWallSeconds: null, scanCliffSeconds: null };
  return { ...record, measures: { ...record.measures, ...walls } };
}

/** A script that goes past the lib may ask the first copy for both. */
function notReached(record: TrialRecord, { recording: { samples, windows } }: Driven): TrialRecord {
  const span = { fromMs: firstRequestMs(windows) ?? 0, toMs: Number.POSITIVE_INFINITY };
  const opened = counterRises(samples, "target", span)?.PassiveOpens ?? null;
  if (!record.valid || opened !== 0 || record.successes === 0) return record;
  return { ...record, ...invalid({ code: "arm-not-reached", requests: record.requests }) };
}

/** Windows of both arms have the same borders. */
function comparedWindows({ suite, recording: { windows }, drive: { stop } }: Driven, arm: number): Duet["windows"] {
  const firstMs = firstRequestMs(windows) ?? 0;
  const steady = within(windows, firstMs + rampEndMs(suite.load.rate), firstMs + stop.atSeconds * 1000);
  return steady.map((whole) => {
    const window = windowOf(whole, arm);
    const { startMs, endMs, requests, latencyMs } = window;
    const quantileOf = (q: number) => (latencyMs === null || latencyMs.count === 0 ? null : quantile(latencyMs, q));
    const failed = requests - successesOf(window);
    return { startMs, endMs, requests, failed, p50Ms: quantileOf(0.5), p90Ms: quantileOf(0.9) };
  });
}
