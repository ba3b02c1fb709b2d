/** What a metric adds up: see k6/metrics. */
export type MetricKind = "counter" | "gauge" | "rate" | "trend";

/** k6's own metrics. Source: k6 v2.2.0, metrics/builtin.go, js/modules/k6/{ws,grpc}. */
const ownMetrics: Record<MetricKind, readonly string[]> = {
  counter: [
    "iterations",
    "dropped_iterations",
    "http_reqs",
    "data_sent",
    "data_received",
    "ws_sessions",
    "ws_msgs_sent",
    "ws_msgs_received",
    "grpc_streams",
    "grpc_streams_msgs_sent",
    "grpc_streams_msgs_received",
  ],
  gauge: ["vus", "vus_max"],
  rate: ["http_req_failed", "checks"],
  trend: [
    "iteration_duration",
    "group_duration",
    "http_req_duration",
    "http_req_blocked",
    "http_req_connecting",
    "http_req_looking_up",
    "http_req_receiving",
    "http_req_sending",
    "http_req_tls_handshaking",
    "http_req_waiting",
    "ws_connecting",
    "ws_session_duration",
    "ws_ping",
    "grpc_req_duration",
  ],
};

const kinds = new Map(
  Object.entries(ownMetrics).flatMap(([kind, names]) => names.map((name) => [name, kind] as const)),
);

/** What a metric of k6's is; null of any other. */
export function ownKindOf(metric: string): MetricKind | null {
  return (kinds.get(metric) as MetricKind | undefined) ?? null;
}

/** Whether it is one of the script's: neither k6's own, nor a browser's, nor the harness's. */
export function isScripts(metric: string): boolean {
  return !kinds.has(metric) && !/^(?:browser|tunebench)_/.test(metric);
}

/** Messages within sessions and streams: k6 counts them, and no request does. */
export function isOfMessages(metric: string): boolean {
  return /_msgs_(?:sent|received)$/.test(metric) && kinds.has(metric);
}
