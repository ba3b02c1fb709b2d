import type { FaultSignature, StopCriteria } from "./criteria.ts";
import type { Doubt } from "./trial.ts";

/** The machine and tools a run was made with. What differs between two runs is named before they are compared. */
export interface Provenance {
  tunebench: string;
  node: string;
  k6: string;
  kernel: string;
  cpuModel: string;
  cpus: number;
  memoryBytes: number;
  /** Environment's kind and whether it ran with root's rights. */
  environment: { kind: string; cluster: string; rootless: boolean };
}

/** One planned trial, in the order it is run. */
export interface PlannedTrial {
  sequence: number;
  block: number;
  profile: string;
}

/** Where the arithmetic expects a profile's walls; null = none expected within the stop bounds. */
export interface PredictedWalls {
  profile: string;
  usablePorts: number;
  /** Half the usable ports, where a connect() starts to scan; null where tcp_tw_reuse avoids it. */
  cliffPorts: number | null;
  cliffSeconds: number | null;
  wallPorts: number | null;
  wallSeconds: number | null;
  /** New connections a second to one destination that the ports can sustain. */
  sustainablePerSecond: number;
  /** TIME_WAITs are dropped at tcp_max_tw_buckets before the wall: a fake win. */
  bucketsBelowPorts: boolean;
  assumptions: string[];
}

/** A profile as it was run: what the reports need of it. */
export interface ProfileRecord {
  name: string;
  /** Per role: key -> value asked. */
  sysctls: Record<string, Record<string, string>>;
  env: Record<string, string>;
  command: string[] | null;
  rps: string | null;
  /** Levels of the factors where the profile came from `factors:`. */
  levels: Record<string, string>;
}

/** run.json: what was planned and with what. Written before the first trial, never changed but for `ended`. */
export interface RunRecord {
  schemaVersion: number;
  id: string;
  suite: string;
  description: string | null;
  startedAt: string;
  seed: number;
  blocks: number;
  baseline: string;
  /** Tolerance of "same", a fraction: 0.05. */
  tolerance: number;
  profiles: ProfileRecord[];
  order: PlannedTrial[];
  predictions: PredictedWalls[];
  /** What the load is, in numbers; stages as k6 runs them. */
  load: { peakPerSecond: number; rampSeconds: number; virtualUsers: number; keepConnections: boolean };
  stop: StopCriteria;
  faults: FaultSignature[];
  /** sha256 of the suite and of every file that was copied beside it. */
  digests: Record<string, string>;
  provenance: Provenance;
  doubts: Doubt[];
  /** Set when the run ended: null while it runs or after it was killed. */
  ended: { at: string; reason: "done" | "interrupted" | "failed"; detail: string | null } | null;
}
