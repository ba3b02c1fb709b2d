import * as z from "zod";

const texts = z.record(z.string(), z.string());

const scriptScenarioShape = z.object({
  name: z.string(),
  /** The function that the script exports for it. */
  exec: z.string(),
  env: texts,
  tags: texts,
  /** Its part of the suite's rate, 0 to 1. */
  share: z.number(),
});

/** One scenario of a load script. */
export type ScriptScenario = z.infer<typeof scriptScenarioShape>;

const thresholdShape = z.object({
  metric: z.string(),
  /** Tags that a point must have to count. */
  tags: texts,
  /** "p(95)", "avg", "rate", "value" */
  aggregation: z.string(),
  comparison: z.enum(["<", "<=", ">", ">=", "==", "!="]),
  limit: z.number(),
});

/** A threshold of a load script, as the harness evaluates it: of times in ms, of rates a fraction, of a counter's rate a second. */
export type Threshold = z.infer<typeof thresholdShape>;

export const thresholdResultShape = thresholdShape.extend({
  value: z.number().nullable(),
  /** What `value` is of; null where the script alone knows, and where there is none. */
  unit: z.enum(["ms", "1/s", "fraction", "count"]).nullable(),
  kept: z.boolean().nullable(),
});

/** A threshold and what was measured; `kept` is null where there was no point. */
export type ThresholdResult = z.infer<typeof thresholdResultShape>;

export const scriptShape = z.object({
  /** At least one: a script that has none is one scenario by the name that k6 gives it. */
  scenarios: z.array(scriptScenarioShape),
  /** noConnectionReuse, as the script has it. */
  noConnectionReuse: z.boolean(),
  /** setupTimeout and teardownTimeout, ms; what k6 gives where the script does not say. */
  setupMs: z.number(),
  teardownMs: z.number(),
  /** Sleeps that are written in it as a number, together: what an iteration takes at most of them, seconds. */
  sleepSeconds: z.number(),
  /** Files that it opens, by their path from its folder. */
  files: z.array(z.string()),
  /** Its options that the suite's load takes the place of: "stages", "scenarios.bulk.vus". */
  replaced: z.array(z.string()),
  thresholds: z.array(thresholdShape),
  /** Thresholds that are not evaluated, as written: "http_req_duration{group:::a}: p(95)<3". */
  notEvaluated: z.array(z.string()),
  /** Of a locustfile: its load shape, which is used in place of the suite's rate; not there where it has none. */
  ownShape: z.exactOptional(z.string()),
});

/** What a load script's own options come to under the suite's load. */
export type ScriptOptions = z.infer<typeof scriptShape>;
