import type { RolePorts } from "../core/ports.ts";
import { targetRoles } from "../core/roles.ts";
import type { FaultSignature, StopCriteria } from "../results/criteria.ts";
import type { TrialEvent } from "../results/events.ts";
import type { Evidence } from "../results/evidence.ts";
import type { Condition } from "../results/goals.ts";
import type { LoadLoss } from "../results/invalid-reason.ts";
import type { Role, Sample } from "../results/samples.ts";
import type { StopReason } from "../results/stop-reason.ts";
import type { SysctlReading, TrialPlatform } from "../results/trial.ts";
import type { Window } from "../results/window.ts";
import type { Span } from "./deltas.ts";

/** Everything that a trial's summary is made from. Times in ms on the trial's clock unless said otherwise. */
export interface TrialInput {
  windows: Window[];
  samples: Sample[];
  events: TrialEvent[];
  criteria: StopCriteria;
  signatures: FaultSignature[];
  /** null where the load was ended by nothing that is known. */
  stop: StopReason | null;
  /** End of the ramp, since the first request. */
  rampEndMs: number;
  /** When the load was over, for a trial without a stop. */
  loadEndMs: number;
  /** preAllocatedVUs = maxVUs. */
  virtualUsers: number;
  peakPerSecond: number;
  /** Iterations that the load's schedule asks for in the first ms after its first request. */
  due: (ms: number) => number;
  /** Whether the load asks for one rate once its ramp is over; bursts do not. */
  steadyLoad: boolean;
  /** Copies of the target. */
  replicas: number;
  /** [] where the load is one. */
  conditions: Condition[];
  /** Upstreams that are reached through a relay. */
  relayed: Role[];
  /** Where the parts listen, as the target reaches them; the names of destinations come from here. */
  roles: { target: Endpoint; upstreams: Record<string, Endpoint> };
  sysctls: SysctlReading[];
  /** By role; a role whose range could not be read is left out. */
  ports: Record<Role, RolePorts>;
  /** The target's listening socket; `somaxconn` as read inside its namespace. */
  listen: { port: number; effectiveLimit: number | null; somaxconn: number | null };
  /** Effective limits of accept queues by role; null, or left out, where one could not be read. */
  upstreamLimits: Record<Role, number | null>;
  /** CPUs each role may run on; null = all. */
  cpusAllowed: Record<Role, number[] | null>;
  /**
   * The generator: whether it is a container of its own, whose CPU limit can be told from the others'; its cores, null where not known; and to
   * how many ms it is known when it began.
   */
  generator: { contained: boolean; cores: number | null; startKnownToMs: number };
  /** CPUs of the machine that the target runs on. */
  cpus: number;
  /** Where that is; null where all parts run on this machine. */
  platform: TrialPlatform | null;
  steering: Omit<Evidence["steering"], "rpsCpus">;
  rpsCpus: Record<Role, string | null>;
  exports: { received: number; failed: number };
  /** Iterations that the script threw in. */
  thrown: number;
  /** What of load and samplers got lost on its way here. */
  losses: LoadLoss[];
  /** Parts that ended unasked -> their last lines. */
  deaths: Record<Role, string[]>;
}

/** generator, target and its copies, then each upstream. */
export function inputRoles({ replicas, roles }: Pick<TrialInput, "replicas" | "roles">): Role[] {
  return ["generator", ...targetRoles(replicas), ...Object.keys(roles.upstreams)];
}

/** Samples of a span. */
export function samplesIn({ samples }: TrialInput, { fromMs, toMs }: Span): Sample[] {
  return samples.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs);
}

/** What the suite calls a destination; null where that is none of its parts. */
export function partAt({ roles }: TrialInput, { address, port }: Endpoint): string | null {
  const parts = { ...roles.upstreams, target: roles.target };
  const found = Object.entries(parts).find(([, part]) => part.address === address && part.port === port);
  return found?.[0] ?? null;
}

/** Address and port of a part as others reach it. */
export interface Endpoint {
  address: string;
  port: number;
}
