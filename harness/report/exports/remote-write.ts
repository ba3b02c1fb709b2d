import protobuf from "protobufjs";
import { compress } from "snappyjs";
import type { ReportInput } from "../report-input.ts";
import { metricFamilies, prometheusName } from "./metric-families.ts";

/**
 * The part of Prometheus remote write 1.0 that we send. https://prometheus.io/docs/specs/prw/remote_write_spec/
 */
const schema = `
syntax = "proto3";
message WriteRequest { repeated TimeSeries timeseries = 1; }
message TimeSeries { repeated Label labels = 1; repeated Sample samples = 2; }
message Label { string name = 1; string value = 2; }
message Sample { double value = 1; int64 timestamp = 2; }
`;

/** Encoder (and, for tests, decoder) of a request's body before it is compressed. */
export const writeRequestType = protobuf.parse(schema).root.lookupType("WriteRequest");

/** Receivers bound a request's size; Prometheus itself sends up to so many samples in one. */
const mostSeries = 2000;

/** A run's numbers as bodies of remote-write requests: protobuf, each compressed in Snappy's block format. */
export function remoteWriteBodies(input: ReportInput): Uint8Array[] {
  const series = seriesOf(input);
  return Array.from({ length: Math.ceil(series.length / mostSeries) }, (_, index) => {
    const timeseries = series.slice(index * mostSeries, (index + 1) * mostSeries);
    return compress(writeRequestType.encode(writeRequestType.create({ timeseries })).finish());
  });
}

/** Labels in the order of their names, as the protocol wants them; one without a value is as if it were not there. */
function seriesOf(input: ReportInput) {
  return metricFamilies(input).flatMap((family) =>
    family.points.map(({ labels, value, atMs }) => ({
      labels: Object.entries({ __name__: prometheusName(family), ...labels })
        .filter(([, text]) => text !== "")
        .map(([name, text]) => ({ name, value: text }))
        .toSorted((one, other) => (one.name < other.name ? -1 : 1)),
      samples: [{ value, timestamp: atMs }],
    })),
  );
}
