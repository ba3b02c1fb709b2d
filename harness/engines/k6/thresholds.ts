import type { Threshold } from "../../results/script.ts";
import type { OwnOptions } from "./own-options.ts";

/** Metrics that the harness has from its own windows, and what of each can be asked. */
const aggregations: Record<string, readonly string[]> = {
  http_req_duration: ["p", "avg", "min", "max", "med", "count"],
  iteration_duration: ["p", "avg", "min", "max", "med", "count"],
  http_req_failed: ["rate"],
  checks: ["rate"],
  http_reqs: ["count", "rate"],
  iterations: ["count", "rate"],
};

/** Tags that k6 does not send here: it would send a set of numbers for each of their values. */
const notCarried = [
  "url",
  "group",
  "method",
  "proto",
  "ip",
  "vu",
  "iter",
  "subproto",
  "tls_version",
  "ocsp_status",
  "service",
];

/** A script's thresholds: those that can be evaluated, and the others as they are written. */
export function thresholdsOf(own: NonNullable<OwnOptions["thresholds"]>): {
  thresholds: Threshold[];
  notEvaluated: string[];
} {
  const all = Object.entries(own).flatMap(([selector, list]) =>
    list.map((one) => {
      const expression = typeof one === "string" ? one : one.threshold;
      return { written: `${selector}: ${expression}`, threshold: thresholdOf(selector, expression) };
    }),
  );
  return {
    thresholds: all.flatMap(({ threshold }) => threshold ?? []),
    notEvaluated: all.flatMap(({ written, threshold }) => (threshold === null ? [written] : [])),
  };
}

/** null where the metric, a tag or the expression is none that the windows hold. Source of the grammar: k6 v2.2.0, metrics/thresholds_parser.go. */
function thresholdOf(selector: string, expression: string): Threshold | null {
  const [, metric = "", , inner = ""] = /^([\w.-]+)(\{(.*)\})?$/.exec(selector.trim()) ?? [];
  const tags = tagsOf(inner);
  const [, aggregation = "", , comparison = "", limit = ""] =
    /^([a-z]+(\(\s*\d+(?:\.\d+)?\s*\))?)\s*(<=|>=|===?|!=|<|>)\s*(-?\d+(?:\.\d+)?)$/.exec(expression.trim()) ?? [];
  const kind = aggregation.replace(/\(.*/, "");
  if (tags === null || !aggregations[metric]?.includes(kind) || (kind === "p") !== aggregation.includes("("))
    return null;
  return {
    metric,
    tags,
    aggregation: aggregation.replaceAll(" ", ""),
    comparison: (comparison === "===" ? "==" : comparison) as Threshold["comparison"],
    limit: Number(limit),
  };
}

/** "name:login,tier:a" -> {name: "login", tier: "a"}; null where one is not carried here. */
function tagsOf(inner: string): Record<string, string> | null {
  const pairs = inner
    .split(",")
    .map((pair) => pair.trim())
    .filter((pair) => pair !== "");
  const tags = pairs.map((pair) => {
    const at = pair.indexOf(":");
    const bare = (text: string) => text.trim().replace(/^["']|["']$/g, "");
    return [bare(pair.slice(0, at)), bare(pair.slice(at + 1))] as const;
  });
  return tags.some(([name]) => name === "" || notCarried.includes(name)) ? null : Object.fromEntries(tags);
}
