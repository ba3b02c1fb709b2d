import { isTargetRole } from "../core/roles.ts";
import { formatSeconds } from "../core/units.ts";
import { normalValue } from "../knowledge/keys.ts";
import type { SysctlReading } from "../results/trial.ts";
import { deathsOf } from "./deaths.ts";
import type { Moments } from "./moments.ts";
import type { TrialInput } from "./trial-input.ts";
import { largest, successesOf, sum } from "./windows.ts";

/** Without a look at the target's sockets for so long, the harness itself was held up. */
const longestGapMs = 5000;

/**
 * Why a trial must not be read as a measurement; null where it may. `moments` is null where no request was completed.
 * The first reason that holds is given: lost parts, lost numbers, settings that were not what was asked, blind spots.
 */
export function invalidReason(input: TrialInput, moments: Moments | null): string | null {
  return (
    deathReason(input) ??
    exportReason(input) ??
    lossReason(input) ??
    settingReason(input.sysctls) ??
    servedReason(input, moments) ??
    (moments === null ? null : gapReason(input, moments))
  );
}

/** The target may die of the load, or of what was done to another part, which is a result; no other part may. */
function deathReason(input: TrialInput): string | null {
  if (input.stop?.criterion === "part-lost") return input.stop.detail;
  const dead = deathsOf(input).underLoad.find((role) => !isTargetRole(role));
  if (dead === undefined) return null;
  const words = input.deaths[dead]?.at(-1);
  return `${dead} ended under load${words === undefined ? "" : `: ${words}`}`;
}

function exportReason({ exports: { failed, received } }: TrialInput): string | null {
  return failed === 0 ? null : `${failed} of ${failed + received} exports of the generator were lost`;
}

function lossReason({ losses: [first, ...others] }: TrialInput): string | null {
  if (first === undefined) return null;
  return others.length === 0 ? first : `${first} (and ${others.length} more of its kind)`;
}

function settingReason(sysctls: SysctlReading[]): string | null {
  for (const { role, key, asked, effective, after } of sysctls) {
    const found = effective === null ? "unreadable" : normalValue(effective);
    if (asked !== null && found !== normalValue(asked))
      return `${key} of ${role} did not take: asked ${asked}, found ${found}`;
    if (effective !== null && after !== null && normalValue(after) !== found) {
      return `${key} of ${role} changed during the trial: ${found} before the load, ${normalValue(after)} after`;
    }
  }
  return null;
}

function servedReason({ windows }: TrialInput, moments: Moments | null): string | null {
  if (moments === null) return "no request was completed";
  return sum(windows.map(successesOf)) === 0 ? "the target never served a request" : null;
}

function gapReason({ platform, samples }: TrialInput, { firstMs, stopMs }: Moments): string | null {
  const looks = samples.flatMap((sample) =>
    sample.kind === "sockets" && sample.role === "target" && sample.atMs >= firstMs && sample.atMs <= stopMs
      ? [sample.atMs]
      : [],
  );
  const times = [firstMs, ...looks, stopMs];
  const longest = largest(times.slice(1).map((ms, i) => ms - (times[i] ?? ms)));
  if (longest <= longestGapMs) return null;
  const who = platform === null ? "the harness" : "its sampler, or what it told,";
  return `the target was not watched for ${formatSeconds(longest / 1000)} of the load: ${who} was held up`;
}
