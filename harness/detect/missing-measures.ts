import type { Doubt, Measures } from "../results/trial.ts";
import { coresOf, targetRises } from "./deltas.ts";
import { loadSpan, type Moments } from "./moments.ts";
import { rolesOf, type TrialInput } from "./trial-input.ts";

/** What should have been sampled and was not, and what was sampled but only before the ramp's end. */
export function missingMeasures(input: TrialInput, moments: Moments, measures: Measures): Doubt[] {
  const { samples } = input;
  const load = loadSpan(moments);
  const opened = targetRises(samples, load)?.ActiveOpens !== undefined;
  const roles = rolesOf(input).filter((role) => measures.cpuCores[role] === null);
  const sampled = roles.filter((role) => coresOf(samples, role, load) !== null);
  const noRate = measures.connectionsPerSecond === null;
  return [
    ...notSampled(measures.timeWaitPeak === null, "the target's sockets"),
    ...notSampled(noRate && !opened, "the target's count of opened connections"),
    // In a cluster that takes a pod of its own, and its absence is said once for all that it shows (cluster-doubts.ts).
    ...notSampled(measures.softirqMaxShare === null && input.platform === null, "receive work per CPU"),
    ...roles.flatMap((role) => notSampled(!sampled.includes(role), `CPU time of ${role}`)),
    ...notAfterRamp([
      ...(noRate && opened ? ["rate of opened connections"] : []),
      ...(sampled.length === 0 ? [] : [`CPU use of ${sampled.join(", ")}`]),
    ]),
  ];
}

function notSampled(absent: boolean, what: string): Doubt[] {
  return absent ? [{ code: "missing-sampler", message: `${what} was not sampled during the load` }] : [];
}

function notAfterRamp(absent: string[]): Doubt[] {
  if (absent.length === 0) return [];
  const message = `the load stopped before its ramp had ended, or just after: there is no ${absent.join(" and no ")}`;
  return [{ code: "ramp-not-over", message }];
}
