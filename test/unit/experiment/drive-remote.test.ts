import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { driverOf } from "../../../harness/experiment/driver-of.ts";
import { createRecording, type Recording } from "../../../harness/experiment/recording.ts";
import type { Sample } from "../../../harness/results/samples.ts";
import type { RemoteHands, RunnerExport, RunnersEnd, RunnersRequest } from "../../../harness/testbeds/remote.ts";
import type { Stage } from "../../../harness/testbeds/testbed.ts";
import { suiteOf } from "../../helpers/suites.ts";

const over: RunnersEnd = {
  runners: [0, 1].map((runner) => {
    return { runner, node: `node-${runner}`, exitCode: 103, signal: null, exports: { sent: 3, received: 3 } };
  }),
  losses: [],
};

/** An export of k6 before it has measured anything: a message without points. */
function emptyExport(runner: number, body = new Uint8Array()): RunnerExport {
  return { runner, body, unixMs: Date.now(), atMs: performance.now() };
}

function sampleAt(atMs: number, timeWait: number): Sample {
  return { kind: "sockets", atMs, role: "target", timeWait, inUse: 0 };
}

interface World {
  recording: Recording;
  told: string[];
  request: RunnersRequest | null;
  onSample: (sample: Sample) => void;
  hands: RemoteHands;
}

/** Hands whose runners send one export each while they are awaited, and then what the test makes them. */
function worldOf(end: RunnersEnd, losses: string[] = []): World {
  const ended = Promise.withResolvers<RunnersEnd>();
  const world: World = {
    recording: createRecording(),
    told: [],
    request: null,
    onSample: () => {},
    hands: {
      kind: "remote",
      runners: 2,
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
          stop: async () => {
            world.told.push("stop");
            ended.resolve(end);
            return end;
          },
        };
      },
      observe(onSample) {
        world.told.push("observe");
        world.onSample = onSample;
        return { stop: async () => ({ samplers: [], losses }) };
      },
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
    const { hands, recording } = world;
    const stage = { hands, addresses: { target: "10.0.0.7" } } as Partial<Stage> as Stage;
    const driver = driverOf({ suite: suiteOf(), stage, k6Path: null, scriptFile, logFile: "/dev/null", recording });
    const load = await driver.start(() => {});
    const received = load.received();
    if (world.request !== null) meanwhile(world.request);
    const end = await load.stop();
    return { driver, received, end, tally: await load.finish(), ended: await load.ended };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test("the trial's clock and the samplers begin with the runners; what they sent before is not lost", async (t) => {
  const world = worldOf(over);
  const before = performance.now();
  const { received, end, ended, tally, driver } = await drive(world);
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
  t.deepEqual(await driver.steering(), { irqs: [], irqbalanceRunning: null });
});

test("runners get the script's text, the target's address and the relay's, and an end of their own", async (t) => {
  const world = worldOf(over);
  await drive(world);
  const { request } = world;
  t.is(request?.script, "export default () => {};");
  t.is(request?.count, 2);
  t.true((request?.deadlineMs ?? 0) > suiteOf().stop.afterMs);
  const place = { k6Path: "k6", scriptFile: "/script/load.js", otlpEndpoint: "10.0.0.9:4318" };
  const { argv = [], env = {} } = request?.program(place) ?? {};
  t.is(argv[0], "k6");
  t.is(argv.at(-1), "/script/load.js");
  t.is(env.TARGET_URL, "http://10.0.0.7:8080");
  t.is(env.K6_OTEL_HTTP_EXPORTER_ENDPOINT, "10.0.0.9:4318");
});

test("samples of several samplers stand in the order of their time, on the trial's clock", async (t) => {
  const world = worldOf(over);
  await drive(world, () => {
    const now = performance.now();
    for (const [ms, timeWait] of [
      [300, 3],
      [100, 1],
      [200, 2],
    ] as const)
      world.onSample(sampleAt(now + ms, timeWait));
  });
  t.deepEqual(
    world.recording.samples.map((sample) => (sample.kind === "sockets" ? sample.timeWait : null)),
    [1, 2, 3],
  );
  t.true(world.recording.samples.every(({ atMs }) => atMs >= 100 && atMs < 1300));
});

test("what was not taken in, or got lost on its way, is told: the trial can't stand on it", async (t) => {
  const [first, second] = over.runners;
  if (first === undefined || second === undefined) return t.fail();
  const end: RunnersEnd = {
    runners: [
      { ...first, exports: { sent: 9, received: 7 } },
      { ...second, exitCode: 137 },
    ],
    losses: ["lines 4 to 6 of the relay are missing"],
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
});
