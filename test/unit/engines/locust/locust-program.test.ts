import test from "ava";
import type { GeneratorRequest } from "../../../../harness/engines/engine.ts";
import { complaintIn, isProperEnd, saidIn } from "../../../../harness/engines/locust/locust-output.ts";
import { locustProgram } from "../../../../harness/engines/locust/locust-program.ts";
import { rampRate } from "../../../../harness/suite/rate.ts";

const request: GeneratorRequest = {
  program: "/tmp/w/programs/generator/bin/python",
  beside: "/tmp/w/programs/beside",
  scriptFile: "-",
  exportTo: "127.0.0.1:4318",
  targetUrls: ["http://198.18.0.2:8080", "http://198.18.0.3:8080"],
  load: {
    engine: "locust",
    script: "load/locustfile.py",
    rate: rampRate(100, 600, 2000),
    virtualUsers: 200,
    pace: false,
    keepConnections: null,
    scenarios: null,
    env: { TENANT: "a", PYTHONDONTWRITEBYTECODE: "0" },
    runners: null,
  },
  script: null,
  stop: { fault: null, requests: null, latency: null, cliff: null, saturated: null, afterMs: 10_000 },
  bodySignatures: [{ kind: "POOL_EMPTY", match: "no free connection", in: "body" }],
};

test("the locustfile runs in its folder with the listener beside it, and the harness's variables win", (t) => {
  const { argv, env } = locustProgram(request);
  t.deepEqual(argv.slice(0, 4), [
    request.program,
    "/tmp/w/programs/beside/tunebench_start.py",
    "--locustfile",
    "locustfile.py,/tmp/w/programs/beside/tunebench_listener.py",
  ]);
  t.is(argv[argv.indexOf("--host") + 1], "http://198.18.0.2:8080");
  t.like(env, { TENANT: "a", PYTHONDONTWRITEBYTECODE: "1", TARGET_URLS: request.targetUrls.join(" ") });
});

test("the order is the load's stages to two seconds past the suite's bound", (t) => {
  const order = JSON.parse(locustProgram(request).env.TUNEBENCH_ORDER ?? "");
  t.like(order, { startPerSecond: 100, virtualUsers: 200, pace: false, exportTo: "127.0.0.1:4318", responses: 0 });
  t.deepEqual(order.stages, [
    { toPerSecond: 600, ms: 2000 },
    { toPerSecond: 600, ms: 10_000 },
  ]);
  t.deepEqual(order.bodySignatures, [{ kind: "POOL_EMPTY", match: "no free connection" }]);
});

test("what the listener tells the harness is no word for people", (t) => {
  const error = `tunebench-error ${encodeURIComponent(JSON.stringify("KeyError: 'id' (locustfile.py:12)"))}`;
  t.deepEqual(complaintIn(error), { kind: "script-error", words: "KeyError: 'id' (locustfile.py:12)" });
  const lost = "tunebench-export-failed window 7: ConnectionRefusedError(111)";
  t.deepEqual(complaintIn(lost), { kind: "export-failed", line: lost });
  t.is(complaintIn("tunebench-error %7B"), null);
  t.deepEqual([error, lost, "[10:00] host/WARNING: CPU usage"].map(saidIn), [
    null,
    null,
    "[10:00] host/WARNING: CPU usage",
  ]);
});

test("a proper end is 0; requests that failed are no failure of Locust's", (t) => {
  t.true(isProperEnd({ exitCode: 0, signal: null }));
  t.false(isProperEnd({ exitCode: 1, signal: null }));
  t.false(isProperEnd({ exitCode: null, signal: "SIGKILL" }));
});
