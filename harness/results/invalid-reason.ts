import * as z from "zod";
import { generatorDeathShape, ofEngine, programEnd } from "./stop-reason.ts";

/** What makes a shared load something else than was asked for. Runners are counted from 0. */
const loadLossShape = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("runner-silent"), runner: z.number(), runners: z.number() }),
  z.object({
    kind: z.literal("runner-failed"),
    runner: z.number(),
    runners: z.number(),
    node: z.string().nullable(),
    ...ofEngine,
    ...programEnd,
  }),
  /** What the testbed lost, in its words: a gap in a relay's lines, a sampler that fell silent. */
  z.object({ kind: z.literal("testbed"), words: z.string() }),
]);

/** What makes a shared load something else than was asked for. */
export type LoadLoss = z.infer<typeof loadLossShape>;

/**
 * Why a trial must not be read as a measurement. `words`, `hint` and `lastLine` are a part's, the testbed's or the platform's own:
 * untrusted text.
 */
export const invalidReasonShape = z.discriminatedUnion("code", [
  /** `words` are those of its first error; so many of the iterations that came to their end threw. */
  z.object({ code: z.literal("script-threw"), words: z.string(), thrown: z.number(), iterations: z.number() }),
  z.object({ code: z.literal("generator-died"), death: generatorDeathShape }),
  /** No other part than the target may end under load. `lastLine` null where it wrote nothing. */
  z.object({ code: z.literal("part-died"), role: z.string(), lastLine: z.string().nullable() }),
  z.object({ code: z.literal("part-lost"), words: z.string() }),
  /** A part ended before the load, or was never ready. */
  z.object({
    code: z.literal("part-not-ready"),
    role: z.string(),
    words: z.string(),
    hint: z.string().nullable(),
    lastLine: z.string().nullable(),
  }),
  /** What differs between profiles could be the nodes. */
  z.object({ code: z.literal("moved"), node: z.string(), blockNode: z.string() }),
  z.object({ code: z.literal("exports-lost"), lost: z.number(), exports: z.number() }),
  /** The first of several; `more` are of its kind. */
  z.object({ code: z.literal("load-lost"), loss: loadLossShape, more: z.number() }),
  /** `found` null: could not be read. */
  z.object({
    code: z.literal("setting-not-taken"),
    role: z.string(),
    key: z.string(),
    asked: z.string(),
    found: z.string().nullable(),
  }),
  z.object({
    code: z.literal("setting-changed"),
    role: z.string(),
    key: z.string(),
    before: z.string(),
    after: z.string(),
  }),
  z.object({ code: z.literal("no-request-completed") }),
  z.object({
    code: z.literal("nothing-served"),
    /** What came instead, the most frequent first. */
    faults: z.array(z.object({ kind: z.string(), count: z.number() })),
    /** A URL that the script asked, and whether that is the target; null where none was seen. */
    asked: z.object({ url: z.string(), isTarget: z.boolean() }).nullable(),
    targetUrl: z.string(),
  }),
  /** Of a duet: requests were counted for this arm, and its part was connected to by nobody. */
  z.object({ code: z.literal("arm-not-reached"), requests: z.number() }),
  /** Of a duet: the profile that ran at the same time was, and one without the other says nothing. */
  z.object({ code: z.literal("other-arm-invalid"), profile: z.string() }),
  /** `watcher` was held up: the harness, or the sampler beside the target. */
  z.object({ code: z.literal("not-watched"), seconds: z.number(), watcher: z.enum(["harness", "sampler"]) }),
]);

/** Why a trial must not be read as a measurement. */
export type InvalidReason = z.infer<typeof invalidReasonShape>;
