/** One load shared by several k6 pods, in a real cluster: nothing is counted twice or lost, whatever happens on the way. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { untilRunning } from "../../harness/environments/kubernetes/api/await-pod.ts";
import { followLines, type OpenLog } from "../../harness/environments/kubernetes/runners/follow-lines.ts";
import { observePods } from "../../harness/environments/kubernetes/runners/observe-pods.ts";
import { followRelay } from "../../harness/environments/kubernetes/runners/relay-follow.ts";
import { receiveRunners } from "../../harness/load/receive-runners.ts";
import type { RelayMessage } from "../../harness/pods/messages.ts";
import type { Sample } from "../../harness/results/samples.ts";
import type { Window } from "../../harness/results/window.ts";
import { parseCluster } from "../../harness/suite/cluster-file/parse.ts";
import { type DistributedRig, nodePod, openRig, patience } from "../helpers/distributed-rig.ts";
import { requestsIn } from "../helpers/k6-trial.ts";
import { testNeeding } from "../helpers/parts.ts";
import { testCluster } from "../helpers/test-cluster.ts";

const needed = ["root", "one-node", "k6"] as const;
const count = 4;
const runName = `tb-distributed-${process.pid}`;

let folder: string;
let rig: DistributedRig;
let sequence = 0;
let countedBefore = 0;

test.before(async () => {
  folder = mkdtempSync(join(tmpdir(), "tunebench-distributed-"));
  const { file } = await testCluster({ folder });
  rig = await openRig(parseCluster(readFileSync(file, "utf8"), file), folder, runName);
});

test.after.always(async () => {
  await rig?.teardown.run();
  rmSync(folder, { recursive: true, force: true });
});

/** A load of 400 requests a second for 8 s, its windows, and what the relay said meanwhile. */
async function startLoad(t: ExecutionContext) {
  sequence += 1;
  const windows: Window[] = [];
  const said: RelayMessage[] = [];
  const zero = performance.now();
  const waiting: (() => void)[] = [];
  const receiver = receiveRunners({
    count,
    at: (ms) => ms - zero,
    onWindow(window) {
      windows.push(window);
      for (const look of waiting) look();
    },
  });
  t.teardown(rig.relay.listen((message) => said.push(message)));
  const runners = await rig.start({
    sequence,
    count,
    perSecond: 400,
    afterMs: 8000,
    logFile: join(folder, `k6-${sequence}.log`),
    onExport: (message) => receiver.take(message),
  });
  const untilRequests = (number: number) =>
    new Promise<void>((resolve) => void waiting.push(() => void (requestsIn(windows) >= number && resolve())));
  return { runners, receiver, windows, said, untilRequests };
}

/** What the target has answered since the test before. */
async function counted(): Promise<number> {
  const all = await rig.counted();
  const since = all - countedBefore;
  countedBefore = all;
  return since;
}

function isContiguous(t: ExecutionContext, windows: Window[]): void {
  t.true(windows.every(({ startMs, endMs }) => endMs >= startMs));
  t.deepEqual(
    windows.slice(1).map(({ startMs }) => startMs),
    windows.slice(0, -1).map(({ endMs }) => endMs),
  );
}

testNeeding([...needed], "four runners and the target agree to the request; the samplers saw it", async (t) => {
  const observer = observePods(rig.openLog);
  const samples: Sample[] = [];
  observer.listen((sample) => samples.push(sample));
  observer.add({ role: "target", pod: rig.target.pod });
  const { runners, receiver, windows } = await startLoad(t);
  const end = await runners.ended;
  receiver.close();
  const seen = await observer.stop();
  const total = await counted();
  t.log(`${total} requests, the runners began within ${receiver.skewMs()?.toFixed(1)} ms of one another`);
  t.is(requestsIn(windows), total);
  t.true(Math.abs(total - 3200) <= count, `${total}: 400 a second for 8 s, but for an iteration of each at the end`);
  isContiguous(t, windows);
  t.deepEqual(end.losses, []);
  t.deepEqual(
    end.runners.map(({ runner, exitCode, exports }) => [runner, exitCode, exports.sent - exports.received]),
    [0, 1, 2, 3].map((runner) => [runner, 0, 0]),
  );
  t.deepEqual(receiver.missing(), []);
  t.not(receiver.skewMs(), null);
  t.deepEqual(seen.losses, []);
  const kinds = new Set(samples.map(({ kind }) => kind));
  t.deepEqual([...kinds].sort(), ["counters", "listen", "node", "ports", "roleCpu", "sockets"]);
  t.regex(observer.settingsOf("target")?.["net.ipv4.ip_local_port_range"] ?? "", /^\d+\s+\d+$/);
  t.deepEqual(seen.samplers.map(({ sampler }) => sampler).sort(), ["counters", "node", "ports", "roleCpu", "sockets"]);
});

testNeeding([...needed], "an early stop reaches all within 2 s; only requests in flight are in doubt", async (t) => {
  const { runners, receiver, windows, said, untilRequests } = await startLoad(t);
  await untilRequests(800);
  receiver.ending();
  const end = await runners.stop();
  receiver.close();
  const total = await counted();
  const inDoubt = total - requestsIn(windows);
  const stopping = said.find((message) => message.kind === "stopping");
  const stopped = said.find((message) => message.kind === "stopped");
  const tookMs = Object.values(stopped?.answers ?? {}).map((ms) => (ms ?? Number.NaN) - (stopping?.ms ?? Number.NaN));
  const lastMs =
    Math.max(...said.filter((message) => message.kind === "export").map(({ ms }) => ms)) - (stopping?.ms ?? 0);
  t.log(`answered after ${tookMs.map((ms) => ms.toFixed(1)).join(", ")} ms, last export after ${lastMs.toFixed(0)} ms`);
  t.log(`${total} requests at the target, ${inDoubt} of them in flight at the stop`);
  t.is(tookMs.length, count);
  t.true(
    tookMs.every((ms) => ms < 2000),
    "the promise, on the relay's own clock",
  );
  t.true(lastMs < 2000);
  t.deepEqual(
    end.runners.map(({ exitCode }) => exitCode),
    [103, 103, 103, 103],
  );
  t.deepEqual(end.losses, []);
  t.deepEqual(receiver.missing(), []);
  t.true(inDoubt >= 0 && inDoubt <= 10 * count, "no more than there are virtual users");
  t.true(total < 3200);
  isContiguous(t, windows);
  t.true(runners.lastLines().some((line) => /^\[\d\] .*stopped from REST API/.test(line)));
});

testNeeding(
  [...needed],
  "a runner whose pod is deleted is told as a loss, and the others go on to the end",
  async (t) => {
    const { runners, receiver, windows, untilRequests } = await startLoad(t);
    await untilRequests(400);
    const pods = await rig.api.list("Pod", { labels: "app.kubernetes.io/component=generator" });
    const victim = pods.find(({ metadata }) => metadata?.name?.includes(`00${sequence}-generator-2-`));
    await rig.api.remove("Pod", victim?.metadata?.name ?? "");
    const end = await runners.ended;
    receiver.close();
    t.is(end.losses.length, 1, end.losses.join("\n"));
    t.regex(end.losses[0] ?? "", /^runner 3 of 4 \(pod \S+ on \S+\) ended before its time/);
    t.deepEqual(receiver.missing(), [2]);
    t.deepEqual(
      end.runners.filter(({ runner }) => runner !== 2).map(({ exitCode }) => exitCode),
      [0, 0, 0],
    );
    const inDoubt = (await counted()) - requestsIn(windows);
    t.true(inDoubt >= 0 && inDoubt <= 10, `${inDoubt}`);
    isContiguous(t, windows);
  },
);

testNeeding([...needed], "a relay's log that is cut again and again is taken up without loss or repeats", async (t) => {
  const cut: OpenLog = async function* (request) {
    let lines = 0;
    for await (const line of rig.openLog(request)) {
      lines += 1;
      if (lines > 60) return;
      yield line;
    }
  };
  const again = followRelay(cut, `${runName}-relay`);
  t.teardown(() => again.stop());
  const [whole, parts]: [string[], string[]] = [[], []];
  const note = (into: string[]) => (message: RelayMessage) => {
    if (message.kind === "export") into.push(`${message.trial} ${message.runner} ${message.seq}`);
  };
  t.teardown(rig.relay.listen(note(whole)));
  const isAll = Promise.withResolvers<void>();
  again.listen(note(parts));
  again.listen(
    ({ kind }) => void (kind === "beat" && whole.length > 0 && parts.at(-1) === whole.at(-1) && isAll.resolve()),
  );
  const { runners } = await startLoad(t);
  await runners.ended;
  await isAll.promise;
  await counted();
  t.true(whole.length > 50);
  t.deepEqual(parts.slice(-whole.length), whole);
  t.deepEqual(again.losses(), []);
});

/** Writes 14 MiB of numbered lines within some 35 s, then beats: past the 10 MiB at which kubelets rotate a log. */
const longProgram = `
const { crc32 } = require("node:zlib");
let number = 0;
const write = (message) => {
  const json = JSON.stringify({ ms: performance.now(), unixMs: Date.now(), ...message });
  number += 1;
  console.log(number + " " + crc32(number + " " + json).toString(16).padStart(8, "0") + " " + json);
};
const pad = "x".repeat(2000);
const timer = setInterval(() => {
  for (let line = 0; line < 20; line += 1) write({ pad });
  if (number < 7000) return;
  clearInterval(timer);
  setInterval(() => write({ last: true }), 500);
}, 100);
`;

testNeeding(
  [...needed],
  "a log that is rotated while it is followed: nothing is repeated, and a gap is told",
  async (t) => {
    const pod = `${runName}-long`;
    await rig.api.create(nodePod(rig.run, pod, longProgram));
    await untilRunning(rig.api, pod, patience);
    const numbers: number[] = [];
    let begun = 0;
    const isLast = Promise.withResolvers<void>();
    const counting: OpenLog = (request) => {
      begun += 1;
      return rig.openLog(request);
    };
    const follow = followLines<{ ms: number; unixMs: number; last?: boolean }>({
      openLog: counting,
      pod,
      container: "main",
      whose: "the log",
      onMessage(message) {
        numbers.push(message.ms);
        if (message.last === true) isLast.resolve();
      },
    });
    t.teardown(() => follow.stop());
    await isLast.promise;
    follow.stop();
    const lost = follow.losses();
    t.log(`${numbers.length} lines by ${begun} follows; ${lost.length === 0 ? "nothing lost" : lost.join("; ")}`);
    t.deepEqual(
      numbers,
      numbers.toSorted((a, b) => a - b),
    );
    t.is(new Set(numbers).size, numbers.length);
    if (lost.length === 0) t.true(numbers.length >= 7000);
  },
);
