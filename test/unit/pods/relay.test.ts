import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import { PassThrough } from "node:stream";
import test, { type ExecutionContext } from "ava";
import { createLineReader } from "../../../harness/lines/line-reader.ts";
import { createLineWriter } from "../../../harness/lines/line-writer.ts";
import type { ClusterAccess, WatchEvent } from "../../../harness/pods/cluster-access.ts";
import type { RelayMessage } from "../../../harness/pods/messages.ts";
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

async function relayOn(t: ExecutionContext, silenceMs = 60_000) {
  const out = new PassThrough();
  const cluster = leaseApi();
  const ending = new AbortController();
  const listening = Promise.withResolvers<Server>();
  const ended = runRelay({
    settings: { namespace: "perf", run: "tb-run", silenceMs },
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
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method: "POST", body, headers });
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
  const register = (runner: number, address: string, count = 2) =>
    post("/register", JSON.stringify({ trial: "001", runner, count, address, node: "a" }));
  const owner = (runner: number) => ({ "tunebench-trial": "001", "tunebench-runner": String(runner) });
  return { cluster, said, post, untilSaid, register, owner, end, faults: reader.faults };
}

/** k6's REST interface: confirms a stop, and notes it. */
async function k6Rest(t: ExecutionContext): Promise<{ address: string; stopped: Promise<unknown> }> {
  const stopped = Promise.withResolvers<unknown>();
  const server = createServer((message, response) => {
    let text = "";
    message.on("data", (chunk) => {
      text += chunk;
    });
    message.on("end", () => {
      stopped.resolve([message.method, message.url, JSON.parse(text).data.attributes]);
      response.end("{}");
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.teardown(() => server.close());
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, stopped: stopped.promise };
}

test("runners get one instant once all are there; what they export is written as it came and counted", async (t) => {
  const { post, register, owner, untilSaid, said, end, faults } = await relayOn(t);
  const first = register(0, "127.0.0.1:1");
  await untilSaid("registered");
  t.false(
    said.some(({ kind }) => kind === "start"),
    "one of two",
  );
  const [one, other] = await Promise.all([first, register(1, "127.0.0.1:2")]);
  const start = await untilSaid("start");
  t.deepEqual(
    [one, other].map(({ text }) => JSON.parse(text)),
    new Array(2).fill({ startUnixMs: start.startUnixMs }),
  );
  t.is(start.startUnixMs - start.unixMs, 5000);
  t.deepEqual(JSON.parse((await register(0, "127.0.0.1:1")).text), { startUnixMs: start.startUnixMs }, "asked again");
  t.is((await register(0, "127.0.0.1:9")).status, 409, "another in its place");
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

test("a word on the Lease ends the trial's runners, each told by REST; nobody is let in after that", async (t) => {
  const { cluster, register, untilSaid } = await relayOn(t);
  const rests = await Promise.all([k6Rest(t), k6Rest(t)]);
  await Promise.all(rests.map(({ address }, runner) => register(runner, address)));
  await cluster.until(/^WATCH .*fieldSelector=metadata.name%3Dtb-run.*resourceVersion=1/);
  cluster.lease.metadata.annotations["tunebench.dev/stop"] = "001";
  cluster.tell();
  const told = await Promise.all(rests.map(({ stopped }) => stopped));
  t.deepEqual(told, new Array(2).fill(["PATCH", "/v1/status", { stopped: true }]));
  const stopping = await untilSaid("stopping");
  const { answers } = await untilSaid("stopped");
  t.deepEqual(Object.keys(answers), ["0", "1"]);
  t.true(Object.values(answers).every((ms) => ms !== null && ms >= stopping.ms));
  t.is((await register(0, "127.0.0.1:7")).status, 409);
});

test("a watch whose place the API has forgotten is begun anew, with what was missed", async (t) => {
  const { cluster, register, untilSaid } = await relayOn(t);
  const { address } = await k6Rest(t);
  await register(0, address, 1);
  await cluster.until(/^WATCH/);
  cluster.lease.metadata.annotations["tunebench.dev/stop"] = "001";
  cluster.lease.metadata.resourceVersion = "7";
  cluster.tell("ERROR");
  await cluster.until(/^WATCH .*resourceVersion=7/);
  t.not((await untilSaid("stopped")).answers["0"], null);
});

test("without a sign of life the runners are stopped and the run's owner is deleted", async (t) => {
  const { cluster, register, untilSaid } = await relayOn(t, 1500);
  const { address, stopped } = await k6Rest(t);
  await register(0, address, 1);
  await cluster.until(/^WATCH/);
  cluster.lease.spec.renewTime = "1";
  cluster.tell();
  const { silentMs } = await untilSaid("abandoned");
  t.true(silentMs >= 1500);
  await stopped;
  await cluster.until(/^DELETE .api.v1.namespaces.perf.configmaps.tb-run$/);
  t.pass();
});
