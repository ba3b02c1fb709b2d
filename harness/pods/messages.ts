import type { PortRange } from "../core/ports.ts";
import type { LiveSample, LiveSteering } from "../results/live-samples.ts";
import type { Sample, SamplerCost } from "../results/samples.ts";

/**
 * What the programs inside pods write to their logs, as numbered lines (harness/lines). `ms` is the writer's performance.now(),
 * `unixMs` its node's wall clock, which also stamps the log; both count milliseconds. A trial is named as its label has it: "003".
 */
export type RelayMessage =
  | RelayBeat
  | {
      /** A runner is there and waits for the start. */
      kind: "registered";
      ms: number;
      trial: string;
      /** 0-based. */
      runner: number;
      pod: string;
      node: string | null;
    }
  /** All runners of the trial are there: the instant at which they begin, on the relay's wall clock. */
  | { kind: "start"; ms: number; unixMs: number; trial: string; startUnixMs: number }
  | RelayExport
  /** The harness asked for the trial's runners to end: they are being told. */
  | { kind: "stopping"; ms: number; trial: string }
  /** Each runner was told, or could not be: when it confirmed (runner -> ms), null where it did not. */
  | { kind: "stopped"; ms: number; trial: string; answers: Record<string, number | null> }
  /** The harness gave no sign of life: the run's objects are being deleted. */
  | { kind: "abandoned"; ms: number; silentMs: number }
  /** Something did not work; the relay goes on. */
  | { kind: "trouble"; ms: number; detail: string };

/** Once a second. */
export interface RelayBeat {
  kind: "beat";
  ms: number;
  unixMs: number;
  /** Trial -> runner -> exports so far: all of them stand in the lines before this one. */
  trials: Record<string, Record<string, number>>;
  /** Requests without the run's secret since the beat before. */
  unauthenticated: number;
}

/** One OTLP export of a runner as it came in. */
export interface RelayExport {
  kind: "export";
  ms: number;
  unixMs: number;
  trial: string;
  runner: number;
  /** From 1, for each runner of each trial. */
  seq: number;
  /** As the runner packed it. */
  encoding: "identity" | "gzip";
  /** The request's body in base64. */
  body: string;
}

export type SamplerMessage =
  | { kind: "beat"; ms: number; unixMs: number }
  /** What was read inside the pod; null where it could not be. The sampler's first line, then once a second. */
  | { kind: "settings"; ms: number; unixMs: number; values: Record<string, string | null> }
  /** `sample.atMs` is on the writer's performance.now(). */
  | { kind: "sample"; ms: number; sample: Sample }
  /** What the looks have cost up to now, once a second; `last` in the sampler's last line: its pod was told to end. */
  | { kind: "costs"; ms: number; samplers: SamplerCost[]; last: boolean };

/** What the relay is told, as JSON in TUNEBENCH_RELAY, beside the run's secret. The cluster's own variables and account say how its API is reached. */
export interface RelaySettings {
  namespace: string;
  /** Name of the run's owner (a ConfigMap) and of the harness's Lease. */
  run: string;
  /** So long without a sign of life, and the run is deleted. */
  silenceMs: number;
}

/** What a runner's stop-generator is told, as JSON in TUNEBENCH_STOP, beside the run's secret. */
export interface StopSettings {
  /** host:port of the relay. */
  relay: string;
  trial: string;
  /** host:port at which the generator is told to end, on the pod's loopback. */
  generator: string;
}

/** What a sampler is told, as JSON in TUNEBENCH_SAMPLER. */
export interface SamplerSettings {
  role: string;
  /** Settings that it reads inside the pod, dotted. */
  keys: string[];
  /** Where the part listens; null = it does not (the generator, a node). */
  listenPort: number | null;
  /** "pod": the pod's network and, where its processes share a namespace, their CPU. "pod-and-node": the machine beneath as well, as far as a pod may see it. "node": that alone, by the host's /proc (TUNEBENCH_PROC). */
  looks: "pod" | "pod-and-node" | "node";
  /** Of one that was put into a pod of others: it ends by itself after so long; whether that pod's containers share one process namespace. */
  guest?: { seconds: number; sharesProcesses: boolean };
}

/** What a program that looks at a live service is told, as JSON in TUNEBENCH_LOOK. */
export interface LookSettings {
  /** It ends by itself after so long. */
  seconds: number;
  /** Settings that it reads inside the pod, dotted. */
  keys: string[];
  /** Id of the container that is looked at from the node, by which its processes are known in the node's /proc; null: the program is in its pod. */
  containerId: string | null;
  /** The pod's containers share one process namespace. */
  sharesProcesses: boolean;
  /** ip_local_port_range of the pod, where it can't be read from where the program is; null: it is read. */
  portRange: PortRange | null;
}

/** What it writes to its log, as numbered lines. */
export type LookMessage =
  | { kind: "beat"; ms: number; unixMs: number }
  | { kind: "settings"; ms: number; unixMs: number; values: Record<string, string | null> }
  /** The target's first processes, as it sees them ([]: none), the CPUs that they may run on (null where that can't be told), the kernel's release. */
  | { kind: "processes"; ms: number; pids: number[]; cpusAllowed: number | null; kernel: string }
  /** Of the machine beneath, from its node alone; told once. */
  | { kind: "steering"; ms: number; steering: LiveSteering }
  | { kind: "sample"; ms: number; sample: LiveSample }
  | { kind: "costs"; ms: number; samplers: SamplerCost[]; last: boolean };
