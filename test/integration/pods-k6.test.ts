/** The programs of pods as pods run them, bundled, with real k6, on loopback. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import test, { type ExecutionContext } from "ava";
import type { SharedStart } from "../../harness/engines/engine.ts";
import { bundleScript } from "../../harness/engines/k6/bundle-script.ts";
import { k6Program } from "../../harness/engines/k6/k6-program.ts";
import { receiveRunners } from "../../harness/engines/windows/receive-runners.ts";
import { createLineReader } from "../../harness/lines/line-reader.ts";
import { podPrograms, podProgramTexts } from "../../harness/pods/bundle.ts";
import type { RelayMessage, SamplerMessage } from "../../harness/pods/messages.ts";
import type { Registration } from "../../harness/pods/relay-requests.ts";
import { authorizationOf, secretVariable } from "../../harness/pods/relay-secret.ts";
import type { Window } from "../../harness/results/window.ts";
import { constantRate } from "../../harness/suite/rate.ts";
import { k6Here } from "../helpers/engines-here.ts";
import { requestsIn, startTarget } from "../helpers/k6-trial.ts";
import { testNeeding } from "../helpers/parts.ts";

const relayPort = 4318;
const secret = "9f".repeat(32);

async function programs(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "tunebench-pods-"));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(await podProgramTexts())) await writeFile(join(folder, name), text);
  return folder;
}

function start(t: ExecutionContext, argv: string[], env: Record<string, string>): ChildProcess {
  const [program = "", ...args] = argv;
  const child = spawn(program, args, { env, stdio: ["ignore", "pipe", "inherit"] });
  t.teardown(() => void child.kill("SIGKILL"));
  return child;
}

/** Messages of a program's numbered lines, as they come. */
function messagesOf<M>(child: ChildProcess, onMessage: (message: M) => void): void {
  const reader = createLineReader();
  if (child.stdout === null) throw new Error("no stdout");
  createInterface({ input: child.stdout }).on("line", (line) => {
    for (const message of reader.take(line)) onMessage(message as M);
  });
}

test("each program is one file of a size that a ConfigMap takes, and imports Node's own modules only", async (t) => {
  const texts = await podProgramTexts();
  t.deepEqual(Object.keys(texts), [...podPrograms]);
  for (const [name, text] of Object.entries(texts)) {
    t.true(text.length > 0 && text.length < 100_000, name);
    const imported = [...text.matchAll(/^import .* from "([^"]+)"/gm)].map(([, path]) => path ?? "");
    t.deepEqual(
      imported.filter((path) => !path.startsWith("node:")),
      [],
    );
  }
});

testNeeding(
  ["k6"],
  "two runners share a load from a common instant, and the target agrees to the request",
  async (t) => {
    let answered = 0;
    const url = await startTarget(t, (_, response) => {
      answered += 1;
      response.end("ok");
    });
    const folder = await programs(t);
    const windows: Window[] = [];
    const receiver = receiveRunners({ count: 2, at: (ms) => ms, onWindow: (each) => windows.push(each) });
    const settings = { namespace: "none", run: "none", silenceMs: 600_000 };
    const relay = start(t, [process.execPath, join(folder, "relay.mjs")], {
      TUNEBENCH_RELAY: JSON.stringify(settings),
      [secretVariable]: secret,
    });
    const registered: unknown[] = [];
    let totals: Record<string, number> = {};
    messagesOf<RelayMessage>(relay, (message) => {
      if (message.kind === "registered") registered.push([message.runner, message.pod]);
      if (message.kind === "beat") totals = message.trials["001"] ?? totals;
      if (message.kind !== "export") return;
      receiver.take({ ...message, atMs: message.ms, body: Buffer.from(message.body, "base64") });
    });
    const { path: k6Path } = await k6Here(t);
    const ends = await Promise.all([0, 1].map((runner) => runRunner(t, { folder, runner, url, k6Path })));
    relay.kill("SIGTERM");
    t.deepEqual(await once(relay, "close"), [0, null], "the relay ends by itself");
    receiver.close();
    t.deepEqual(ends, [0, 0]);
    t.deepEqual(registered.sort(), [
      [0, "tb-run-0"],
      [1, "tb-run-1"],
    ]);
    t.is(requestsIn(windows), answered);
    // On a busy machine ten virtual users may not be enough: what they could not take is counted, too.
    const asked = answered + windows.reduce((sum, { droppedIterations }) => sum + droppedIterations, 0);
    t.true(Math.abs(asked - 300) <= 2, `${asked}: 100 a second for 3 s, but for an iteration of each at the end`);
    t.is(receiver.received, (totals["0"] ?? 0) + (totals["1"] ?? 0), "the relay's last word");
    t.deepEqual(receiver.missing(), []);
    t.log(`the runners began within ${receiver.skewMs()?.toFixed(1)} ms of one another`);
    t.not(receiver.skewMs(), null);
  },
);

/** k6 as in a runner's pod; its exit code. */
async function runRunner(
  t: ExecutionContext,
  { folder, runner, url, k6Path }: { folder: string; runner: number; url: string; k6Path: string },
): Promise<number> {
  const [scriptFile, outFile] = [join(folder, `load-${runner}.ts`), join(folder, `load-${runner}.js`)];
  await writeFile(scriptFile, 'export { options, request as default } from "tunebench/k6";\n');
  await writeFile(outFile, await bundleScript(scriptFile));
  const { argv, env } = k6Program({
    // As in a pod: by k6's own output, which sends the secret.
    program: "k6",
    scriptFile: outFile,
    exportTo: `127.0.0.1:${relayPort}`,
    targetUrls: [url],
    load: {
      engine: "k6",
      script: "load.ts",
      pace: false,
      rate: constantRate(100),
      virtualUsers: 10,
      keepConnections: true,
      scenarios: null,
      env: {},
      runners: 2,
    },
    script: null,
    stop: { fault: null, requests: null, afterMs: 1000, latency: null, cliff: null, saturated: null },
    bodySignatures: [],
  });
  const authorization = encodeURIComponent(authorizationOf(secret));
  const headers = `authorization=${authorization},tunebench-trial=001,tunebench-runner=${runner}`;
  const registration: Registration = { trial: "001", runner, count: 2, pod: `tb-run-${runner}`, node: null };
  const shared: SharedStart = {
    url: `http://127.0.0.1:${relayPort}/register`,
    authorization: authorizationOf(secret),
    registration,
  };
  const k6 = start(t, argv.with(0, k6Path), {
    ...env,
    TUNEBENCH_SHARED: JSON.stringify(shared),
    K6_OTEL_HEADERS: headers,
  });
  const [exitCode] = await once(k6, "close");
  return exitCode;
}

test("a sampler tells settings first, then what it sees, and at its end what it cost", async (t) => {
  const folder = await programs(t);
  const settings = {
    role: "target",
    keys: ["net.core.somaxconn", "no.such_key", "../x"],
    listenPort: null,
    looks: "pod-and-node",
  };
  const sampler = start(t, [process.execPath, join(folder, "sampler.mjs")], {
    TUNEBENCH_SAMPLER: JSON.stringify(settings),
  });
  const said: SamplerMessage[] = [];
  const seen = Promise.withResolvers<void>();
  messagesOf<SamplerMessage>(sampler, (message) => {
    said.push(message);
    if (said.some(({ kind }) => kind === "costs")) seen.resolve();
  });
  await seen.promise;
  sampler.kill("SIGTERM");
  t.deepEqual(await once(sampler, "close"), [0, null]);
  const [first] = said;
  const somaxconn = (await readFile("/proc/sys/net/core/somaxconn", "utf8")).trim();
  t.like(first, { kind: "settings", values: { "net.core.somaxconn": somaxconn, "no.such_key": null, "../x": null } });
  const kinds = new Set(said.flatMap((message) => (message.kind === "sample" ? [message.sample.kind] : [])));
  t.true(["sockets", "counters", "node", "ports"].every((kind) => kinds.has(kind as "sockets")));
  t.is(said.at(-1)?.kind, "costs");
});
