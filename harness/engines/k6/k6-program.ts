import type { GeneratorCommand, GeneratorRequest } from "../engine.ts";
import { isOwnK6 } from "./build-k6.ts";
import { k6Options } from "./k6-options.ts";
import { tagsAskedBy } from "./thresholds.ts";

/** Tags that become attributes, the ones that windows are made of: each costs k6 CPU on every sample. */
const systemTags = ["status", "error_code", "error", "expected_response", "check"];

/** Of each status. */
export const fewResponses = 5;

/** k6's schedule outlasts the suite's bound by this: the harness ends the load, after a whole window, and not k6. */
export const beyondStopMs = 2000;

/**
 * How k6 is started for one trial: the script is the last argument (an xk6-ts build rewrites that one), numbers go by
 * OTLP to `exportTo` (at home in k6's own namespace, in a cluster the relay), and nothing else leaves it. A k6 that we built has an output
 * for that (k6-module/windows.go), which costs a small part of what k6's own does; the message is the same. The suite's `load.env` reaches
 * the script's __ENV, but can't override the harness's own variables.
 */
export function k6Program(request: GeneratorRequest): GeneratorCommand {
  const flags = ["--quiet", "--no-color", "--no-thresholds", "--summary-mode=disabled"];
  const tags = [...systemTags, ...tagsAskedBy(request.script?.thresholds ?? [])];
  const own = isOwnK6(request.program);
  const output = ["--out", own ? `tunebench=${request.exportTo}` : "opentelemetry", `--system-tags=${tags.join(",")}`];
  // Its flags for all commands may stand before the command; without this one it answers no REST calls.
  const stopped = request.stopAt === undefined ? [] : ["--address", request.stopAt];
  const settings = own ? {} : otlpSettings(request.exportTo);
  return {
    argv: [request.program, ...stopped, "run", ...flags, ...output, request.scriptFile],
    env: { ...request.load.env, ...settings, ...isolation, ...scriptSettings(request) },
  };
}

/** No usage report, no look for extensions on the network, and no k6 config of the user's that would change the load. */
export const isolation = {
  K6_NO_USAGE_REPORT: "true",
  K6_AUTO_EXTENSION_RESOLUTION: "false",
  XDG_CONFIG_HOME: "/nonexistent",
};

/**
 * Delta exponential histograms every 500 ms. k6 hands its samples to an output in lumps of 50 ms (output/manager.go) and
 * all its timers start together: with a flush of 25 ms every export coincides with one, and in a fifth of the windows a
 * lump fell on the wrong side of the border (10% more in one window, 10% less in the next; measured at a steady 2,000/s).
 * A flush of 45 ms is near a border only at every ninth export: 1 window in 50 was off, the others within 0.4%.
 */
function otlpSettings(endpoint: string): Record<string, string> {
  return {
    OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION: "base2_exponential_bucket_histogram",
    OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: "delta",
    K6_OTEL_EXPORT_INTERVAL: "500ms",
    K6_OTEL_FLUSH_INTERVAL: "45ms",
    K6_OTEL_EXPORTER_PROTOCOL: "http/protobuf",
    K6_OTEL_HTTP_EXPORTER_ENDPOINT: endpoint,
    K6_OTEL_HTTP_EXPORTER_INSECURE: "true",
  };
}

/** What the bundled script and the scenarios' lib read from __ENV. */
function scriptSettings(request: GeneratorRequest): Record<string, string> {
  const { load, checkSignatures = [] } = request;
  const signatures = request.bodySignatures.map(({ kind, match }) => ({ kind, match }));
  const names = (request.script?.thresholds ?? []).flatMap(({ tags }) => tags.name ?? []);
  return {
    TARGET_URL: request.targetUrls[0] ?? "",
    TARGET_URLS: request.targetUrls.join(" "),
    TUNEBENCH_OPTIONS: JSON.stringify(k6Options(request.load, request.script, request.stop.afterMs + beyondStopMs)),
    TUNEBENCH_SIGNATURES: JSON.stringify(signatures),
    TUNEBENCH_CHECK_FAULTS: JSON.stringify(checkSignatures.map(({ kind, match }) => ({ kind, match }))),
    ...(load.endpoints === undefined ? {} : { TUNEBENCH_ENDPOINT_TAG: load.endpoints }),
    ...(names.length === 0 ? {} : { TUNEBENCH_NAMES: JSON.stringify(names) }),
    ...(request.duetSeed === undefined ? {} : { TUNEBENCH_DUET: JSON.stringify({ seed: request.duetSeed }) }),
    TUNEBENCH_RESPONSES: String(request.responses === "first-few" ? fewResponses : 0),
  };
}
