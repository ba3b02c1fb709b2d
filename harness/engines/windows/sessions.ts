import type { Histogram } from "../../results/histogram.ts";
import { type FaultCount, statusFault } from "../../results/window.ts";
import type { HistogramPoint, NumberPoint } from "./decode-otlp.ts";

/** What a script did besides HTTP requests: WebSocket sessions, gRPC calls and gRPC streams, each counted as a request. */
export interface Sessions {
  requests: number;
  faults: FaultCount[];
  /** Of sessions the time until they were open, of calls and streams until they were answered; those that succeeded. */
  latenciesMs: Histogram[];
}

/** Names of gRPC's status codes. Source: google.golang.org/grpc/codes. */
const codes: Record<string, string> = {
  1: "CANCELLED",
  2: "UNKNOWN",
  3: "INVALID_ARGUMENT",
  4: "DEADLINE_EXCEEDED",
  5: "NOT_FOUND",
  6: "ALREADY_EXISTS",
  7: "PERMISSION_DENIED",
  8: "RESOURCE_EXHAUSTED",
  9: "FAILED_PRECONDITION",
  10: "ABORTED",
  11: "OUT_OF_RANGE",
  12: "UNIMPLEMENTED",
  13: "INTERNAL",
  14: "UNAVAILABLE",
  15: "DATA_LOSS",
  16: "UNAUTHENTICATED",
};

/** The status of a connection that became a WebSocket. */
const opened = "101";

/**
 * By k6's own metrics (v2.2.0): `ws_sessions` counts every attempt, with the response's status where there was one; `grpc_req_duration` has one
 * sample for each call, with its code as status, and one for each stream at its end, which bears a tag (scenarios/lib/grpc.ts): streams are
 * counted there when they are answered, and when they fail, before that or after it. That a client could not connect is an error that the script gets.
 */
export function sessionsIn(numbers: NumberPoint[], trends: HistogramPoint[]): Sessions {
  const sessions = numbers.filter(({ metric }) => metric === "ws_sessions");
  const calls = trends.filter(
    ({ metric, attributes }) => metric === "grpc_req_duration" && attributes.tunebench_stream === undefined,
  );
  const answeredStreams = trends.filter(({ metric }) => metric === "tunebench_stream_latency");
  const failedStreams = numbers.filter(({ metric }) => metric === "tunebench_stream_faults");
  const connecting = trends.filter(
    ({ metric, attributes }) => metric === "ws_connecting" && attributes.status === opened,
  );
  const failedSessions = sessions.filter(({ attributes }) => attributes.status !== opened);
  const failedCalls = calls.filter(({ attributes }) => attributes.status !== "0");
  return {
    requests:
      [...sessions, ...failedStreams].reduce((sum, { value }) => sum + value, 0) +
      [...calls, ...answeredStreams].reduce((sum, { histogram }) => sum + histogram.count, 0),
    faults: [
      ...failedSessions.map(({ attributes: { status }, value }) => sessionFault(status, value)),
      ...failedCalls.map(({ attributes: { status = "" }, histogram: { count } }) => callFault(status, count)),
      ...failedStreams.map(({ attributes: { status = "" }, value }) => callFault(status, value)),
    ],
    latenciesMs: [...connecting, ...calls.filter((call) => !failedCalls.includes(call)), ...answeredStreams].map(
      ({ histogram }) => histogram,
    ),
  };
}

function sessionFault(status: string | undefined, count: number): FaultCount {
  if (status === undefined) return { kind: "WEBSOCKET_NOT_OPENED", side: "target", count };
  return statusFault(Number(status), count);
}

function callFault(status: string, count: number): FaultCount {
  return { kind: `gRPC ${codes[status] ?? status}`, side: "target", count };
}
