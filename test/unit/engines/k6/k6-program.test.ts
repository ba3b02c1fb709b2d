import test from "ava";
import type { GeneratorRequest } from "../../../../harness/engines/engine.ts";
import { k6 } from "../../../../harness/engines/k6/k6.ts";
import { k6Options } from "../../../../harness/engines/k6/k6-options.ts";
import { complaintIn } from "../../../../harness/engines/k6/k6-output.ts";
import { k6Program } from "../../../../harness/engines/k6/k6-program.ts";
import { scriptOptions } from "../../../../harness/engines/k6/script-options.ts";
import { burstsRate, constantRate, phasesRate, type Rate, rampRate } from "../../../../harness/suite/rate.ts";
import type { Load } from "../../../../harness/suite/suite.ts";

const load = (rate: Rate): Load => ({
  script: "load.ts",
  rate,
  virtualUsers: 50,
  keepConnections: true,
  env: { TENANT: "a", TARGET_URL: "http://elsewhere" },
  runners: null,
  scenarios: null,
});

const request: GeneratorRequest = {
  program: "/opt/k6",
  scriptFile: "/run/load.js",
  targetUrls: ["http://198.18.0.2:8080", "http://198.18.3.2:8080"],
  load: load(constantRate(100)),
  script: null,
  stop: { fault: null, requests: null, afterMs: 5000, latency: null, cliff: null, saturated: null },
  bodySignatures: [{ kind: "POOL", match: "pool exhausted", in: "body" }],
  exportTo: "127.0.0.1:4318",
};

const scenario = (rate: Rate, afterMs = 5000) => k6Options(load(rate), null, afterMs).scenarios.default;
const stages = (rate: Rate, afterMs: number) => scenario(rate, afterMs)?.stages;

test("the script is k6's last argument and the harness's variables win", (t) => {
  const { argv, env } = k6Program(request);
  t.deepEqual(argv.slice(0, 2), ["/opt/k6", "run"]);
  t.is(argv.at(-1), "/run/load.js");
  t.is(env.TENANT, "a");
  t.is(env.TARGET_URL, "http://198.18.0.2:8080");
  t.is(env.TARGET_URLS, "http://198.18.0.2:8080 http://198.18.3.2:8080");
  t.is(env.K6_OTEL_HTTP_EXPORTER_ENDPOINT, "127.0.0.1:4318");
  t.is(env.K6_NO_USAGE_REPORT, "true");
  t.deepEqual(JSON.parse(env.TUNEBENCH_SIGNATURES ?? ""), [{ kind: "POOL", match: "pool exhausted" }]);
});

test("tags and names that thresholds ask for are sent", (t) => {
  const tags = { group: "::cart", scenario: "buy", name: "order-2026", tier: "gold" };
  const threshold = { metric: "http_reqs", tags, aggregation: "count", comparison: ">", limit: 1 } as const;
  const script = { ...scriptOptions({}, load(constantRate(100))), thresholds: [threshold] };
  const { argv, env } = k6Program({ ...request, script });
  t.true(argv.includes("--system-tags=status,error_code,error,expected_response,check,group,scenario"), argv.join(" "));
  t.is(env.TUNEBENCH_NAMES, '["order-2026"]');
  t.is(k6Program(request).env.TUNEBENCH_NAMES, undefined);
});

test("a k6 of our own exports by its own output, wherever it is mounted; any other by OpenTelemetry's", (t) => {
  const { argv, env } = k6Program({ ...request, program: "/tmp/trial/programs/generator-tunebench-k6" });
  t.deepEqual(argv.slice(argv.indexOf("--out")).slice(0, 2), ["--out", "tunebench=127.0.0.1:4318"]);
  t.is(env.K6_OTEL_HTTP_EXPORTER_ENDPOINT, undefined);
  t.true(k6Program(request).argv.includes("opentelemetry"));
});

test("a constant rate, with every virtual user made at the start", (t) => {
  t.false(k6Options(load(constantRate(100)), null, 5000).noConnectionReuse);
  t.is(k6.model, "open");
  const options = scenario(constantRate(100));
  t.is(options?.executor, "ramping-arrival-rate");
  t.like(options, { startRate: 100, timeUnit: "1s", preAllocatedVUs: 50, maxVUs: 50 });
  t.deepEqual(options?.stages, [{ target: 100, duration: "5000ms" }]);
});

test("a ramp goes on at its last rate; one longer than the trial is cut on the way", (t) => {
  const ramp = rampRate(500, 3000, 5000);
  t.deepEqual(stages(ramp, 75_000), [
    { target: 3000, duration: "5000ms" },
    { target: 3000, duration: "70000ms" },
  ]);
  t.deepEqual(stages(ramp, 2500), [{ target: 1750, duration: "2500ms" }]);
});

test("bursts jump up and down and are cut at the end", (t) => {
  const bursts = burstsRate({ basePerSecond: 10, burstPerSecond: 500, burstMs: 200, everyMs: 1000 });
  t.deepEqual(stages(bursts, 1900), [
    { target: 10, duration: "800ms" },
    { target: 500, duration: "0ms" },
    { target: 500, duration: "200ms" },
    { target: 10, duration: "0ms" },
    { target: 10, duration: "800ms" },
    { target: 500, duration: "0ms" },
    { target: 500, duration: "100ms" },
  ]);
});

test("phases follow one another with a jump between them; the last one stays, and what comes after the end is left out", (t) => {
  const phases = phasesRate([
    { perSecond: 50, lastingMs: 3000 },
    { perSecond: 200, lastingMs: 2000 },
    { perSecond: 50, lastingMs: 4000 },
  ]);
  const whole = [
    { target: 50, duration: "3000ms" },
    { target: 200, duration: "0ms" },
    { target: 200, duration: "2000ms" },
    { target: 50, duration: "0ms" },
    { target: 50, duration: "4000ms" },
    { target: 50, duration: "2000ms" },
  ];
  t.deepEqual(stages(phases, 11_000), whole);
  t.deepEqual(stages(phases, 5000), whole.slice(0, 3));
  t.deepEqual(stages(phases, 2500), [{ target: 50, duration: "2500ms" }]);
  t.is(scenario(phases, 11_000)?.startRate, 50);
});

test("less than one request a second is told in whole numbers", (t) => {
  t.like(scenario(constantRate(0.5)), { startRate: 500, timeUnit: "1000s" });
});

test("lost exports and script errors are told from other lines", (t) => {
  const lost = `time="2026-11-21T08:00:00Z" level=error msg="failed to upload metrics: Post \\"http://127.0.0.1\\""`;
  t.deepEqual(complaintIn(lost), { kind: "export-failed", line: lost });
  const thrown = `level=error msg="Uncaught (in promise) Error: \\"boom\\"\\n\\tat f (file:///lib/load.ts:7:8(7))\\n"`;
  const words = 'Uncaught (in promise) Error: "boom"\n  at f (lib/load.ts:7:8(7))';
  t.deepEqual(complaintIn(thrown), { kind: "script-error", words });
  const ofModule = 'level=error msg="Error: no\\n\\tat f (remote:https://a.org/b.js:1:2(3))\\n"';
  t.deepEqual(complaintIn(ofModule), { kind: "script-error", words: "Error: no\n  at f (https://a.org/b.js:1:2(3))" });
  const aborted = 'level=error msg="test aborted: the service is not healthy"';
  t.deepEqual(complaintIn(aborted), { kind: "script-error", words: "test aborted: the service is not healthy" });
  t.is(complaintIn('level=warning msg="Request Failed" error="Get x"'), null);
});
