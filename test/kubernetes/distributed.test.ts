/** One load shared by several k6 pods, in a real cluster: nothing is counted twice or lost, whatever happens on the way. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { receiveRunners } from "../../harness/engines/windows/receive-runners.ts";
import type { RelayMessage } from "../../harness/pods/messages.ts";
import type { Sample } from "../../harness/results/samples.ts";
import type { Window } from "../../harness/results/window.ts";
import { parseCluster } from "../../harness/suite/cluster-file/parse-cluster.ts";
import { untilEnded, untilRunning } from "../../harness/testbeds/kubernetes/api/await-pod.ts";
import { readLog } from "../../harness/testbeds/kubernetes/api/log.ts";
import type { OpenLog } from "../../harness/testbeds/kubernetes/runners/follow-lines.ts";
import { observePods } from "../../harness/testbeds/kubernetes/runners/follow-samplers.ts";
import { followRelay, type RelayFollow } from "../../harness/testbeds/kubernetes/runners/relay-follow.ts";
import { type DistributedRig, nodePod, openRig, patience } from "../helpers/distributed-rig.ts";
import { requestsIn } from "../helpers/k6-trial.ts";
import { testNeeding } from "../helpers/parts.ts";
import { testCluster } from "../helpers/test-cluster.ts";

const needed = ["root", "one-node", "k6"] as const;
const count = 4;
const runName = `tb-distributed-${process.pid}`;

const perSecond = 80;
const afterMs = 6000;
const all = (perSecond * afterMs) / 1000;

let folder: string;
let rig: DistributedRig;
let sequence = 0;
/** Requests that the target had answered before the load of now. */
let countedBefore = 0;
/** Exports of all loads, as a follow had them that was never cut, and as one that was cut again and again. */
const [whole, parts]: [string[], string[]] = [[], []];
let cutOften: RelayFollow;

test.before(async () => {
  folder = mkdtempSync(join(tmpdir(), "tunebench-distributed-"));
  const { file } = await testCluster({ folder });
  rig = await openRig(parseCluster(readFileSync(file, "utf8"), file), folder, runName);
  cutOften = followRelay(cut, `${runName}-relay`);
  const note = (into: string[]) => (message: RelayMessage) => {
    if (message.kind === "export") into.push(`${message.trial} ${message.runner} ${message.seq}`);
  };
  rig.relay.listen(note(whole));
  cutOften.listen(note(parts));
});

test.after.always(async () => {
  cutOften?.stop();
  await rig?.scope.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Lines that a cut log has given; what is taken up again begins some seconds before, however many lines those have. */
const given = new Set<string>();

const cut: OpenLog = async function* (request) {
  const most = given.size + 20;
  for await (const line of rig.openLog(request)) {
    if (given.add(line).size > most) return;
    yield line;
  }
};

/** A load of so many requests a second for so long, its windows, and what the relay said meanwhile. */
async function startLoad(t: ExecutionContext, lastingMs = afterMs) {
  sequence += 1;
  countedBefore = await rig.counted();
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
  const stopped = Promise.withResolvers<RelayMessage & { kind: "stopped" }>();
  const note = (message: RelayMessage) => {
    said.push(message);
    if (message.kind === "stopped") stopped.resolve(message);
  };
  t.teardown(rig.relay.listen(note));
  const runners = await rig.start({
    sequence,
    count,
    perSecond,
    afterMs: lastingMs,
    logFile: join(folder, `k6-${sequence}.log`),
    onExport: (message) => receiver.take(message),
  });
  const untilRequests = (number: number) =>
    new Promise<void>((resolve) => void waiting.push(() => void (requestsIn(windows) >= number && resolve())));
  return { runners, receiver, windows, said, stopped: stopped.promise, untilRequests };
}

/** What the target has answered of the load of now. */
async function counted(): Promise<number> {
  return (await rig.counted()) - countedBefore;
}

function isContiguous(t: ExecutionContext, windows: Window[]): void {
  t.true(windows.every(({ startMs, endMs }) => endMs >= startMs));
  t.deepEqual(
    windows.slice(1).map(({ startMs }) => startMs),
    windows.slice(0, -1).map(({ endMs }) => endMs),
  );
}

/** What any pod of the namespace may try: requests to the relay, and connections to the runners' k6. Prints statuses and codes. */
const stranger = (relay: string, runners: string[]) => `
const registration = { trial: "00${sequence}", runner: 0, count: ${count}, pod: "stranger", node: null };
const ask = async (path, body, headers) =>
  (await fetch("http://${relay}" + path, { method: "POST", body: JSON.stringify(body), headers })).status;
const port = (host) => new Promise((resolve) => require("node:net").connect(6565, host)
  .on("connect", () => resolve("open")).on("error", ({ code }) => resolve(code)));
Promise.all([
  ask("/register", registration, {}),
  ask("/register", registration, { authorization: "Bearer ${"0".repeat(64)}" }),
  ask("/v1/metrics", {}, { "tunebench-trial": registration.trial, "tunebench-runner": "0" }),
  ask("/until-stop", { trial: registration.trial, runner: 0 }, {}),
  ...${JSON.stringify(runners)}.map(port),
]).then((said) => console.log(JSON.stringify(said)), console.error);
`;

/** What a stranger in the namespace came to while the runners were at work. */
async function strangerSays(): Promise<unknown> {
  const pods = await rig.api.list("Pod", { labels: "app.kubernetes.io/component=generator" });
  const names = pods.flatMap(({ metadata }) => metadata?.name ?? []);
  const own = names.filter((name) => name.includes(`00${sequence}-generator`));
  // They are at work before the API server has heard of their addresses.
  const runners = (await Promise.all(own.map((name) => untilRunning(rig.api, name, patience)))).map(
    ({ address }) => address,
  );
  const pod = nodePod(rig.run, `${runName}-stranger`, stranger(rig.relayEndpoint, runners));
  await rig.api.create(pod);
  await untilEnded(rig.api, `${runName}-stranger`, "main", patience);
  const [line = ""] = await readLog(rig.api, { pod: `${runName}-stranger`, container: "main", tailLines: 1 });
  return JSON.parse(line);
}

testNeeding([...needed], "four runners and the target agree to the request; the samplers saw it", async (t) => {
  const observer = observePods(rig.openLog);
  t.teardown(observer.close);
  const samples: Sample[] = [];
  observer.listen((sample) => samples.push(sample));
  observer.add({ role: "target", pod: rig.target.pod });
  const { runners, receiver, windows } = await startLoad(t);
  const end = await runners.ended;
  receiver.close();
  const seen = await observer.stop(performance.now());
  const total = await counted();
  t.log(`${total} requests, the runners began within ${receiver.skewMs()?.toFixed(1)} ms of one another`);
  t.is(requestsIn(windows), total);
  // On a busy machine no user may be free for some: they are counted, too.
  const asked = total + windows.reduce((sum, { droppedIterations }) => sum + droppedIterations, 0);
  t.true(Math.abs(asked - all) <= count, `${asked} of ${all}, but for an iteration of each at the end`);
  isContiguous(t, windows);
  t.deepEqual(end.losses, []);
  t.deepEqual(
    end.runners.map(({ runner, exitCode, exports }) => [runner, exitCode, exports.sent - exports.received]),
    Array.from({ length: count }, (_, runner) => [runner, 0, 0]),
  );
  t.deepEqual(receiver.missing(), []);
  t.not(receiver.skewMs(), null);
  t.deepEqual(seen.losses, []);
  const kinds = new Set(samples.map(({ kind }) => kind));
  t.deepEqual([...kinds].sort(), ["counters", "listen", "node", "ports", "process", "roleCpu", "sockets"]);
  t.regex(observer.settingsOf("target")?.["net.ipv4.ip_local_port_range"] ?? "", /^\d+\s+\d+$/);
  t.deepEqual(seen.samplers.map(({ sampler }) => sampler).sort(), [
    "counters",
    "node",
    "ports",
    "process",
    "roleCpu",
    "sockets",
  ]);
});

testNeeding(
  [...needed],
  "no stranger gets in; an early stop reaches all, and only requests in flight are in doubt",
  async (t) => {
    // However slow the machine and the stranger's pod are, it is not over before.
    const { runners, receiver, windows, said, stopped, untilRequests } = await startLoad(t, 120_000);
    const [strangerWasTold] = await Promise.all([strangerSays(), untilRequests(all / 4)]);
    receiver.ending();
    const end = await runners.stop();
    receiver.close();
    const total = await counted();
    const inDoubt = total - requestsIn(windows);
    const stopping = said.find((message) => message.kind === "stopping");
    const tookMs = Object.values((await stopped).answers).map(
      (ms) => (ms ?? Number.NaN) - (stopping?.ms ?? Number.NaN),
    );
    const lastMs =
      Math.max(...said.filter((message) => message.kind === "export").map(({ ms }) => ms)) - (stopping?.ms ?? 0);
    t.log(
      `answered after ${tookMs.map((ms) => ms.toFixed(1)).join(", ")} ms, last export after ${lastMs.toFixed(0)} ms`,
    );
    t.deepEqual(strangerWasTold, [401, 401, 401, 401, ...new Array(count).fill("ECONNREFUSED")]);
    t.is(end.unauthenticated, 4);
    t.log(`${total} requests at the target, ${inDoubt} of them in flight at the stop`);
    t.is(tookMs.length, count);
    t.false(tookMs.some(Number.isNaN), "all were asked, and answered");
    t.deepEqual(
      end.runners.map(({ exitCode }) => exitCode),
      new Array(count).fill(103),
    );
    t.deepEqual(end.losses, []);
    t.deepEqual(receiver.missing(), []);
    t.true(inDoubt >= 0 && inDoubt <= 10 * count, "no more than there are virtual users");
    t.true(total < perSecond * 120);
    isContiguous(t, windows);
    t.true(runners.lastLines().some((line) => /^\[\d\] .*stopped from REST API/.test(line)));
  },
);

testNeeding(
  [...needed],
  "a runner whose pod is deleted is told as a loss, and the others go on to the end",
  async (t) => {
    const { runners, receiver, windows, untilRequests } = await startLoad(t);
    await untilRequests(all / 8);
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
  const isAll = Promise.withResolvers<void>();
  t.teardown(cutOften.listen(({ kind }) => void (kind === "beat" && parts.at(-1) === whole.at(-1) && isAll.resolve())));
  await isAll.promise;
  t.true(whole.length > 50);
  t.deepEqual(parts, whole);
  t.deepEqual(cutOften.losses(), []);
});
