import type { Caveat, CaveatOf } from "../results/caveats.ts";
import type { Measures } from "../results/trial.ts";
import { coresOf, targetRises } from "./deltas.ts";
import { loadSpan, type Phases } from "./phases.ts";
import { inputRoles, type TrialInput } from "./trial-input.ts";

/** What should have been sampled and was not, and what was sampled but only before the ramp's end. */
export function missingMeasures(input: TrialInput, phases: Phases, measures: Measures): Caveat[] {
  const { samples } = input;
  const load = loadSpan(phases);
  const opened = targetRises(samples, load)?.ActiveOpens !== undefined;
  const roles = inputRoles(input).filter((role) => measures.cpuCores[role] === null);
  const sampled = roles.filter((role) => coresOf(samples, role, load) !== null);
  const noRate = measures.connectionsPerSecond === null;
  return [
    ...notSampled(measures.timeWaitPeak === null, "sockets"),
    ...notSampled(noRate && !opened, "opened-connections"),
    // Of a node that nobody watches that is said once for all that it would show (cluster-caveats.ts).
    ...notSampled(measures.softirqMaxShare === null && input.platform?.nodeObserved !== false, "receive-work"),
    ...roles.filter((role) => !sampled.includes(role)).map((role): Caveat => ({ code: "cpu-time-not-sampled", role })),
    ...notAfterRamp(noRate && opened, sampled),
  ];
}

function notSampled(absent: boolean, sampler: CaveatOf<"missing-sampler">["sampler"]): Caveat[] {
  return absent ? [{ code: "missing-sampler", sampler }] : [];
}

function notAfterRamp(connectionRate: boolean, cpuRoles: string[]): Caveat[] {
  if (!connectionRate && cpuRoles.length === 0) return [];
  return [{ code: "nothing-after-ramp", connectionRate, cpuRoles }];
}
