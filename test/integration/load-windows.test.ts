import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:net";
import { availableParallelism } from "node:os";
import { execa } from "execa";
import { mergeHistograms, quantile } from "../../harness/core/histogram.ts";
import { complaintIn } from "../../harness/engines/k6/k6-output.ts";
import { sumScriptCounts } from "../../harness/results/script-counts.ts";
import { constantRate } from "../../harness/suite/rate.ts";
import { k6Here } from "../helpers/engines-here.ts";
import { faultsIn, listening, portOf, requestsIn, runTrial, startTarget } from "../helpers/k6-trial.ts";
import { testNeeding } from "../helpers/parts.ts";

/** The lib by name: one request an iteration, to a path that the suite gives. */
const plainScript = `
import { options, request } from "tunebench/k6";
export { options };
export default function () { request(__ENV.PATH_ASKED ?? "/"); }
`;

/** Each iteration asks for the next of some paths; without the lib's word about faults. */
const withoutLib = `
import http from "k6/http";
export default function () { http.get(__ENV.TARGET_URL + (__ENV.PATH_ASKED ?? "/"), { timeout: "300ms" }); }
`;

testNeeding(["k6"], "windows and server agree to the request when k6 runs to its end", async (t) => {
  let served = 0;
  const targetUrl = await startTarget(t, (_, response) => {
    served += 1;
    response.end("ok");
  });
  const { windows, exitCode, receiver } = await runTrial(t, { files: { "load.ts": plainScript }, targetUrl });
  t.is(exitCode, 0);
  t.true(served >= 95 && served <= 101, `${served} of 50 a second for 2 s`);
  t.is(requestsIn(windows), served);
  t.deepEqual(faultsIn(windows), {});
  t.is(receiver.failed, 0);
  for (const [index, { startMs, endMs }] of windows.entries()) {
    t.true(endMs > startMs);
    t.true(index === 0 || startMs === windows[index - 1]?.endMs, "windows follow one another");
  }
  const latency = windows.flatMap(({ latencyMs }) => latencyMs ?? []).reduce(mergeHistograms);
  t.is(latency.count, served);
  t.true(quantile(latency, 0.5) > 0 && quantile(latency, 0.5) <= latency.max);
  t.is(windows.at(-1)?.virtualUsers, 10);
  // Little's law: the time that iterations took over the time in which they ended; over all, since a short window may hold long ones.
  const busyMs = windows.reduce((sum, { iterationMs }) => sum + (iterationMs?.sum ?? 0), 0);
  const busy = busyMs / ((windows.at(-1)?.endMs ?? 0) - (windows[0]?.startMs ?? 0));
  t.true(busy > 0 && busy <= 10, `${busy} of 10 users busy`);
});

const everyKind = `
import http from "k6/http";
import { check } from "k6";
import { Counter, Gauge, Rate, Trend } from "k6/metrics";
const [counter, gauge, rate, trend] = [new Counter("pages"), new Gauge("level"), new Rate("odd"), new Trend("took", true)];
export default function () {
  const { status } = http.get(__ENV.TARGET_URL + (__ITER % 2 ? "/missing" : "/"), { tags: { name: "page" } });
  check(status, { "is there": () => status === 200 });
  counter.add(2);
  gauge.add(7);
  rate.add(__ITER % 2);
  for (const ms of [0, 3, 300]) trend.add(ms);
}
`;

for (const called of [undefined, "k6"]) {
  const whose = called === undefined ? "the k6 that is found" : "a k6 with its own outputs alone";
  testNeeding(["k6"], `a load begins with its first request, not when its users are made, by ${whose}`, async (t) => {
    const targetUrl = await startTarget(t, (_request, response) => response.end());
    // As many users as k6 makes within a third of a second, one a CPU at a time: most of its first half second.
    const script = `import http from "k6/http";
const until = Date.now() + 20;
while (Date.now() < until);
export default () => http.get(__ENV.TARGET_URL);
`;
    const virtualUsers = 18 * availableParallelism();
    const { windows } = await runTrial(t, { files: { "load.js": script }, targetUrl, virtualUsers, called });
    const [{ startMs = 0, endMs = 0, requests = 0, droppedIterations = 0 } = {}] = windows;
    t.true(
      requests + droppedIterations > (0.6 * 50 * (endMs - startMs)) / 1000 - 1,
      `${requests} in ${endMs - startMs} ms`,
    );
  });

  testNeeding(["k6"], `every kind of metric comes from ${whose}`, async (t) => {
    let [served, missing] = [0, 0];
    const targetUrl = await startTarget(t, ({ url }, response) => {
      served += 1;
      if (url === "/missing") missing += 1;
      response.writeHead(url === "/missing" ? 404 : 200).end();
    });
    const files = { "load.ts": everyKind };
    const { windows } = await runTrial(t, { files, targetUrl, afterMs: 1000, virtualUsers: 1, called });
    t.true(served > 40 && missing > 15);
    t.is(requestsIn(windows), served);
    t.deepEqual(faultsIn(windows), { "HTTP 404 target": missing });
    const { checks, endpoints, metrics } = sumScriptCounts(windows.map(({ script }) => script));
    t.deepEqual(checks, [{ name: "is there", passed: served - missing, failed: missing }]);
    t.like(endpoints[0], { name: "page", requests: served, failed: missing });
    t.is(endpoints[0]?.latencyMs?.count, served - missing);
    const byName = Object.fromEntries(metrics.map((metric) => [metric.name, metric]));
    t.like(byName.pages, { kind: "counter", sum: 2 * served });
    t.like(byName.level, { kind: "gauge", value: 7 });
    t.like(byName.odd, { kind: "rate", hits: missing, of: served });
    const took = byName.took?.kind === "trend" ? byName.took.values : null;
    t.like(took, { count: 3 * served, zeroCount: served, sum: 303 * served, min: 0, max: 300 });
    t.true(took !== null && Math.abs(quantile(took, 0.6) - 3) < 0.3);
    t.is(byName.took?.kind === "trend" ? byName.took.unit : null, "ms");
  });
}

testNeeding(["k6"], "a target that answers nothing: empty windows, dropped iterations, no latency", async (t) => {
  const server = await listening(t, createServer());
  server.on("connection", (socket) => t.teardown(() => socket.destroy()));
  const { windows } = await runTrial(t, {
    files: { "load.ts": plainScript },
    targetUrl: `http://127.0.0.1:${portOf(server)}`,
    virtualUsers: 2,
  });
  t.is(requestsIn(windows), 0);
  t.true(windows.length >= 4);
  t.true(windows.every((window) => window.latencyMs === null));
  const dropped = windows.reduce((sum, window) => sum + window.droppedIterations, 0);
  t.true(dropped >= 90 && dropped <= 99, `${dropped} dropped: 100 wanted, 2 virtual users`);
});

/** What a broken target does, by path. */
const misdeeds: Record<string, (request: IncomingMessage, response: ServerResponse) => void> = {
  "/ports": (_, response) => response.writeHead(503).end("connect EADDRNOTAVAIL 198.18.0.3:3306 - Local (0.0.0.0:0)"),
  "/pool": (_, response) => response.writeHead(500).end("the POOL is exhausted"),
  "/silent": (_, response) => response.writeHead(502).end(),
  "/reset": (request) => request.socket.resetAndDestroy(),
  "/eof": (request) => request.socket.destroy(),
  "/slow": () => {},
};

const bodySignatures = [
  { kind: "EADDRNOTAVAIL", match: "EADDRNOTAVAIL", in: "body" },
  { kind: "POOL", match: "pool is exhausted", in: "body" },
] as const;

const expectedFaults: [string, string, string][] = [
  ["/ports", plainScript, "EADDRNOTAVAIL target"],
  ["/pool", plainScript, "POOL target"],
  ["/silent", plainScript, "HTTP 502 target"],
  ["/ports", withoutLib, "HTTP 503 target"],
  ["/reset", plainScript, "ECONNRESET target"],
  ["/eof", withoutLib, "EOF target"],
  ["/slow", withoutLib, "REQUEST_TIMEOUT target"],
];

for (const [path, script, fault] of expectedFaults) {
  const by = script === plainScript ? "with" : "without";
  testNeeding(["k6"], `${path} is ${fault}, ${by} the lib`, async (t) => {
    let served = 0;
    const targetUrl = await startTarget(t, (request, response) => {
      served += 1;
      misdeeds[request.url ?? ""]?.(request, response);
    });
    const { windows } = await runTrial(t, {
      files: { "load.ts": script },
      targetUrl,
      env: { PATH_ASKED: path },
      bodySignatures: [...bodySignatures],
      keepConnections: false,
      virtualUsers: 40,
      afterMs: 1000,
    });
    t.true(served > 40);
    t.deepEqual(faultsIn(windows), { [fault]: served });
    t.is(requestsIn(windows), served);
    t.true(windows.every((window) => window.latencyMs === null));
  });
}

testNeeding(["k6"], "a port that nobody listens on is ECONNREFUSED of the target", async (t) => {
  const closed = await listening(t, createServer());
  const targetUrl = `http://127.0.0.1:${portOf(closed)}`;
  closed.close();
  const { windows } = await runTrial(t, { files: { "load.ts": plainScript }, targetUrl, afterMs: 1000 });
  t.deepEqual(faultsIn(windows), { "ECONNREFUSED target": requestsIn(windows) });
  t.true(requestsIn(windows) >= 45);
});

testNeeding(["k6"], "SIGINT ends k6 at once, its last numbers taken in", async (t) => {
  let served = 0;
  const targetUrl = await startTarget(t, (_, response) => {
    served += 1;
    response.end();
  });
  const { windows, exitCode, stopTookMs } = await runTrial(t, {
    files: { "load.ts": plainScript },
    targetUrl,
    afterMs: 60_000,
    onWindow: (window, { stop }) => window.requests > 0 && stop(),
  });
  t.is(exitCode, 105);
  t.log(`${stopTookMs?.toFixed(0)} ms`);
  t.true(stopTookMs !== null && stopTookMs < 30_000, "not the minute that it had left");
  t.true(served - requestsIn(windows) <= 10, "at most what the virtual users had in flight is lost");
});

testNeeding(["k6"], "an error in the script is reported at its own line", async (t) => {
  const targetUrl = await startTarget(t, (_, response) => response.end());
  const files = {
    "load.ts": `import { fail } from "./deep/fail";\n\ntype Wide = {\n  a: string;\n};\nexport default () => fail({ a: "x" } as Wide);\n`,
    "deep/fail.ts": `export interface Given { a: string }\n\n// a comment\nexport function fail(given: Given) {\n  throw new Error("boom " + given.a);\n}\n`,
  };
  const { log, windows } = await runTrial(t, { files, targetUrl, afterMs: 500 });
  const complaints = log.map((line) => complaintIn(line));
  const errors = complaints.flatMap((complaint) => (complaint?.kind === "script-error" ? [complaint.words] : []));
  t.regex(errors[0] ?? "", /boom x\n {2}at fail \(deep\/fail\.ts:5:/);
  t.regex(errors[0] ?? "", /load\.ts:6:/);
  t.is(requestsIn(windows), 0);
});

testNeeding(["k6"], "npm packages, the lib by path and async generators run in k6", async (t) => {
  const asked: string[] = [];
  const targetUrl = await startTarget(t, (request, response) => {
    asked.push(request.url ?? "");
    response.end();
  });
  const lib = new URL("../../scenarios/lib/k6.ts", import.meta.url).pathname;
  const files = {
    "node_modules/greet/package.json": `{"name": "greet", "version": "1.0.0", "main": "index.js"}`,
    "node_modules/greet/index.js": `exports.greet = (name) => "/hello-" + name;\n`,
    "load.ts": `
import { greet } from "greet";
import { request } from ${JSON.stringify(lib)};
async function* names() { yield "a"; yield "b"; }
export default async function () { for await (const name of names()) request(greet(name)); }
`,
  };
  const { windows, log } = await runTrial(t, {
    files,
    targetUrl,
    afterMs: 500,
    rate: constantRate(10),
  });
  t.deepEqual([...new Set(asked)].sort(), ["/hello-a", "/hello-b"], log.join("\n"));
  t.is(requestsIn(windows), asked.length);
});

testNeeding(["k6"], "k6 says so when an export is lost", async (t) => {
  const targetUrl = await startTarget(t, (_, response) => response.end());
  const { log, receiver } = await runTrial(t, {
    files: { "load.ts": plainScript },
    targetUrl,
    afterMs: 1200,
    onWindow: (_, { closeReceiver }) => closeReceiver(),
  });
  t.true(
    log.some((line) => complaintIn(line)?.kind === "export-failed"),
    log.join("\n"),
  );
  t.true(receiver.received >= 1);
});

testNeeding(["k6"], "a shipped scenario's script runs by hand in plain k6", async (t) => {
  let served = 0;
  const targetUrl = await startTarget(t, (_, response) => {
    served += 1;
    response.writeHead(served <= 3 ? 503 : 200).end();
  });
  const { path } = await k6Here(t);
  const script = new URL("../../scenarios/keep-alive/load.ts", import.meta.url).pathname;
  const quiet = { TARGET_URL: targetUrl, K6_NO_USAGE_REPORT: "true", K6_AUTO_EXTENSION_RESOLUTION: "false" };
  const { stdout } = await execa(path, ["run", "--quiet", "--no-color", script], { env: quiet });
  // On a busy machine no user may be free for some.
  const dropped = Number(/dropped_iterations\.*: (\d+) /.exec(stdout)?.[1] ?? 0);
  t.true(served + dropped >= 245 && served <= 251, `${served} and ${dropped} dropped of 50 a second for 5 s`);
  t.regex(stdout, /tunebench_faults\.*: 3 /);
});

/** What a script counts by names of its own: some are ids, and one is for each request. */
const counting = `
import http, { url } from "k6/http";
import { check, group } from "k6";
import { Counter, Gauge, Rate, Trend } from "k6/metrics";
const orders = new Counter("orders"), hits = new Rate("hits"), size = new Gauge("size"), wait = new Trend("wait", true);
const letters = "abcdefghijklmnopqrstuvwxyz";
let n = 0;
export default function () {
  const id = 1000 + n++;
  const home = http.get(__ENV.TARGET_URL + "/", { tags: { name: "home", own: "x" } });
  http.get(url\`\${__ENV.TARGET_URL}/items/\${id}\`);
  http.batch([["GET", __ENV.TARGET_URL + "/missing", null, { tags: { name: "/users/" + id } }], __ENV.TARGET_URL + "/"]);
  http.post(__ENV.TARGET_URL + "/", "a=1", { tags: { name: "word " + letters[n % 26] + letters[Math.floor(n / 26) % 26] } });
  check(home, { "is 200": ({ status }) => status === 200, "is red": ({ body }) => body === "red" });
  check(home, { "is red again": ({ body }) => body === "red" });
  check(null, { "has stock": () => n % 2 === 0 });
  orders.add(2); hits.add(n % 2 === 0); size.add(7); wait.add(5);
}
`;

testNeeding(["k6"], "what a script counts by names of its own", async (t) => {
  const targetUrl = await startTarget(t, (request, response) => {
    response.writeHead(request.url === "/missing" ? 404 : 200).end("blue");
  });
  const checkSignatures = [{ kind: "NOT_RED", match: "RED", in: "check" } as const];
  const { windows, log } = await runTrial(t, {
    files: { "load.ts": counting },
    targetUrl,
    checkSignatures,
    virtualUsers: 1,
  });
  t.false(
    log.some((line) => line.includes("level=error")),
    log.join("\n"),
  );
  const { checks, endpoints, metrics } = sumScriptCounts(windows.map(({ script }) => script));
  const iterations = windows.reduce((sum, { iterationMs }) => sum + (iterationMs?.count ?? 0), 0);
  t.true(iterations > 60, `${iterations}`);
  const named = new Map([...checks, ...endpoints, ...metrics].map((count) => [count.name, count]));
  t.like(named.get("is 200"), { passed: iterations, failed: 0 });
  t.like(named.get("is red again"), { passed: 0, failed: iterations });
  t.like(named.get("home"), { requests: iterations, failed: 0, latencyMs: { count: iterations } });
  t.like(named.get(`/items/$${"{}"}`), { requests: iterations });
  t.like(named.get("/users/*"), { requests: iterations, failed: iterations, latencyMs: null });
  t.true(endpoints.length > 40 && endpoints.length <= 50, "not one for each name");
  t.true((named.get("other") as { requests: number }).requests > 0);
  t.like(named.get("orders"), { kind: "counter", sum: 2 * iterations });
  t.like(named.get("hits"), { kind: "rate", of: iterations });
  t.like(named.get("size"), { kind: "gauge", value: 7 });
  t.like(named.get("wait"), { kind: "trend", unit: "ms", values: { count: iterations, min: 5, max: 5 } });
  t.deepEqual([...metrics.map(({ name }) => name)].toSorted(), ["hits", "orders", "size", "wait"]);
  t.is(requestsIn(windows), 5 * iterations);
  t.is(faultsIn(windows)["NOT_RED target"], iterations, "once for each response, whatever it was checked for");
});
