import * as z from "zod";
import { measureNames } from "../core/measures.ts";

const measure = z.enum(measureNames);
const names = z.array(z.string());

/** The load that a goal is for. */
const goalLoad = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("condition"), condition: z.string() }),
  z.object({ kind: z.literal("first-step") }),
  z.object({ kind: z.literal("suite") }),
  z.object({ kind: z.literal("profile"), profile: z.string() }),
]);

/** The load that a goal is for: a condition, a search's first step, the suite's one load, or a profile's own. */
export type GoalLoad = z.infer<typeof goalLoad>;

/** What differs between a calibration and what is about to be run. */
const calibrationDifference = z.discriminatedUnion("kind", [
  /** Of the machine or the tools: kernel, cpu, k6. */
  z.object({ kind: z.literal("fact"), name: z.string(), before: z.string(), now: z.string() }),
  z.object({ kind: z.literal("suite-key"), key: z.string() }),
  z.object({ kind: z.literal("baseline") }),
  z.object({ kind: z.literal("file"), file: z.string() }),
  z.object({ kind: z.literal("suite-file"), state: z.enum(["gone", "unreadable"]) }),
]);

/** What differs between a calibration and what is about to be run. */
export type CalibrationDifference = z.infer<typeof calibrationDifference>;

/** What speaks against a run before its first trial. Of `profiles` null means all. */
export const planCaveatShapes = [
  /** What the environment will refuse, in the words in which it will. */
  z.object({ code: z.literal("not-here"), words: z.string() }),
  z.object({ code: z.literal("not-in-a-cluster"), words: z.string() }),
  /** Parts that are what looks like root, by `privileged: true`. */
  z.object({ code: z.literal("privileged-parts"), roles: names }),
  z.object({ code: z.literal("ordinary-user-is-default"), roles: names }),
  /** Options of the load's script that the suite's load takes the place of. */
  z.object({ code: z.literal("script-options-replaced"), options: names }),
  /** The script's own, as written. */
  z.object({ code: z.literal("thresholds-not-evaluated"), thresholds: names }),
  /** Rate times iteration time. `measured`: by an earlier run; else it is what the script says that it sleeps. */
  z.object({
    code: z.literal("few-users-planned"),
    virtualUsers: z.number(),
    neededUsers: z.number(),
    iterationSeconds: z.number(),
    measured: z.boolean(),
  }),
  /** Locust makes the load. */
  z.object({ code: z.literal("closed-model") }),
  /** A locustfile's load shape, in place of the suite's rate. */
  z.object({ code: z.literal("own-load-shape"), shape: z.string() }),
  /** There is no k6 here yet to read them with. */
  z.object({ code: z.literal("script-not-read"), script: z.string() }),
  /** The suite sets another port range than the kernel's own. */
  z.object({ code: z.literal("ports-of-the-suite"), ports: z.number(), kernelPorts: z.number() }),
  z.object({
    code: z.literal("stop-before-wall"),
    stopRequests: z.number().nullable(),
    stopSeconds: z.number(),
    walls: z.array(z.object({ profile: z.string(), requests: z.number(), seconds: z.number() })),
  }),
  z.object({ code: z.literal("generator-ports-first"), profiles: names }),
  /** Of this machine; from `newer` on connect() with few free ports is faster. */
  z.object({ code: z.literal("cliff-of-older-kernel"), kernel: z.string(), newer: z.string() }),
  z.object({ code: z.literal("buckets-below-ports"), buckets: z.number(), ports: z.number(), profiles: names }),
  z.object({ code: z.literal("default-buckets-below-ports"), buckets: z.number(), ports: z.number() }),
  z.object({
    code: z.literal("too-few-blocks-planned"),
    blocks: z.number(),
    neededBlocks: z.number(),
    comparedProfiles: z.number(),
    measures: z.number(),
  }),
  z.object({ code: z.literal("no-early-look"), blocks: z.number(), neededBlocks: z.number() }),
  z.object({ code: z.literal("no-calm-condition"), measures: z.array(measure) }),
  z.object({ code: z.literal("bursts-without-rate"), profiles: names.nullable() }),
  z.object({
    code: z.literal("load-ends-with-ramp"),
    measures: z.array(measure),
    neededSeconds: z.number(),
    profiles: names.nullable(),
  }),
  z.object({ code: z.literal("too-few-requests"), measure, requests: z.number(), neededRequests: z.number() }),
  /** Fractions: a bucket's width over its value, and what counts as same. */
  z.object({
    code: z.literal("finer-than-buckets"),
    measure,
    resolutionRatio: z.number(),
    tolerance: z.number(),
  }),
  z.object({
    code: z.literal("search-hides-wall"),
    heldSeconds: z.number(),
    timeWaitSeconds: z.number(),
    ceilings: z.array(z.object({ profile: z.string(), perSecond: z.number() })),
  }),
  z.object({
    code: z.literal("too-few-steps"),
    fromPerSecond: z.number(),
    toPerSecond: z.number(),
    precision: z.number(),
    steps: z.number(),
    neededSteps: z.number(),
  }),
  z.object({ code: z.literal("search-too-coarse"), precision: z.number(), tolerance: z.number() }),
  /** `sparesActions`: criteria but the number of requests leave conditions with actions alone. */
  z.object({
    code: z.literal("conditions-may-be-cut-short"),
    criteria: z.array(z.enum(["fault", "latency", "cliff", "saturated", "requests"])),
    sparesActions: z.boolean(),
  }),
  z.object({ code: z.literal("goal-in-bursts"), load: goalLoad }),
  z.object({
    code: z.literal("goal-above-load"),
    load: goalLoad,
    loadPerSecond: z.number(),
    goalPerSecond: z.number(),
  }),
  z.object({
    code: z.literal("few-requests-for-goal"),
    load: goalLoad,
    measure,
    requests: z.number(),
    neededRequests: z.number(),
  }),
  z.object({
    code: z.literal("condition-too-short"),
    condition: z.string(),
    lastingMs: z.number(),
    neededSeconds: z.number(),
  }),
  /** Both profiles of a duet run at once, and share these upstreams. */
  z.object({ code: z.literal("arms-at-the-same-time"), upstreams: names }),
  z.object({
    code: z.literal("suite-not-copied-whole"),
    folder: z.string(),
    mostFiles: z.number(),
    mostMebibytes: z.number(),
  }),
  /** Files that lie in the suite's folder and did not when the run that is resumed, or the calibration that is used, was begun. */
  z.object({
    code: z.literal("files-added"),
    since: z.object({ kind: z.enum(["run", "calibration"]), id: z.string() }),
    files: names,
  }),
  z.object({
    code: z.literal("stale-calibration"),
    calibration: z.string(),
    differences: z.array(calibrationDifference),
  }),
] as const;

/** What speaks against a run before its first trial. */
export type PlanCaveat = z.infer<(typeof planCaveatShapes)[number]>;
