import type { Threshold } from "../../results/script.ts";
import { isScripts, type MetricKind, ownKindOf } from "../windows/k6-metrics.ts";
import type { OwnOptions } from "./own-options.ts";

/** What can be asked of a metric. Users are the suite's, so of k6's own gauges nothing can. */
const aggregations: Record<MetricKind, readonly string[]> = {
  counter: ["count", "rate"],
  gauge: [],
  rate: ["rate"],
  trend: ["p", "avg", "min", "max", "med", "count"],
};

/** Of a metric of the script's own only its points say what it is. */
const anyAggregation = [...Object.values(aggregations).flat(), "value"];

/** k6's tags that are sent where a threshold asks for one: their values are few. */
const sentWhenAsked = ["group", "method", "proto", "scenario", "service", "subproto", "tls_version"];

/** Tags that are never sent: a set of numbers for each of their values would come. */
const notCarried = ["url", "ip", "vu", "iter", "ocsp_status"];

/**
 * A script's thresholds: those that can be evaluated, and the others as they are written. `endpointTag` is the tag whose values take the place of
 * requests' names.
 */
export function thresholdsOf(
  own: NonNullable<OwnOptions["thresholds"]>,
  endpointTag = "name",
): { thresholds: Threshold[]; notEvaluated: string[] } {
  const all = Object.entries(own).flatMap(([selector, list]) =>
    list.map((one) => {
      const expression = typeof one === "string" ? one : one.threshold;
      return { written: `${selector}: ${expression}`, threshold: thresholdOf(selector, expression, endpointTag) };
    }),
  );
  return {
    thresholds: all.flatMap(({ threshold }) => threshold ?? []),
    notEvaluated: all.flatMap(({ written, threshold }) => (threshold === null ? [written] : [])),
  };
}

/** k6's tags that have to be sent for the thresholds. */
export function tagsAskedBy(thresholds: readonly Threshold[]): string[] {
  return sentWhenAsked.filter((tag) => thresholds.some(({ tags }) => tag in tags));
}

/** null where the metric, a tag or the expression is none that the windows hold. Source of the grammar: k6 v2.2.0, metrics/thresholds_parser.go. */
function thresholdOf(selector: string, expression: string, endpointTag: string): Threshold | null {
  const [, metric = "", , inner = ""] = /^([\w.-]+)(\{(.*)\})?$/.exec(selector.trim()) ?? [];
  const tags = tagsOf(inner, endpointTag);
  const [, aggregation = "", , comparison = "", limit = ""] =
    /^([a-z]+(\(\s*\d+(?:\.\d+)?\s*\))?)\s*(<=|>=|===?|!=|<|>)\s*(-?\d+(?:\.\d+)?)$/.exec(expression.trim()) ?? [];
  const asked = aggregation.replace(/\(.*/, "");
  if (tags === null || !askable(metric).includes(asked) || (asked === "p") !== aggregation.includes("(")) return null;
  return {
    metric,
    tags,
    aggregation: aggregation.replaceAll(" ", ""),
    comparison: (comparison === "===" ? "==" : comparison) as Threshold["comparison"],
    limit: Number(limit),
  };
}

function askable(metric: string): readonly string[] {
  const kind = ownKindOf(metric);
  if (kind !== null) return aggregations[kind];
  return isScripts(metric) ? anyAggregation : [];
}

/** "name:login,tier:a" -> {name: "login", tier: "a"}; null where one is not carried here. */
function tagsOf(inner: string, endpointTag: string): Record<string, string> | null {
  const pairs = inner
    .split(",")
    .map((pair) => pair.trim())
    .filter((pair) => pair !== "");
  const tags = pairs.map((pair) => {
    const at = pair.indexOf(":");
    const bare = (text: string) => text.trim().replace(/^["']|["']$/g, "");
    return [bare(pair.slice(0, at)), bare(pair.slice(at + 1))] as const;
  });
  return tags.every((tag) => isCarried(tag, endpointTag)) ? Object.fromEntries(tags) : null;
}

/** A request that the script does not name is named by its URL in k6, and has no name here. */
function isCarried([name, value]: readonly [string, string], endpointTag: string): boolean {
  if (name === "name") return endpointTag === "name" && !/^https?:/.test(value);
  return name !== "" && !notCarried.includes(name);
}
