import { measureWords } from "../../analysis/measure-values.ts";
import type { Goal } from "../../results/goals.ts";

/** "p99 latency at most 50 ms" */
export function goalWords({ measure, comparison, limit }: Pick<Goal, "measure" | "comparison" | "limit">): string {
  return `${measureWords[measure]} ${comparison === "<=" ? "at most" : "at least"} ${limitWords(measure, limit)}`;
}

/** A value as people write it: measures are named with their units. */
export function limitWords(measure: Goal["measure"], limit: number): string {
  if (measure.startsWith("latencyMs.")) return `${limit.toLocaleString("en-US")} ms`;
  if (/(Ratio|Share)$/.test(measure)) return `${Number((limit * 100).toPrecision(4))}%`;
  if (measure.endsWith("PerSecond")) return `${limit.toLocaleString("en-US")}/s`;
  return measure.endsWith("Seconds") ? `${limit} s` : limit.toLocaleString("en-US");
}
