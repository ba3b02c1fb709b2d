import type { Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { PassThrough } from "node:stream";
import test, { type ExecutionContext } from "ava";
import { createLineReader } from "../../../harness/lines/line-reader.ts";
import { createLineWriter } from "../../../harness/lines/line-writer.ts";
import type { ClusterAccess, WatchEvent } from "../../../harness/pods/cluster-access.ts";
import type { RelayMessage } from "../../../harness/pods/messages.ts";
import { authorizationOf } from "../../../harness/pods/relay-secret.ts";
import { runRelay } from "../../../harness/pods/run-relay.ts";

/** A Lease that the test writes, as the API shows it: a relay's cluster without a cluster. */
function leaseApi() {
  const lease = {
    metadata: { resourceVersion: "1", annotations: {} as Record<string, string> },
    spec: { renewTime: "0" },
  };
  const calls: string[] = [];
  const watches: { onEvent: (event: WatchEvent) => void; end: () => void }[] = [];
  const called = new Set<() => void>();
  const note = (call: string) => {
    calls.push(call);
    for (const look of called) look();
  };
  const api: ClusterAccess = {
    async call(method, path) {
      note(`${method} ${path}`);
      return { status: 200, body: structuredClone(lease) };
    },
    watch(path, onEvent, signal) {
      note(`WATCH ${path}`);
      return new Promise((resolve) => {
        watches.push({ onEvent, end: resolve });
        signal.addEventListener("abort", () => resolve());
      });
    },
  };
  return {
    api,
    lease,
    tell: (type = "MODIFIED") => watches.at(-1)?.onEvent({ type, object: structuredClone(lease) }),
    until: (pattern: RegExp, times = 1) =>
      new Promise<void>((resolve) => {
        const look = () => void (calls.filter((call) => pattern.test(call)).length >= times && resolve());
        called.add(look);
        look();
      }),
  };
}

const secret = "9f".repeat(32);

async function relayOn(t: ExecutionContext, silenceMs = 60_000) {
  const out = new PassThrough();
  const cluster = leaseApi();
  const ending = new AbortController();
  const listening = Promise.withResolvers<Server>();
  const ended = runRelay({
    settings: { namespace: "perf", run: "tb-run", silenceMs },
    secret,
    lines: createLineWriter(out),
    api: cluster.api,
    port: 0,
    signal: ending.signal,
    onListening: listening.resolve,
  });
  const { port } = (await listening.promise).address() as AddressInfo;
  const said: RelayMessage[] = [];
  const onSaid = new Set<() => void>();
  const reader = createLineReader();
  createInterface({ input: out }).on("line", (line) => {
    said.push(...(reader.take(line) as RelayMessage[]));
    for (const look of onSaid) look();
  });
  const end = async () => {
    ending.abort();
    await ended;
  };
  t.teardown(end);
  const post = async (path: string, body: string, headers: Record<string, string> = {}) => {
    const known = { authorization: authorizationOf(secret), ...headers };
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method: "POST", body, headers: known });
    return { status: answer.status, text: await answer.text() };
  };
  const untilSaid = <K extends RelayMessage["kind"]>(kind: K, matches = (_: RelayMessage & { kind: K }) => true) =>
    new Promise<RelayMessage & { kind: K }>((resolve) => {
      const look = () => {
        const found = said.find((each) => each.kind === kind && matches(each as RelayMessage & { kind: K }));
        if (found !== undefined) resolve(found as RelayMessage & { kind: K });
      };
      onSaid.add(look);
      look();
    });
  const register = (runner: number, pod: string, count = 2) =>
    post("/register", JSON.stringify({ trial: "001", runner, count, pod, node: "a" }));
  const untilStop = (runner: number) => post("/until-stop", JSON.stringify({ trial: "001", runner }));
  const told = (runner: number, confirmed: boolean) =>
    post("/told", JSON.stringify({ trial: "001", runner, confirmed }));
  const owner = (runner: number) => ({ "tunebench-trial": "001", "tunebench-runner": String(runner) });
  return { cluster, said, port, post, untilSaid, register, untilStop, told, owner, end, faults: reader.faults };
}

test("runners get one instant once all are there; what they export is written as it came and counted", async (t) => {
  const { post, register, owner, untilSaid, said, end, faults } = await relayOn(t);
  const first = register(0, "tb-run-0");
  await untilSaid("registered");
  t.false(
    said.some(({ kind }) => kind === "start"),
    "one of two",
  );
  const [one, other] = await Promise.all([first, register(1, "tb-run-1")]);
  const start = await untilSaid("start");
  t.deepEqual(
    [one, other].map(({ text }) => JSON.parse(text)),
    new Array(2).fill({ startUnixMs: start.startUnixMs }),
  );
  t.is(start.startUnixMs - start.unixMs, 2000);
  t.deepEqual(JSON.parse((await register(0, "tb-run-0")).text), { startUnixMs: start.startUnixMs }, "asked again");
  t.is((await register(0, "tb-run-9")).status, 409, "another in its place");
  t.is((await post("/v1/metrics", "é1", owner(1))).status, 200);
  t.is((await post("/v1/metrics", "zipped", { ...owner(1), "content-encoding": "gzip" })).status, 200);
  t.is((await post("/v1/metrics", "whose?")).status, 400);
  t.is((await post("/register", "{}")).status, 400);
  t.is((await post("/elsewhere", "")).status, 404);
  await end();
  const exports = said.filter((message) => message.kind === "export");
  t.deepEqual(
    exports.map(({ trial, runner, seq, encoding, body }) => [
      trial,
      runner,
      seq,
      encoding,
      `${Buffer.from(body, "base64")}`,
    ]),
    [
      ["001", 1, 1, "identity", "é1"],
      ["001", 1, 2, "gzip", "zipped"],
    ],
  );
  const last = said.at(-1);
  t.deepEqual(last?.kind === "beat" && last.trials, { "001": { 0: 0, 1: 2 } }, "the totals at the end");
  t.deepEqual(faults, { gaps: [], badSums: 0, foreign: 0 });
});

test("a word on the Lease ends the trial: each runner is told on the connection it holds, and nobody is let in after", async (t) => {
  const { cluster, register, untilStop, told, untilSaid } = await relayOn(t);
  await Promise.all([0, 1].map((runner) => register(runner, `tb-run-${runner}`)));
  const held = [0, 1].map(async (runner) => {
    const { status } = await untilStop(runner);
    await told(runner, runner === 0);
    return status;
  });
  await cluster.until(/^WATCH .*fieldSelector=metadata.name%3Dtb-run.*resourceVersion=1/);
  cluster.lease.metadata.annotations["tunebench.dev/stop"] = "001";
  cluster.tell();
  t.deepEqual(await Promise.all(held), [200, 200]);
  const stopping = await untilSaid("stopping");
  const { answers } = await untilSaid("stopped");
  t.deepEqual(Object.keys(answers), ["0", "1"]);
  t.true((answers["0"] ?? 0) >= stopping.ms);
  t.is(answers["1"], null, "its k6 did not confirm");
  t.is((await register(0, "tb-run-7")).status, 409);
  t.is((await untilStop(1)).status, 200, "asked again, told again");
});

test("a runner whose connection is gone has ended, and is not waited for", async (t) => {
  const { cluster, port, register, untilSaid } = await relayOn(t);
  const registered = register(0, "tb-run-0", 1);
  const body = JSON.stringify({ trial: "001", runner: 0 });
  const held = await opened(port, `POST /until-stop HTTP/1.1\r\nhost: r\r\n${ours}${lengthOf(body)}\r\n${body}`);
  t.is((await registered).status, 200);
  held.end();
  await new Promise((resolve) => held.on("close", resolve));
  await cluster.until(/^WATCH/);
  cluster.lease.metadata.annotations["tunebench.dev/stop"] = "001";
  cluster.tell();
  t.deepEqual((await untilSaid("stopped")).answers, { 0: null });
});

test("a watch whose place the API has forgotten is begun anew, with what was missed", async (t) => {
  const { cluster, register, untilStop, told, untilSaid } = await relayOn(t);
  await register(0, "tb-run-0", 1);
  const held = untilStop(0).then(() => told(0, true));
  await cluster.until(/^WATCH/);
  cluster.lease.metadata.annotations["tunebench.dev/stop"] = "001";
  cluster.lease.metadata.resourceVersion = "7";
  cluster.tell("ERROR");
  await cluster.until(/^WATCH .*resourceVersion=7/);
  await held;
  t.not((await untilSaid("stopped")).answers["0"], null);
});

test("without a sign of life the runners are stopped and the run's owner is deleted", async (t) => {
  const { cluster, register, untilStop, told, untilSaid } = await relayOn(t, 1500);
  await register(0, "tb-run-0", 1);
  const held = untilStop(0);
  await cluster.until(/^WATCH/);
  cluster.lease.spec.renewTime = "1";
  cluster.tell();
  const { silentMs } = await untilSaid("abandoned");
  t.true(silentMs >= 1500);
  t.is((await held).status, 200);
  await told(0, true);
  await cluster.until(/^DELETE .api.v1.namespaces.perf.configmaps.tb-run$/);
});

const ours = `authorization: ${authorizationOf(secret)}\r\n`;
const lengthOf = (body: string) => `content-length: ${body.length}\r\n`;

/** A connection on which so much was written, and no more. */
async function opened(port: number, text: string): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  socket.resume().on("error", () => {});
  await new Promise<void>((resolve) => socket.write(text, () => resolve()));
  return socket;
}

const wrongSecrets = ["", "Bearer", `Bearer ${secret.slice(1)}`, `Bearer ${secret}0`, secret, `Basic ${secret}`];

test("who has not the run's secret can't export, take a runner's place, hear or end the trial, and is counted", async (t) => {
  const { post, register, owner, untilSaid, said, end } = await relayOn(t);
  const registration = JSON.stringify({ trial: "001", runner: 0, count: 1, pod: "thief", node: null });
  const asked = wrongSecrets.flatMap((authorization) => [
    post("/v1/metrics", "x", { ...owner(0), authorization }),
    post("/register", registration, { authorization }),
    post("/until-stop", JSON.stringify({ trial: "001", runner: 0 }), { authorization }),
    post("/told", JSON.stringify({ trial: "001", runner: 0, confirmed: true }), { authorization }),
    post("/elsewhere", "", { authorization }),
  ]);
  t.deepEqual(await Promise.all(asked), new Array(asked.length).fill({ status: 401, text: "" }));
  t.is((await register(0, "tb-run-0", 1)).status, 200, "the place is free");
  t.is((await untilSaid("registered")).pod, "tb-run-0");
  await end();
  t.false(said.some(({ kind }) => kind === "export"));
  const counted = said.reduce((sum, message) => sum + (message.kind === "beat" ? message.unauthenticated : 0), 0);
  t.is(counted, asked.length);
});

const runner = { trial: "001", runner: 0 };
const registration = { ...runner, count: 2, pod: "tb-run-0", node: "a" };
const hostile: [string, unknown][] = [
  ...[
    { address: "[x" },
    { count: 1e300 },
    { count: 2_000_000_000 },
    { count: 0 },
    { count: 1.5 },
    { count: "2" },
    { runner: -1 },
    { runner: 100_000 },
    { runner: null },
    { trial: 1 },
    { trial: "001/../002" },
    { trial: "9".repeat(100) },
    { pod: "[x" },
    { pod: "" },
    { pod: "x".repeat(300) },
    { pod: ["a"] },
    { node: {} },
    { node: "a\u001b[31m" },
    { __proto__x: 1 },
  ].map((change): [string, unknown] => ["/register", { ...registration, ...change }]),
  ...[[], null, 7, "x", {}].flatMap((body): [string, unknown][] => [
    ["/register", body],
    ["/until-stop", body],
    ["/told", body],
  ]),
  ["/told", { ...runner, confirmed: "yes" }],
  ["/until-stop", { ...runner, trial: {} }],
];

test("bodies that are none are turned away, whoever sends them, and the relay goes on", async (t) => {
  const { post, register, owner, said, end } = await relayOn(t);
  const answers = await Promise.all(hostile.map(([path, body]) => post(path, JSON.stringify(body))));
  t.deepEqual(
    answers.map(({ status }, at) => [status, hostile[at]]),
    hostile.map((each) => [400, each]),
  );
  for (const text of ["", "{", '{"trial":', "\0"]) t.is((await post("/register", text)).status, 400);
  for (const number of ["-1", "1e9", "x", "", "0x1p"])
    t.is((await post("/v1/metrics", "x", { ...owner(0), "tunebench-runner": number })).status, 400, number);
  t.is((await post("/v1/metrics", "x", owner(0))).status, 200, "of a runner that has not registered yet");
  const large = post("/v1/metrics", "x".repeat(9 * 1024 * 1024), owner(0));
  t.is(await large.then(({ status }) => status).catch(() => 400), 400, "told, or cut off while it is sent");
  t.is((await register(0, "tb-run-0", 1)).status, 200);
  t.is((await post("/v1/metrics", "x", owner(0))).status, 200);
  await end();
  t.deepEqual(
    said.flatMap((message) => (message.kind === "registered" ? [message.pod] : [])),
    ["tb-run-0"],
  );
  t.is(said.filter(({ kind }) => kind === "export").length, 2);
});

test("connections that say half, nothing or nonsense, and ends in the middle, are no one's trouble", async (t) => {
  const { port, post, register, owner } = await relayOn(t);
  const sockets = await Promise.all(
    [
      "",
      "POST /register HTTP/1.1\r\nhost:",
      "\0\0\0\r\n\r\n",
      `POST /v1/metrics HTTP/1.1\r\nhost: r\r\n${ours}content-length: 1000000\r\n\r\nx`,
      `POST /register HTTP/1.1\r\nhost: r\r\n${ours}transfer-encoding: chunked\r\n\r\nzz\r\n`,
      `POST /v1/metrics HTTP/1.1\r\nhost: r\r\nx: ${"y".repeat(100_000)}\r\n\r\n`,
    ].map((text) => opened(port, text)),
  );
  t.is((await register(0, "tb-run-0", 1)).status, 200);
  for (const socket of sockets) socket.resetAndDestroy();
  t.is((await post("/v1/metrics", "x", owner(0))).status, 200);
});
