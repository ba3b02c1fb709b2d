import { formatSeconds } from "../core/units.ts";
import { eventsOf } from "../results/events.ts";
import type { Doubt, GeneratorHealth } from "../results/trial.ts";
import type { AttributedWindow } from "./attribute.ts";
import { clusterDoubts } from "./cluster-doubts.ts";
import { calmWindows } from "./condition-spans.ts";
import { deathsOf } from "./deaths.ts";
import type { Moments } from "./moments.ts";
import { noAnswer } from "./silence.ts";
import { rolesOf, type TrialInput } from "./trial-input.ts";
import { largest, offeredPerSecond, servedFaults, sum } from "./windows.ts";

/** Without windows for so long (they come every 500 ms), a stretch of the load is not known. */
const longestGapMs = 2000;

/** Reservations about a trial as a whole; those about single measures come from measureTrial. */
export function trialDoubts(
  input: TrialInput,
  moments: Moments,
  windows: AttributedWindow[],
  generator: GeneratorHealth,
): Doubt[] {
  return [
    ...sharedCpus(input),
    ...generatorBound(generator),
    ...aboutFault(moments, calmWindows(windows, moments.disturbed)),
    ...peakNotReached(input, moments),
    ...windowGap(windows),
    ...notReadBack(input),
    ...endedLater(input),
    ...listenLimitUnknown(input),
    ...logsLost(input),
    ...clusterDoubts(input),
  ];
}

function sharedCpus({ cpus, cpusAllowed, platform, replicas, roles }: TrialInput): Doubt[] {
  if (platform !== null) return [];
  const all = Array.from({ length: cpus }, (_, cpu) => cpu);
  const parts = rolesOf({ replicas, roles });
  const taken = parts.map((role) => cpusAllowed[role] ?? all);
  const shared = all.filter((cpu) => taken.filter((list) => list.includes(cpu)).length > 1);
  if (shared.length === 0) return [];
  const message = `${parts.join(", ")} shared ${shared.length} of ${cpus} CPUs: each can slow the others`;
  return [{ code: "shared-cpus", message }];
}

function generatorBound({ bound, reasons }: GeneratorHealth): Doubt[] {
  const message = `the generator was the limit (${reasons.join("; ")}): capacity is at least this, latency is not known`;
  return bound ? [{ code: "generator-bound", message }] : [];
}

function aboutFault({ fault, stopMs }: Moments, windows: AttributedWindow[]): Doubt[] {
  const stray = sum(windows.map(servedFaults));
  if (fault === null) {
    const message = `${stray} requests failed, too few or too scattered to count as a wall`;
    return stray === 0 ? [] : [{ code: "stray-faults", message }];
  }
  const { kind, inferred } = fault.record;
  const doubts: Doubt[] = [];
  if (!fault.declared) {
    doubts.push({
      code: "undeclared-fault",
      message: `the service broke with ${kind}, which the suite does not declare`,
    });
  }
  if (kind === noAnswer) {
    const seconds = (stopMs - fault.atMs) / 1000;
    const message = `nothing was answered for the last ${formatSeconds(seconds)} of the load, with every virtual user waiting: the target, or an upstream that it waits for, hung`;
    doubts.push({ code: "no-answer", message });
  }
  if (inferred) {
    const message = `${kind} was said nowhere: it is inferred from a 5xx with over 99% of the ports to one destination in use`;
    doubts.push({ code: "inferred-fault", message });
  }
  return doubts;
}

/** Without a wall the highest rate asked for is what the trial vouches for. */
function peakNotReached({ windows, peakPerSecond }: TrialInput, { cliff, fault, rampEndMs }: Moments): Doubt[] {
  const offered = largest(windows.map(offeredPerSecond));
  if (cliff !== null || fault !== null || offered >= 0.9 * peakPerSecond) return [];
  const why = windows.some(({ startMs }) => startMs >= rampEndMs) ? "" : ": the load stopped within its ramp";
  const message = `at most ${Math.round(offered)} of ${peakPerSecond} requests a second were asked for${why}`;
  return [{ code: "peak-not-reached", message }];
}

function windowGap(windows: AttributedWindow[]): Doubt[] {
  const gaps = windows.slice(1).map(({ startMs }, i) => startMs - (windows[i]?.endMs ?? startMs));
  const longest = largest(gaps);
  if (longest <= longestGapMs) return [];
  return [{ code: "window-gap", message: `the generator reported nothing for ${formatSeconds(longest / 1000)}` }];
}

function notReadBack({ sysctls }: TrialInput): Doubt[] {
  const unread = sysctls.filter(
    ({ asked, effective, after }) => asked !== null && effective !== null && after === null,
  );
  if (unread.length === 0) return [];
  const keys = [...new Set(unread.map(({ key }) => key))].join(", ");
  return [{ code: "not-read-back", message: `could not be read again after the load: ${keys}` }];
}

/** No result of the load, but a service that its clients' leaving ends is worth a word. */
function endedLater(input: TrialInput): Doubt[] {
  return deathsOf(input).later.map((role) => ({
    code: "ended-after-stop",
    message: `${role} ended after the load's stop`,
  }));
}

function listenLimitUnknown({ listen, platform }: TrialInput): Doubt[] {
  if (listen.effectiveLimit !== null) return [];
  const why = platform === null ? "could not be read (ss)" : "can't be read from beside the target's container";
  const message = `the accept queue's limit on port ${listen.port} ${why}: overflows are counted, against what is not known`;
  return [{ code: "listen-limit-unknown", message }];
}

/** What matters of them was read as it came; what people look for in them later is not there. */
function logsLost({ events }: TrialInput): Doubt[] {
  return eventsOf(events, "log-lost").map(({ role, words }) => ({
    code: "log-lost",
    message: `the log of ${role} ends early: ${words}`,
  }));
}
