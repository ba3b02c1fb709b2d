import * as z from "zod";

const assumptionShape = z.discriminatedUnion("code", [
  z.object({ code: z.literal("no-upstream") }),
  /** One connection to one upstream, which the target closes first. */
  z.object({ code: z.literal("connection-per-request") }),
  /** New connections for each iteration, as an earlier run measured them; the target closes them first. */
  z.object({ code: z.literal("measured-connections"), perIteration: z.number(), run: z.string() }),
  z.object({ code: z.literal("even-spread"), copies: z.number() }),
  z.object({ code: z.literal("ports-reused"), afterMs: z.number() }),
  z.object({ code: z.literal("slower-past-cliff") }),
  /** From that kernel on connect() with few free ports is faster: on an older one the cliff lies elsewhere. */
  z.object({ code: z.literal("node-kernel"), atLeast: z.string() }),
  /** The node sets its tcp_max_tw_buckets by its memory. */
  z.object({ code: z.literal("node-memory"), moreThanGibibytes: z.number() }),
]);

/** What a prediction rests on. */
export type Assumption = z.infer<typeof assumptionShape>;

export const predictedWallsShape = z.object({
  profile: z.string(),
  usablePorts: z.number(),
  /** Half the usable ports, where a connect() starts to scan; null where tcp_tw_reuse avoids it. */
  cliffPorts: z.number().nullable(),
  cliffSeconds: z.number().nullable(),
  wallPorts: z.number().nullable(),
  wallSeconds: z.number().nullable(),
  /** New connections a second to one destination that the ports can sustain. */
  sustainablePerSecond: z.number(),
  /** TIME_WAITs are dropped at tcp_max_tw_buckets before the wall: a fake win. */
  bucketsBelowPorts: z.boolean(),
  assumptions: z.array(assumptionShape),
});

/** Where the arithmetic expects a profile's walls; null = none expected within the stop bounds. */
export type PredictedWalls = z.infer<typeof predictedWallsShape>;
