import protobuf from "protobufjs";

/**
 * The part of OTLP metrics that generators send, with its public field numbers; fields we don't read are left out and skipped.
 * Source: opentelemetry-proto v1, collector/metrics/v1/metrics_service.proto, metrics/v1/metrics.proto and
 * common/v1/common.proto. `value` oneofs are flattened: the unset alternatives are absent after decoding, as are zeros.
 */
const schema = `
syntax = "proto3";
message ExportMetricsServiceRequest { repeated ResourceMetrics resource_metrics = 1; }
message ResourceMetrics { repeated ScopeMetrics scope_metrics = 2; }
message ScopeMetrics { repeated Metric metrics = 2; }
message Metric {
  string name = 1;
  string unit = 3;
  Gauge gauge = 5;
  Sum sum = 7;
  OtherKind histogram = 9;
  ExponentialHistogram exponential_histogram = 10;
}
message OtherKind {}
message Gauge { repeated NumberDataPoint data_points = 1; }
message Sum { repeated NumberDataPoint data_points = 1; uint32 aggregation_temporality = 2; }
message ExponentialHistogram {
  repeated ExponentialHistogramDataPoint data_points = 1;
  uint32 aggregation_temporality = 2;
}
message NumberDataPoint {
  fixed64 start_time_unix_nano = 2;
  fixed64 time_unix_nano = 3;
  oneof value { double as_double = 4; sfixed64 as_int = 6; }
  repeated KeyValue attributes = 7;
}
message ExponentialHistogramDataPoint {
  repeated KeyValue attributes = 1;
  fixed64 start_time_unix_nano = 2;
  fixed64 time_unix_nano = 3;
  fixed64 count = 4;
  double sum = 5;
  sint32 scale = 6;
  fixed64 zero_count = 7;
  Buckets positive = 8;
  double min = 12;
  double max = 13;
}
message Buckets { sint32 offset = 1; repeated uint64 bucket_counts = 2; }
message KeyValue { string key = 1; AnyValue value = 2; }
message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; } }
`;

/** OTLP's AggregationTemporality DELTA: each export holds only what is new since the one before. */
export const deltaTemporality = 1;

/** Decoder (and, for tests, encoder) of the body of POST /v1/metrics. */
export const exportRequestType = protobuf.parse(schema).root.lookupType("ExportMetricsServiceRequest");

export interface ExportMessage {
  resourceMetrics: { scopeMetrics: { metrics: MetricMessage[] }[] }[];
}

export interface MetricMessage {
  name: string;
  unit?: string;
  gauge?: { dataPoints: NumberPointMessage[] };
  sum?: { dataPoints: NumberPointMessage[]; aggregationTemporality: number };
  histogram?: object;
  exponentialHistogram?: { dataPoints: HistogramPointMessage[]; aggregationTemporality: number };
}

interface PointMessage {
  attributes: { key: string; value?: AttributeMessage }[];
  startTimeUnixNano?: number;
  timeUnixNano?: number;
}

export interface AttributeMessage {
  stringValue?: string;
  boolValue?: boolean;
  intValue?: number;
  doubleValue?: number;
}

export interface NumberPointMessage extends PointMessage {
  asDouble?: number;
  asInt?: number;
}

export interface HistogramPointMessage extends PointMessage {
  count?: number;
  sum?: number;
  scale?: number;
  zeroCount?: number;
  positive?: { offset?: number; bucketCounts: number[] };
  min?: number;
  max?: number;
}
