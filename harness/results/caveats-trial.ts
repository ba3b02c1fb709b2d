import * as z from "zod";
import { generatorSignShape } from "./generator-signs.ts";

/** CPU that others than the run used: other programs of the machine, its own services, and what its hypervisor took (steal). */
export const otherCpuShape = z.object({
  /** CPUs of the machine. */
  cpus: z.number(),
  /** Share of all its CPUs that others used over all windows, and in the window in which it was most; 0 to 1. */
  share: z.number(),
  peakShare: z.number(),
  /** Windows that were looked at (about a second each), and those in which others used over a tenth of the CPUs. */
  windows: z.number(),
  disturbedWindows: z.number(),
});

/** What of the target a sampler should have read, and did not. */
const sampler = z.enum(["sockets", "port-table", "opened-connections", "receive-work"]);

/** What one trial says against its own numbers. `words` are a part's or the system's own: untrusted text. */
export const trialCaveatShapes = [
  z.object({ code: z.literal("shared-cpus"), roles: z.array(z.string()), sharedCpus: z.number(), cpus: z.number() }),
  /** The generator ran on the target's own node. */
  z.object({ code: z.literal("shared-node"), node: z.string() }),
  z.object({ code: z.literal("generator-bound"), signs: z.array(generatorSignShape) }),
  z.object({ code: z.literal("generator-watched-in-part"), runners: z.number() }),
  /** Failures that are no wall. */
  z.object({ code: z.literal("stray-faults"), requests: z.number() }),
  z.object({ code: z.literal("undeclared-fault"), fault: z.string() }),
  z.object({ code: z.literal("inferred-fault"), fault: z.string() }),
  /** How long nothing was answered before the load's end. */
  z.object({ code: z.literal("no-answer"), seconds: z.number() }),
  z.object({
    code: z.literal("peak-not-reached"),
    offeredPerSecond: z.number(),
    peakPerSecond: z.number(),
    withinRamp: z.boolean(),
  }),
  /** Of a closed model: more iterations began than the rate asks for. */
  z.object({ code: z.literal("offered-more"), begunPerSecond: z.number(), askedPerSecond: z.number() }),
  z.object({ code: z.literal("window-gap"), seconds: z.number() }),
  /** Each time for over a second; `ms` in all. */
  z.object({ code: z.literal("harness-stood-still"), times: z.number(), ms: z.number() }),
  z.object({ code: z.literal("not-read-back"), keys: z.array(z.string()) }),
  z.object({ code: z.literal("ended-after-stop"), role: z.string() }),
  z.object({ code: z.literal("listen-limit-unknown"), port: z.number(), place: z.enum(["here", "cluster"]) }),
  /** Of the script's checks; `worst` failed most often. */
  z.object({ code: z.literal("failed-checks"), failed: z.number(), of: z.number(), worst: z.string() }),
  /** In so many iterations, all of them on failed requests; its first error. */
  z.object({ code: z.literal("script-threw"), thrown: z.number(), iterations: z.number(), words: z.string() }),
  z.object({ code: z.literal("log-lost"), role: z.string(), words: z.string() }),
  /** Parts whose open descriptors, and whose cgroup's memory and kills, can't be read from the pod that they share with the sampler. */
  z.object({
    code: z.literal("own-limits-not-seen"),
    descriptors: z.array(z.string()),
    memory: z.array(z.string()),
  }),
  /** Somebody without the run's secret asked its relay, and was turned away. */
  z.object({ code: z.literal("unauthenticated-requests"), requests: z.number() }),
  /** Without an observer; `receiveWorkSeen` where the target's pod shows that much of its node. */
  z.object({ code: z.literal("node-not-watched"), node: z.string(), receiveWorkSeen: z.boolean() }),
  /** Settings that the node's kubelet gives every pod, the baseline's too. */
  z.object({
    code: z.literal("node-default-sysctls"),
    node: z.string(),
    settings: z.array(z.object({ key: z.string(), value: z.string() })),
  }),
  /** The target was there before the trial, and stays. */
  z.object({ code: z.literal("installed-target"), service: z.string(), pods: z.number() }),
  /** `limit` is the node's own, or the usual one where that could not be read. */
  z.object({
    code: z.literal("conntrack-unknown"),
    node: z.string(),
    connections: z.number(),
    limit: z.number(),
    isUsualLimit: z.boolean(),
  }),
  /** `node` null on this machine. */
  z.object({ code: z.literal("cpu-of-others-unknown"), node: z.string().nullable() }),
  z.object({ code: z.literal("cpu-taken-by-others"), otherCpu: otherCpuShape }),
  z.object({ code: z.literal("bursts") }),
  z.object({ code: z.literal("ramp-not-over") }),
  /** What there is nothing of after the ramp, though it was sampled before. */
  z.object({ code: z.literal("nothing-after-ramp"), connectionRate: z.boolean(), cpuRoles: z.array(z.string()) }),
  z.object({ code: z.literal("no-healthy-latency") }),
  z.object({ code: z.literal("missing-sampler"), sampler }),
  z.object({ code: z.literal("cpu-time-not-sampled"), role: z.string() }),
  z.object({ code: z.literal("one-window"), of: z.enum(["sustained-rate", "latency"]) }),
  /** Width of a bucket over its value. */
  z.object({ code: z.literal("coarse-histogram"), resolutionRatio: z.number() }),
  z.object({ code: z.literal("dropped-iterations"), iterations: z.number() }),
  /** They waited at the load's stop for longer than any answer took. */
  z.object({ code: z.literal("unanswered-users"), users: z.number(), virtualUsers: z.number() }),
  z.object({ code: z.literal("all-disturbed") }),
  z.object({ code: z.literal("mixed-conditions"), conditions: z.array(z.string()) }),
  z.object({ code: z.literal("relay"), role: z.string() }),
  z.object({ code: z.literal("action-failed"), condition: z.string(), words: z.string() }),
  z.object({
    code: z.literal("action-skipped"),
    condition: z.string(),
    role: z.string(),
    action: z.enum(["kill", "pause", "latency"]),
  }),
  z.object({ code: z.literal("conditions-cut-short"), endedSeconds: z.number(), plannedSeconds: z.number() }),
] as const;

/** What one trial says against its own numbers. */
export type TrialCaveat = z.infer<(typeof trialCaveatShapes)[number]>;
