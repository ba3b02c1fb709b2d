import * as z from "zod";
import { measureNames } from "../core/measures.ts";
import { caveatShape } from "./caveats.ts";
import { faultSignatureShape, stopCriteriaShape } from "./criteria.ts";
import { experimentShape } from "./experiment.ts";
import { findTrialShape } from "./find.ts";
import { searchStepShape } from "./goals.ts";
import { invalidReasonShape } from "./invalid-reason.ts";
import { predictedWallsShape } from "./prediction.ts";
import { byRole } from "./samples.ts";
import { scriptShape } from "./script.ts";

const measure = z.enum(measureNames);
const texts = z.record(z.string(), z.string());

const kubernetesProvenanceShape = z.object({
  /** "v1.34.3" */
  version: z.string(),
  context: z.string(),
  namespace: z.string(),
});

/** The cluster as its API told it; null in namespaces of this machine. */
export type KubernetesProvenance = z.infer<typeof kubernetesProvenanceShape>;

const environmentProvenanceShape = z.object({
  /** "netns", "kubernetes" */
  kind: z.string(),
  /** The cluster's name; "local" on this machine. */
  cluster: z.string(),
  /** Absolute path of its file, which resume reads again; null on this machine. */
  clusterFile: z.string().nullable(),
  /** Whether it ran without root's rights, which a cluster does not need. */
  rootless: z.boolean(),
  kubernetes: kubernetesProvenanceShape.nullable(),
  /** What ran images on this machine ("docker 20.10.24"), and each image's id ("sha256:…"); null where there was none. */
  containers: z.object({ engine: z.string(), images: texts }).nullable(),
});

/** Where a run's parts ran. */
export type EnvironmentProvenance = z.infer<typeof environmentProvenanceShape>;

const provenanceShape = z.object({
  tunebench: z.string(),
  node: z.string(),
  /** What made the load: "k6 v2.2.0", "Locust 2.47.0"; in a cluster "image NAME". */
  engine: z.string(),
  kernel: z.string(),
  cpuModel: z.string(),
  cpus: z.number(),
  memoryBytes: z.number(),
  environment: environmentProvenanceShape,
});

/**
 * The machine and tools a run was made with. What differs between two runs is named before they are compared. Kernel, CPUs and memory
 * are those of the machine that tunebench ran on; the parts of a run in a cluster had their nodes': see the trials' `platform`.
 */
export type Provenance = z.infer<typeof provenanceShape>;

const plannedTrialShape = z.object({
  /** 1-based place in the run's order. */
  sequence: z.number(),
  block: z.number(),
  profile: z.string(),
});

/** A place in the plan: every block has every profile once. */
export type PlannedTrial = z.infer<typeof plannedTrialShape>;

export const scheduledTrialShape = plannedTrialShape.extend({
  /** 1, or 2 and more where an invalid or a disturbed trial is repeated. */
  attempt: z.number(),
  /** compare: judged. recheck: a fresh block of winner and baseline. search: a step that only leads to the next. find: see `find`. */
  purpose: z.enum(["compare", "recheck", "search", "find"]),
  /** The rate of a search's step; null where the suite's load is run. */
  step: searchStepShape.nullable(),
  /** Of a find's trial; null in any other run. */
  find: findTrialShape.nullable(),
});

/** One trial as it is run: a place of the plan, or what came of it (a repetition, a search's step, a recheck). */
export type ScheduledTrial = z.infer<typeof scheduledTrialShape>;

const measureNoiseShape = z.object({
  /** Standard deviation of a block's log ratio; exp(1.96 x this) - 1 is what one block may show by luck. */
  logRatioDeviation: z.number(),
  pairs: z.number(),
});

/** Noise of one measure between two identical arms of a block. */
export type MeasureNoise = z.infer<typeof measureNoiseShape>;

const calibrationShape = z.object({
  runId: z.string(),
  at: z.string(),
  /** A/A pairs behind the numbers. */
  blocks: z.number(),
  measures: z.partialRecord(measure, measureNoiseShape),
});

/** How much the baseline differs from itself here: from a calibration of the same suite on the same machine. */
export type Calibration = z.infer<typeof calibrationShape>;

const judgedMeasureShape = z.object({
  name: measure,
  direction: z.enum(["higher", "lower"]),
  /** Fraction: with 0.05 ratios from 1/1.05 to 1.05 count as "same". */
  tolerance: z.number(),
});

/** A measure that profiles are compared on: better in which direction, and from which difference on. */
export type JudgedMeasure = z.infer<typeof judgedMeasureShape>;

const profileShape = z.object({
  name: z.string(),
  /** Per role: key -> value asked. */
  sysctls: byRole(texts),
  env: texts,
  /** Upstream -> variable -> value. */
  upstreamEnv: byRole(texts),
  command: z.array(z.string()).nullable(),
  rps: z.string().nullable(),
  /** How it reaches the pod; null in namespaces of this machine. */
  route: z.string().nullable(),
  /** Another container image of the target; null = the suite's. */
  image: z.string().nullable(),
  nodeSelector: texts,
  /** What the load is under this profile where it is not the suite's, as text: {rate: "500/s", virtualUsers: "50"}. */
  load: texts,
  /** Levels of the factors where the profile came from `factors:`. */
  levels: texts,
});

/** A profile as it was run: what the reports need of it. */
export type ProfileRecord = z.infer<typeof profileShape>;

const runEndNoteShape = z.discriminatedUnion("code", [
  /** The first two trials are invalid for one reason, which no later one would be without. */
  z.object({ code: z.literal("hopeless"), reason: invalidReasonShape }),
  /** At a look after so many blocks: of the comparisons these are decided, the others can't be, not with `mostBlocks` either. */
  z.object({
    code: z.literal("enough"),
    blocks: z.number(),
    mostBlocks: z.number(),
    comparisons: z.number(),
    decided: z.number(),
  }),
  /** No profile is better than the baseline. */
  z.object({ code: z.literal("no-recheck") }),
  /** An error's message. */
  z.object({ code: z.literal("error"), words: z.string() }),
]);

/** Why a run ended before the end of its plan. */
export type RunEndNote = z.infer<typeof runEndNoteShape>;

/** What a run's comparisons came to at a look at which it may end. */
export type EnoughNote = Extract<RunEndNote, { code: "enough" }>;

export const runShape = z.object({
  schemaVersion: z.number(),
  id: z.string(),
  suite: z.string(),
  description: z.string().nullable(),
  /** Absolute path of the suite file that was run; resume reads it again. */
  suiteFile: z.string(),
  /** calibration: the baseline against itself. */
  kind: z.enum(["experiment", "calibration"]),
  startedAt: z.string(),
  seed: z.number(),
  /** Most blocks; with looks it may end after fewer. */
  blocks: z.number(),
  /** Numbers of blocks after which it is looked whether all is decided, rising, the last is `blocks`; [] = no looking. */
  looks: z.array(z.number()),
  /** Fresh blocks of winner and baseline after the comparison; 0 = none. */
  recheckBlocks: z.number(),
  /** Invalid or disturbed trials that may be repeated, over the whole run. */
  retries: z.number(),
  /** Disturbed trials that may be repeated beside those. */
  disturbedRetries: z.number(),
  baseline: z.string(),
  /** Tolerance of "same", a fraction: 0.05; what a judged measure may set otherwise. */
  tolerance: z.number(),
  /** What profiles are compared on. */
  judged: z.array(judgedMeasureShape),
  design: z.enum(["profiles", "factorial", "one-at-a-time", "screening", "duet"]),
  experiment: experimentShape,
  calibration: calibrationShape.nullable(),
  profiles: z.array(profileShape),
  order: z.array(plannedTrialShape),
  predictions: z.array(predictedWallsShape),
  /** What the load is, in numbers; stages as the engine runs them. */
  load: z.object({
    /** k6 where left out. */
    engine: z.exactOptional(z.enum(["k6", "locust"])),
    peakPerSecond: z.number(),
    rampSeconds: z.number(),
    virtualUsers: z.number(),
    keepConnections: z.boolean(),
  }),
  /** What the load's script itself says; null where it was not read. */
  script: scriptShape.nullable(),
  stop: stopCriteriaShape,
  faults: z.array(faultSignatureShape),
  /** sha256 of the suite, of every file that a run of it is made of, and of the modules that its script imports by https, by their URL. */
  digests: texts,
  provenance: provenanceShape,
  caveats: z.array(caveatShape),
  /** Set when the run ended: null while it runs or after it was killed. */
  ended: z
    .object({ at: z.string(), reason: z.enum(["done", "interrupted", "failed"]), why: z.array(runEndNoteShape) })
    .nullable(),
});

/** run.json: what was planned and with what. Written before the first trial, never changed but for `ended`. */
export type RunRecord = z.infer<typeof runShape>;
