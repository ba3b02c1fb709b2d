import type { Caveat } from "../results/caveats.ts";
import { eventsOf } from "../results/events.ts";
import type { GeneratorSign } from "../results/generator-signs.ts";
import type { AttributedWindow } from "./attribute.ts";
import { clusterCaveats } from "./cluster-caveats.ts";
import { calmWindows } from "./condition-spans.ts";
import { deathsOf } from "./deaths.ts";
import type { Phases } from "./phases.ts";
import { checkCaveats } from "./script-checks.ts";
import { noAnswer } from "./silence.ts";
import { thrownCaveats } from "./thrown.ts";
import { inputRoles, type TrialInput } from "./trial-input.ts";
import { coveredSeconds, largest, offeredPerSecond, servedFaults, sum, within } from "./windows.ts";

/** Without windows for so long (they come every 500 ms), a stretch of the load is not known. */
const longestGapMs = 2000;

/** Reservations about a trial as a whole; those about single measures come from measureTrial. */
export function trialCaveats(
  input: TrialInput,
  phases: Phases,
  windows: AttributedWindow[],
  generatorSigns: GeneratorSign[],
): Caveat[] {
  return [
    ...sharedCpus(input),
    ...generatorBound(generatorSigns),
    ...aboutFault(phases, calmWindows(windows, phases.disturbed)),
    ...peakNotReached(input, phases),
    ...offeredMore(input, phases),
    ...windowGap(windows),
    ...stoodStill(input, phases),
    ...notReadBack(input),
    ...endedLater(input),
    ...listenLimitUnknown(input),
    ...checkCaveats(input),
    ...thrownCaveats(input),
    ...logsLost(input),
    ...unauthenticatedRequests(input),
    ...clusterCaveats(input),
  ];
}

/** Of parts in containers of their own it isn't known which CPUs they run on. */
function sharedCpus({ cpus, cpusAllowed, generator, replicas, roles }: TrialInput): Caveat[] {
  if (generator.contained) return [];
  const all = Array.from({ length: cpus }, (_, cpu) => cpu);
  const parts = inputRoles({ replicas, roles });
  const taken = parts.map((role) => cpusAllowed[role] ?? all);
  const shared = all.filter((cpu) => taken.filter((list) => list.includes(cpu)).length > 1);
  if (shared.length === 0) return [];
  return [{ code: "shared-cpus", roles: parts, sharedCpus: shared.length, cpus }];
}

function generatorBound(signs: GeneratorSign[]): Caveat[] {
  return signs.length === 0 ? [] : [{ code: "generator-bound", signs }];
}

function aboutFault({ fault, stopMs }: Phases, windows: AttributedWindow[]): Caveat[] {
  const stray = sum(windows.map(servedFaults));
  if (fault === null) {
    return stray === 0 ? [] : [{ code: "stray-faults", requests: stray }];
  }
  const { kind, inferred } = fault.record;
  const caveats: Caveat[] = [];
  if (!fault.declared) caveats.push({ code: "undeclared-fault", fault: kind });
  if (kind === noAnswer) caveats.push({ code: "no-answer", seconds: (stopMs - fault.atMs) / 1000 });
  if (inferred) caveats.push({ code: "inferred-fault", fault: kind });
  return caveats;
}

/** Without a wall the highest rate asked for is what the trial vouches for. */
function peakNotReached({ windows, peakPerSecond }: TrialInput, { cliff, fault, rampEndMs }: Phases): Caveat[] {
  const offered = largest(windows.map(offeredPerSecond));
  if (cliff !== null || fault !== null || offered >= 0.9 * peakPerSecond) return [];
  const withinRamp = !windows.some(({ startMs }) => startMs >= rampEndMs);
  return [{ code: "peak-not-reached", offeredPerSecond: offered, peakPerSecond, withinRamp }];
}

/** By more than users that come once a second make of themselves. */
const muchMore = 1.1;

function offeredMore({ windows, due }: TrialInput, { firstMs, stopMs }: Phases): Caveat[] {
  const counted = within(windows, firstMs, stopMs).filter(({ begunIterations }) => begunIterations !== undefined);
  const begun = sum(counted.map(({ begunIterations = 0 }) => begunIterations));
  const asked = sum(counted.map(({ startMs, endMs }) => due(endMs - firstMs) - due(startMs - firstMs)));
  if (counted.length === 0 || begun <= muchMore * asked) return [];
  const seconds = coveredSeconds(counted);
  return [{ code: "offered-more", begunPerSecond: begun / seconds, askedPerSecond: asked / seconds }];
}

function windowGap(windows: AttributedWindow[]): Caveat[] {
  const gaps = windows.slice(1).map(({ startMs }, i) => startMs - (windows[i]?.endMs ?? startMs));
  const longest = largest(gaps);
  if (longest <= longestGapMs) return [];
  return [{ code: "window-gap", seconds: longest / 1000 }];
}

function stoodStill({ events }: TrialInput, { stopMs }: Phases): Caveat[] {
  const times = eventsOf(events, "harness-stood-still").filter(({ fromMs }) => fromMs < stopMs);
  if (times.length === 0) return [];
  return [{ code: "harness-stood-still", times: times.length, ms: sum(times.map(({ lastedMs }) => lastedMs)) }];
}

function notReadBack({ sysctls }: TrialInput): Caveat[] {
  const unread = sysctls.filter(
    ({ asked, effective, after }) => asked !== null && effective !== null && after === null,
  );
  if (unread.length === 0) return [];
  return [{ code: "not-read-back", keys: [...new Set(unread.map(({ key }) => key))] }];
}

/** No result of the load, but a service that its clients' leaving ends is worth a word. */
function endedLater(input: TrialInput): Caveat[] {
  return deathsOf(input).later.map((role) => ({ code: "ended-after-stop", role }));
}

function listenLimitUnknown({ listen, platform }: TrialInput): Caveat[] {
  if (listen.effectiveLimit !== null) return [];
  return [{ code: "listen-limit-unknown", port: listen.port, place: platform === null ? "here" : "cluster" }];
}

/** What matters of them was read as it came; what people look for in them later is not there. */
function logsLost({ events }: TrialInput): Caveat[] {
  return eventsOf(events, "log-lost").map(({ role, words }) => ({ code: "log-lost", role, words }));
}

/** None of them is in any number; but they took the relay's time, and somebody meant to be in it. */
function unauthenticatedRequests({ events }: TrialInput): Caveat[] {
  return eventsOf(events, "unauthenticated-requests").map(({ requests }) => ({
    code: "unauthenticated-requests",
    requests,
  }));
}
