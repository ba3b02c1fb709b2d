import type { ReportInput } from "../report-input.ts";
import { type MetricFamily, type MetricPoint, metricFamilies, prometheusName } from "./metric-families.ts";

/**
 * OpenMetrics text: every family a gauge, each number with its moment, so that `promtool tsdb create-blocks-from openmetrics` takes it too.
 * https://prometheus.io/docs/specs/om/open_metrics_spec/
 */
export function renderOpenMetrics(input: ReportInput): string {
  return `${metricFamilies(input).map(familyText).join("")}# EOF\n`;
}

function familyText(family: MetricFamily): string {
  const name = prometheusName(family);
  const unit = family.suffix === null ? [] : `# UNIT ${name} ${family.suffix}`;
  const head = [`# TYPE ${name} gauge`, unit, `# HELP ${name} ${escapedText(family.description)}`].flat();
  return [...head, ...family.points.map((point) => sample(name, point))].map((line) => `${line}\n`).join("");
}

function sample(name: string, { labels, value, atMs }: MetricPoint): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapedText(text)}"`);
  return `${name}{${pairs.join(",")}} ${value} ${(atMs / 1000).toFixed(3)}`;
}

/** The text of a label or of a HELP line, as both of Prometheus' formats want it. */
export function escapedText(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"');
}
