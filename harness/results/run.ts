import type { JudgedMeasure, MeasureName } from "../core/measures.ts";
import type { Caveat } from "./caveats.ts";
import type { FaultSignature, StopCriteria } from "./criteria.ts";
import type { Experiment } from "./experiment.ts";
import type { SearchStep } from "./goals.ts";

/**
 * The machine and tools a run was made with. What differs between two runs is named before they are compared. Kernel, CPUs and memory
 * are those of the machine that tunebench ran on; the parts of a run in a cluster had their nodes': see the trials' `platform`.
 */
export interface Provenance {
  tunebench: string;
  node: string;
  /** "v2.2.0"; in a cluster "image NAME". */
  k6: string;
  kernel: string;
  cpuModel: string;
  cpus: number;
  memoryBytes: number;
  environment: EnvironmentProvenance;
}

/** Where a run's parts ran. */
export interface EnvironmentProvenance {
  /** "netns", "kubernetes" */
  kind: string;
  /** The cluster's name; "local" on this machine. */
  cluster: string;
  /** Absolute path of its file, which resume reads again; null on this machine. */
  clusterFile: string | null;
  /** Whether it ran without root's rights, which a cluster does not need. */
  rootless: boolean;
  kubernetes: KubernetesProvenance | null;
}

/** The cluster as its API told it; null in namespaces of this machine. */
export interface KubernetesProvenance {
  /** "v1.34.3" */
  version: string;
  context: string;
  namespace: string;
}

/** A place in the plan: every block has every profile once. */
export interface PlannedTrial {
  /** 1-based place in the run's order. */
  sequence: number;
  block: number;
  profile: string;
}

/** One trial as it is run: a place of the plan, or what came of it (a repetition, a search's step, a recheck). */
export interface ScheduledTrial extends PlannedTrial {
  /** 1, or 2 and more where an invalid or a disturbed trial is repeated. */
  attempt: number;
  /** compare: judged. recheck: a fresh block of winner and baseline. search: a step that only leads to the next. */
  purpose: "compare" | "recheck" | "search";
  /** The rate of a search's step; null where the suite's load is run. */
  step: SearchStep | null;
}

/** How much the baseline differs from itself here: from a calibration of the same suite on the same machine. */
export interface Calibration {
  runId: string;
  at: string;
  /** A/A pairs behind the numbers. */
  blocks: number;
  measures: Partial<Record<MeasureName, MeasureNoise>>;
}

/** Noise of one measure between two identical arms of a block. */
export interface MeasureNoise {
  /** Standard deviation of a block's log ratio; exp(1.96 x this) - 1 is what one block may show by luck. */
  logRatioDeviation: number;
  pairs: number;
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
  /** Upstream -> variable -> value. */
  upstreamEnv: Record<string, Record<string, string>>;
  command: string[] | null;
  rps: string | null;
  /** How it reaches the pod; null in namespaces of this machine. */
  route: string | null;
  /** Another container image of the target; null = the suite's. */
  image: string | null;
  nodeSelector: Record<string, string>;
  /** What the load is under this profile where it is not the suite's, as text: {rate: "500/s", virtualUsers: "50"}. */
  load: Record<string, string>;
  /** Levels of the factors where the profile came from `factors:`. */
  levels: Record<string, string>;
}

/** run.json: what was planned and with what. Written before the first trial, never changed but for `ended`. */
export interface RunRecord {
  schemaVersion: number;
  id: string;
  suite: string;
  description: string | null;
  /** Absolute path of the suite file that was run; resume reads it again. */
  suiteFile: string;
  /** calibration: the baseline against itself. */
  kind: "experiment" | "calibration";
  startedAt: string;
  seed: number;
  /** Most blocks; with looks it may end after fewer. */
  blocks: number;
  /** Numbers of blocks after which it is looked whether all is decided, rising, the last is `blocks`; [] = no looking. */
  looks: number[];
  /** Fresh blocks of winner and baseline after the comparison; 0 = none. */
  recheckBlocks: number;
  /** Invalid or disturbed trials that may be repeated, over the whole run. */
  retries: number;
  /** Disturbed trials that may be repeated beside those. */
  disturbedRetries: number;
  baseline: string;
  /** Tolerance of "same", a fraction: 0.05; what a judged measure may set otherwise. */
  tolerance: number;
  /** What profiles are compared on. */
  judged: JudgedMeasure[];
  design: "profiles" | "factorial" | "one-at-a-time";
  experiment: Experiment;
  calibration: Calibration | null;
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
  doubts: Caveat[];
  /** Set when the run ended: null while it runs or after it was killed. */
  ended: { at: string; reason: "done" | "interrupted" | "failed"; detail: string | null } | null;
}
