import { endpointText } from "../core/endpoint.ts";
import { isTargetRole } from "../core/roles.ts";
import { normalValue } from "../knowledge/keys.ts";
import { eventsOf } from "../results/events.ts";
import type { InvalidReason } from "../results/invalid-reason.ts";
import type { SysctlReading } from "../results/trial.ts";
import { deathsOf } from "./deaths.ts";
import type { Phases } from "./phases.ts";
import { thrownReason } from "./thrown.ts";
import type { TrialInput } from "./trial-input.ts";
import { largest, successesOf, sum } from "./windows.ts";

/** Without a look at the target's sockets for so long, the harness itself was held up. */
const longestGapMs = 5000;

/**
 * Why a trial must not be read as a measurement; null where it may. `phases` is null where no request was completed.
 * The first reason that holds is given: the script's own errors, lost parts, lost numbers, settings that were not what was asked, blind spots.
 */
export function invalidReason(input: TrialInput, phases: Phases | null): InvalidReason | null {
  return (
    thrownReason(input) ??
    deathReason(input) ??
    exportReason(input) ??
    lossReason(input) ??
    settingReason(input.sysctls) ??
    servedReason(input, phases) ??
    (phases === null ? null : gapReason(input, phases))
  );
}

/** The target may die of the load, or of what was done to another part, which is a result; no other part may. */
function deathReason(input: TrialInput): InvalidReason | null {
  if (input.stop?.criterion === "part-lost") return { code: "part-lost", words: input.stop.words };
  const role = deathsOf(input).underLoad.find((one) => !isTargetRole(one));
  return role === undefined ? null : { code: "part-died", role, lastLine: input.deaths[role]?.at(-1) ?? null };
}

function exportReason({ exports: { failed, received } }: TrialInput): InvalidReason | null {
  return failed === 0 ? null : { code: "exports-lost", lost: failed, exports: failed + received };
}

function lossReason({ losses: [loss, ...others] }: TrialInput): InvalidReason | null {
  return loss === undefined ? null : { code: "load-lost", loss, more: others.length };
}

function settingReason(sysctls: SysctlReading[]): InvalidReason | null {
  for (const { role, key, asked, effective, after } of sysctls) {
    const found = effective === null ? null : normalValue(effective);
    if (asked !== null && found !== normalValue(asked)) return { code: "setting-not-taken", role, key, asked, found };
    if (found !== null && after !== null && normalValue(after) !== found)
      return { code: "setting-changed", role, key, before: found, after: normalValue(after) };
  }
  return null;
}

function servedReason(input: TrialInput, phases: Phases | null): InvalidReason | null {
  if (phases === null) return { code: "no-request-completed" };
  return sum(input.windows.map(successesOf)) === 0 ? nothingServed(input) : null;
}

/** What came instead, and what was asked: of the first failed responses. */
function nothingServed({ windows, events, roles: { target }, replicas }: TrialInput): InvalidReason {
  const counts = new Map<string, number>();
  for (const { kind, count } of windows.flatMap(({ faults }) => faults))
    counts.set(kind, (counts.get(kind) ?? 0) + count);
  const faults = [...counts].map(([kind, count]) => ({ kind, count })).sort((a, b) => b.count - a.count);
  const targetUrl = `http://${endpointText(target.address, target.port)}`;
  const url = eventsOf(events, "response-seen")[0]?.url ?? null;
  // Further copies have addresses of their own.
  const asked =
    url === null ? null : { url, isTarget: replicas > 1 || url === targetUrl || url.startsWith(`${targetUrl}/`) };
  return { code: "nothing-served", faults, asked, targetUrl };
}

/** The machine's sleep is no gap on the trial's clock. In a cluster the samplers go on while the harness stands still. */
function gapReason({ platform, samples, events }: TrialInput, { firstMs, stopMs }: Phases): InvalidReason | null {
  const looks = samples.flatMap((sample) =>
    sample.kind === "sockets" && sample.role === "target" && sample.atMs >= firstMs && sample.atMs <= stopMs
      ? [sample.atMs]
      : [],
  );
  const times = [firstMs, ...looks, stopMs];
  const gaps = times.slice(1).map((ms, i) => ms - (times[i] ?? ms));
  const stood = eventsOf(events, "harness-stood-still").filter(({ atMs, fromMs }) => atMs > firstMs && fromMs < stopMs);
  const longest = largest([...gaps, ...(platform === null ? stood.map(({ lastedMs }) => lastedMs) : [])]);
  if (longest <= longestGapMs) return null;
  return { code: "not-watched", seconds: longest / 1000, watcher: platform === null ? "harness" : "sampler" };
}
