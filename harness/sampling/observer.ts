import type { PortRange } from "../core/ports.ts";
import type { Evidence } from "../results/evidence.ts";
import type { Sample, SamplerCost } from "../results/samples.ts";
import { sumCosts } from "../results/sum-costs.ts";
import type { Sampler } from "./sampler.ts";

/** A role to watch: any pid inside its namespace, and the programs whose CPU is its own. */
export interface WatchedRole {
  role: string;
  namespacePid: number;
  partPids(): number[];
  /** Listening port whose accept queue is watched; null = none. */
  listenPort: number | null;
  /** ip_local_port_range as read inside the namespace: a local port within it that is not listening is an outgoing one. */
  portRange: PortRange;
  /** Ports of the range that connect() may use: the range minus ip_local_reserved_ports. */
  usablePorts: number;
}

export interface ObserveRequest {
  roles: WatchedRole[];
  /** Milliseconds on the trial's clock. */
  now: () => number;
  onSample: (sample: Sample) => void;
  /** Where the machine beneath is seen; null = it is not looked at. Absent: this machine, and the target's connection tracking. */
  node?: NodeView | null;
}

/** Where a machine shows itself. */
export interface NodeView {
  /** "/proc", or where another machine's is mounted. */
  proc: string;
  /** Whose namespace's connection tracking is looked at; null = nobody's. */
  conntrack: number | "self" | null;
  /** Roots of all processes of the run, as this process' own /proc has them; null where others of them run elsewhere. */
  runRoots: (() => number[]) | null;
}

/** A running set of samplers. */
export interface Observer {
  /** What they have cost up to now. */
  costs(): SamplerCost[];
  /** Takes one last look of each kind, then says what they cost. */
  stop(): Promise<SamplerCost[]>;
}

/** Samplers as one. */
export function observerOf(samplers: Sampler[]): Observer {
  const costs = () => sumCosts(samplers.map(({ cost }) => cost));
  const stop = async () => {
    for (const sampler of samplers) sampler.stop();
    return costs();
  };
  return { costs, stop };
}

/** Steering as found: part of the evidence. */
export type MachineSteering = Omit<Evidence["steering"], "rpsCpus">;
