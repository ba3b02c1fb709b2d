import { jsonText } from "../../core/text.ts";
import type { ReportInput } from "../report-input.ts";
import { type MetricFamily, type MetricPoint, metricFamilies } from "./metric-families.ts";

/**
 * OTLP in its JSON form (an ExportMetricsServiceRequest): every family a gauge. 64-bit numbers are decimal strings there.
 * https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
 */
export function renderOtlpJson(input: ReportInput): string {
  const { tunebench } = input.run.provenance;
  const resource = { attributes: attributesOf({ "service.name": "tunebench", "service.version": tunebench }) };
  const scopeMetrics = [{ scope: { name: "tunebench" }, metrics: metricFamilies(input).map(metricOf) }];
  return jsonText({ resourceMetrics: [{ resource, scopeMetrics }] });
}

function metricOf({ name, description, ucum, points }: MetricFamily) {
  return { name, description, unit: ucum, gauge: { dataPoints: points.map(dataPointOf) } };
}

function dataPointOf({ labels, value, atMs }: MetricPoint) {
  return { attributes: attributesOf(labels), timeUnixNano: `${atMs}000000`, asDouble: value };
}

function attributesOf(labels: Record<string, string>) {
  return Object.entries(labels).map(([key, value]) => ({ key, value: { stringValue: value } }));
}
