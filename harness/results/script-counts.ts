import * as z from "zod";
import { mergeHistograms } from "../core/histogram.ts";
import { histogramShape } from "./histogram.ts";

/** As the script names it; `other` gathers what is beyond the most that are told apart. */
const name = z.string();

const checkCountShape = z.object({ name, passed: z.number(), failed: z.number() });

/** How often a check of the script's passed and failed. */
export type CheckCount = z.infer<typeof checkCountShape>;

const endpointCountShape = z.object({
  name,
  requests: z.number(),
  failed: z.number(),
  /** Of the successful ones; null where none was. */
  latencyMs: histogramShape.nullable(),
});

/** Requests that the script gave one name, or one value of the tag that the suite names. */
export type EndpointCount = z.infer<typeof endpointCountShape>;

export const scriptMetricShape = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("counter"), name, sum: z.number() }),
  /** `hits` of `of` values were not 0. */
  z.object({ kind: z.literal("rate"), name, hits: z.number(), of: z.number() }),
  /** Last seen. */
  z.object({ kind: z.literal("gauge"), name, value: z.number() }),
  /** `unit`: "ms" of a Trend of times, "" of any other. */
  z.object({ kind: z.literal("trend"), name, unit: z.string(), values: histogramShape }),
]);

/** What was counted of a metric: the script's own (k6/metrics), or one that it has a threshold for. */
export type ScriptMetric = z.infer<typeof scriptMetricShape>;

export const scriptCountsShape = z.object({
  /** [] where it made none, of all three. */
  checks: z.array(checkCountShape),
  endpoints: z.array(endpointCountShape),
  metrics: z.array(scriptMetricShape),
});

/** What the load's script itself counts, by the names that it gives. */
export type ScriptCounts = z.infer<typeof scriptCountsShape>;

export const noScriptCounts: ScriptCounts = { checks: [], endpoints: [], metrics: [] };

/** Names of one sort that are told apart: a script may name by ids. */
const mostNames = 50;

/** The name of what is beyond them, and of what has none. */
export const otherName = "other";

/** All counts together, by name. Of too many checks or endpoints the most frequent are kept, the rest together; of too many metrics the first. */
export function sumScriptCounts(counts: readonly ScriptCounts[]): ScriptCounts {
  return {
    checks: limited(
      counts.flatMap(({ checks }) => checks),
      addChecks,
      ({ passed, failed }) => passed + failed,
    ),
    endpoints: limited(
      counts.flatMap(({ endpoints }) => endpoints),
      addEndpoints,
      ({ requests }) => requests,
    ),
    metrics: summed(
      counts.flatMap(({ metrics }) => metrics),
      addMetrics,
    ).slice(0, mostNames),
  };
}

function limited<T extends { name: string }>(items: T[], add: (a: T, b: T) => T, countOf: (item: T) => number): T[] {
  const byName = summed(items, add);
  if (byName.length <= mostNames) return byName;
  const kept = new Set(byName.toSorted((a, b) => countOf(b) - countOf(a)).slice(0, mostNames - 1));
  const others = byName.map((item) => (kept.has(item) ? item : { ...item, name: otherName }));
  return summed(others, add);
}

/** In the order in which they came. */
function summed<T extends { name: string }>(items: T[], add: (a: T, b: T) => T): T[] {
  const byName = new Map<string, T>();
  for (const item of items) {
    const before = byName.get(item.name);
    byName.set(item.name, before === undefined ? item : add(before, item));
  }
  return [...byName.values()];
}

function addChecks(a: CheckCount, b: CheckCount): CheckCount {
  return { name: a.name, passed: a.passed + b.passed, failed: a.failed + b.failed };
}

function addEndpoints(a: EndpointCount, b: EndpointCount): EndpointCount {
  const [first, ...others] = [a.latencyMs, b.latencyMs].filter((latency) => latency !== null);
  return {
    name: a.name,
    requests: a.requests + b.requests,
    failed: a.failed + b.failed,
    latencyMs: first === undefined ? null : others.reduce(mergeHistograms, first),
  };
}

/** Two counts of one metric. A script can't have two metrics of one name and different kinds. */
export function addMetrics(a: ScriptMetric, b: ScriptMetric): ScriptMetric {
  if (a.kind === "counter" && b.kind === "counter") return { ...a, sum: a.sum + b.sum };
  if (a.kind === "rate" && b.kind === "rate") return { ...a, hits: a.hits + b.hits, of: a.of + b.of };
  if (a.kind === "trend" && b.kind === "trend") return { ...a, values: mergeHistograms(a.values, b.values) };
  return b;
}
