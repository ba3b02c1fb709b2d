import { isTargetRole } from "../core/roles.ts";
import type { AcceptQueueEvidence } from "../results/evidence.ts";
import type { ListenSample, Role } from "../results/samples.ts";
import { counterRises, targetRises } from "./deltas.ts";
import { loadSpan, type Phases, steadySpan } from "./phases.ts";
import { samplesIn, type TrialInput } from "./trial-input.ts";
import { largest } from "./windows.ts";

/** A load without a ramp begins with an empty queue. */
const fillingMs = 1000;

/** The accept queue of the target (of all its copies together), and of each upstream whose queue was looked at. */
export function acceptQueues(input: TrialInput, phases: Phases): AcceptQueueEvidence[] {
  const span = loadSpan(phases);
  const isOf = (role: Role) => (sample: ListenSample) =>
    role === "target" ? isTargetRole(sample.role) : sample.role === role;
  const queueOf = (role: Role, rises: Record<string, number> | null, limits: Limits): AcceptQueueEvidence => {
    const looks = samplesIn(input, span)
      .filter((sample): sample is ListenSample => sample.kind === "listen")
      .filter(isOf(role));
    const fromMs = Math.max(steadySpan(phases).fromMs, phases.firstMs + fillingMs);
    const steady = looks.filter(({ atMs }) => atMs >= fromMs).map(({ queued }) => queued);
    return {
      role,
      ...limits,
      peakQueued: largest(looks.map(({ queued }) => queued)),
      looks: steady.length,
      leastQueued: steady.length === 0 ? null : Math.min(...steady),
      overflows: rises?.ListenOverflows ?? 0,
      drops: rises?.ListenDrops ?? 0,
    };
  };
  const upstreams = Object.entries(input.roles.upstreams).flatMap(([role, { port }]) => {
    const rises = counterRises(input.samples, role, span);
    const limits = { port, effectiveLimit: input.upstreamLimits[role] ?? null, somaxconn: somaxconnOf(input, role) };
    return rises === null ? [] : [queueOf(role, rises, limits)];
  });
  return [queueOf("target", targetRises(input.samples, span), input.listen), ...upstreams];
}

type Limits = Pick<AcceptQueueEvidence, "port" | "effectiveLimit" | "somaxconn">;

function somaxconnOf({ sysctls }: TrialInput, whose: Role): number | null {
  const reading = sysctls.find(({ role, key }) => role === whose && key === "net.core.somaxconn");
  return reading?.effective == null ? null : Number(reading.effective);
}
