import { array, boolean, discriminatedUnion, literal, looseObject, number, record, string, type ZodType } from "zod";
import { caveatShape } from "./caveats.ts";
import { searchCaveatShape } from "./caveats-search.ts";
import { otherCpuShape } from "./caveats-trial.ts";
import { generatorSignShape } from "./generator-signs.ts";

const goalShape = looseObject({ measure: string(), comparison: string(), limit: number() });

/**
 * Fields that every reader of run.json counts on. Loose: what stands deeper is the writer's.
 */
export const runShape = looseObject({
  id: string(),
  suite: string(),
  suiteFile: string(),
  kind: string(),
  startedAt: string(),
  seed: number(),
  blocks: number(),
  looks: array(number()),
  recheckBlocks: number(),
  retries: number(),
  disturbedRetries: number(),
  baseline: string(),
  tolerance: number(),
  profiles: array(
    looseObject({
      name: string(),
      sysctls: looseObject({}),
      upstreamEnv: looseObject({}),
      load: record(string(), string()),
      levels: record(string(), string()),
      route: string().nullable(),
      image: string().nullable(),
      nodeSelector: record(string(), string()),
    }),
  ),
  order: array(looseObject({ sequence: number(), block: number(), profile: string() })),
  predictions: array(looseObject({ profile: string() })),
  experiment: discriminatedUnion("kind", [
    looseObject({ kind: literal("fixed"), goals: array(goalShape) }),
    looseObject({ kind: literal("search"), goals: array(goalShape), objective: looseObject({ steps: number() }) }),
    looseObject({ kind: literal("conditions"), conditions: array(looseObject({ name: string() })) }),
  ]),
  load: looseObject({}),
  stop: looseObject({}),
  digests: looseObject({}),
  provenance: looseObject({
    environment: looseObject({
      kubernetes: looseObject({ version: string(), context: string(), namespace: string() }).nullable(),
    }),
  }),
  doubts: array(caveatShape),
  ended: looseObject({ reason: string() }).nullable(),
});

/** The same of trial.json. */
export const trialShape = looseObject({
  sequence: number(),
  block: number(),
  profile: string(),
  attempt: number(),
  purpose: string(),
  valid: boolean(),
  outcome: string(),
  refusal: looseObject({ route: string(), words: string(), reason: string(), remedy: string() }).nullable(),
  platform: looseObject({
    node: string(),
    kernel: string(),
    kubelet: string(),
    runners: number(),
    runnerNodes: array(string()),
  }).nullable(),
  faults: array(looseObject({ kind: string() })),
  measures: looseObject({ cpuCores: looseObject({}) }),
  goals: array(goalShape),
  search: looseObject({
    steps: array(looseObject({ ratePerSecond: number(), kept: boolean(), missed: array(string()) })),
    sustainableRatePerSecond: number().nullable(),
    doubts: array(searchCaveatShape),
  }).nullable(),
  evidence: looseObject({
    ports: array(looseObject({})),
    acceptQueues: array(looseObject({})),
    otherCpu: otherCpuShape.nullable(),
  }),
  generator: looseObject({ signs: array(generatorSignShape) }),
  sysctls: array(looseObject({ role: string(), key: string() })),
  load: looseObject({}),
  lastWords: looseObject({}),
  doubts: array(caveatShape),
});

/** What is wrong with a record's shape, the first thing with its place: `profiles: Invalid input: ...`; null where it is right. */
export function shapeFault(shape: ZodType, value: unknown): string | null {
  const issue = shape.safeParse(value).error?.issues[0];
  return issue === undefined ? null : `${issue.path.join(".")}: ${issue.message}`;
}
