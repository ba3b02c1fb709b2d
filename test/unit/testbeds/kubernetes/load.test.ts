import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import type { GeneratorExport } from "../../../../harness/engines/engine.ts";
import { k6 } from "../../../../harness/engines/k6/k6.ts";
import { locust } from "../../../../harness/engines/locust/locust.ts";
import { createRecording } from "../../../../harness/experiment/recording.ts";
import type { Sample } from "../../../../harness/results/samples.ts";
import {
  driveInPods,
  lostExports,
  type PodLoadRequest,
  sharedEnd,
  sharedLosses,
} from "../../../../harness/testbeds/kubernetes/load.ts";
import type { RunnerEnd, RunnersEnd } from "../../../../harness/testbeds/kubernetes/runners/runners-end.ts";
import type { RunnersRequest } from "../../../../harness/testbeds/kubernetes/runners/start-runners.ts";
import { suiteOf } from "../../../helpers/suites.ts";

const over: RunnersEnd = {
  runners: [0, 1].map((runner) => {
    return { runner, node: `node-${runner}`, exitCode: 103, signal: null, exports: { sent: 3, received: 3 } };
  }),
  overMs: 0,
  losses: [],
  unauthenticated: 0,
};

/** An export of k6 before it has measured anything: a message without points. */
function emptyExport(runner: number, body = new Uint8Array()): GeneratorExport {
  return { runner, body, unixMs: Date.now(), atMs: performance.now() };
}

function sampleAt(atMs: number): Sample {
  return { kind: "sockets", atMs, role: "target", timeWait: 0, inUse: 0 };
}

interface World extends Pick<PodLoadRequest, "startRunners" | "observe"> {
  recording: ReturnType<typeof createRecording>;
  told: string[];
  request: RunnersRequest | null;
  onSample: (sample: Sample) => void;
}

/** Pods whose runners send one export each while they are awaited, and then what the test makes them. */
function worldOf(end: RunnersEnd, losses: string[] = []): World {
  const ended = Promise.withResolvers<RunnersEnd>();
  const world: World = {
    recording: createRecording(),
    told: [],
    request: null,
    onSample: () => {},
    async startRunners(request) {
      world.told.push("start");
      world.request = request;
      for (const runner of [0, 1]) request.onExport(emptyExport(runner));
      await new Promise((resolve) => setTimeout(resolve, 30));
      return {
        startUnixMs: Date.now(),
        ended: ended.promise,
        onLine: () => {},
        trouble: () => null,
        lastLines: () => ["last"],
        stop: () => {
          if (!world.told.includes("stop")) world.told.push("stop");
          ended.resolve(end);
          return ended.promise;
        },
      };
    },
    observe(onSample) {
      world.told.push("observe");
      world.onSample = onSample;
      return { stop: async () => ({ samplers: [], losses }) };
    },
  };
  return world;
}

/** Drives a load of two runners and ends it; `meanwhile` happens while it runs. */
async function drive(world: World, meanwhile: (request: RunnersRequest) => void = () => {}) {
  const folder = await mkdtemp(join(tmpdir(), "tunebench-remote-"));
  try {
    const scriptFile = join(folder, "load.js");
    await writeFile(scriptFile, "export default () => {};");
    const addresses = { target: "10.0.0.7" };
    const at = { suite: suiteOf(), addresses, runners: 2, scriptFile, logFile: "/dev/null" };
    const load = await driveInPods({ ...at, ...world, engine: k6, sink: world.recording });
    const received = load.received();
    if (world.request !== null) meanwhile(world.request);
    const end = await load.stop();
    return { received, end, tally: await load.finish(), ended: await load.ended };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test("the trial's clock and the samplers begin with the runners; what they sent before is not lost", async (t) => {
  const world = worldOf(over);
  const before = performance.now();
  const { received, end, ended, tally } = await drive(world);
  t.deepEqual(world.told, ["start", "observe", "stop"]);
  t.is(received, 2);
  t.true(world.recording.at(before) < -25, "zero is when all runners had registered");
  t.like(world.recording.events[0], { kind: "load-started", runners: 2 });
  t.deepEqual(end, ended);
  t.is(end.exitCode, 103);
  t.deepEqual(
    end.runners.map(({ node, exitCode }) => [node, exitCode]),
    [
      ["node-0", 103],
      ["node-1", 103],
    ],
  );
  t.deepEqual(tally.exports, { received: 2, failed: 0 });
});

test("runners get the script's text, the target's address and the relay's, and an end of their own", async (t) => {
  const world = worldOf(over);
  await drive(world);
  const { request } = world;
  t.deepEqual(request?.script, { name: "load.js", text: "export default () => {};" });
  t.deepEqual(request?.beside, {});
  t.is(request?.count, 2);
  t.true((request?.deadlineMs ?? 0) > suiteOf().stop.afterMs);
  const place = { program: "k6", scriptFile: "/script/load.js", exportTo: "10.0.0.9:4318" };
  const { argv = [], env = {} } = request?.command(place) ?? {};
  t.is(argv[0], "k6");
  t.is(argv.at(-1), "/script/load.js");
  t.is(env.TARGET_URL, "http://10.0.0.7:8080");
  t.is(env.K6_OTEL_HTTP_EXPORTER_ENDPOINT, "10.0.0.9:4318");
});

test("samples come in on the trial's clock, whatever their order", async (t) => {
  const world = worldOf(over);
  await drive(world, () => {
    const now = performance.now();
    for (const ms of [300, 100]) world.onSample(sampleAt(now + ms));
  });
  const [first, second] = world.recording.samples.map(({ atMs }) => atMs);
  t.true((first ?? 0) >= 300 && (first ?? 0) < 1300);
  t.true(Math.abs((first ?? 0) - (second ?? 0) - 200) < 1e-6);
});

test("what was not taken in, or got lost on its way, is told: the trial can't stand on it", async (t) => {
  const [first, second] = over.runners;
  if (first === undefined || second === undefined) return t.fail();
  const end: RunnersEnd = {
    runners: [
      { ...first, exports: { sent: 9, received: 7 } },
      { ...second, exitCode: 137 },
    ],
    overMs: 0,
    losses: ["lines 4 to 6 of the relay are missing"],
    unauthenticated: 7,
  };
  const world = worldOf(end, ["the target's sampler fell silent"]);
  const { tally } = await drive(world, ({ onExport }) => onExport(emptyExport(0, new Uint8Array([255, 255, 255]))));
  t.deepEqual(tally.exports, { received: 2, failed: 3 });
  t.deepEqual(tally.losses[0], { kind: "testbed", words: "lines 4 to 6 of the relay are missing" });
  t.deepEqual(tally.losses.at(-1), { kind: "testbed", words: "the target's sampler fell silent" });
  const failed = { runner: 1, runners: 2, node: "node-1", exitCode: 137, signal: null };
  t.deepEqual(
    tally.losses.filter(({ kind }) => kind === "runner-failed"),
    [{ kind: "runner-failed", ...failed }],
  );
  t.like(world.recording.events.at(-1), { kind: "unauthenticated-requests", requests: 7 });
});

function ends(...changes: Partial<RunnerEnd>[]): RunnersEnd {
  const runners = changes.map((change, runner) => {
    return { runner, node: "node-b", exitCode: 103, signal: null, exports: { sent: 10, received: 10 }, ...change };
  });
  return { runners, overMs: 0, losses: [], unauthenticated: 0 };
}

test("of several ends the worst counts: a crash before a stop, no end that was seen before all", (t) => {
  const worst = (...changes: Partial<RunnerEnd>[]) => {
    const { exitCode, signal } = sharedEnd(k6, ends(...changes));
    return exitCode ?? signal;
  };
  t.is(worst({ exitCode: 0 }, { exitCode: 0 }), 0);
  t.is(worst({ exitCode: 0 }, { exitCode: 105 }), 105);
  t.is(worst({ exitCode: 107 }, { exitCode: 103 }, { exitCode: 0 }), 107);
  t.is(worst({ exitCode: 107 }, { exitCode: null, signal: "SIGKILL" }), "SIGKILL");
  t.is(worst({ exitCode: null, signal: "SIGKILL" }, { exitCode: null }), null);
  t.like(sharedEnd(k6, ends({ exitCode: 137 })).runners[0], {
    runner: 0,
    node: "node-b",
    exitCode: 137,
    signal: null,
  });
});

test("what makes a shared load another one is told, runner by runner", (t) => {
  t.deepEqual(sharedLosses(k6, ends({}, { exitCode: 0 }, { exitCode: 105 }), []), []);
  const end = { ...ends({}, { exitCode: 137 }, { exitCode: null, node: null }), losses: ["lines 7 to 9 are missing"] };
  t.deepEqual(sharedLosses(k6, end, [0]), [
    { kind: "testbed", words: "lines 7 to 9 are missing" },
    { kind: "runner-silent", runner: 0, runners: 3 },
    { kind: "runner-failed", runner: 1, runners: 3, node: "node-b", exitCode: 137, signal: null },
    { kind: "runner-failed", runner: 2, runners: 3, node: null, exitCode: null, signal: null },
  ]);
  t.like(sharedLosses(locust, ends({ exitCode: 137 }), [])[0], { kind: "runner-failed", engine: "locust" });
});

test("exports that were sent and did not come are counted", (t) => {
  t.is(lostExports(ends({}, {})), 0);
  t.is(lostExports(ends({ exports: { sent: 12, received: 10 } }, { exports: { sent: 9, received: 10 } })), 2);
});
