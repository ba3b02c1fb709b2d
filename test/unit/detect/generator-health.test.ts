import test from "ava";
import { flowOf } from "../../../harness/detect/flow.ts";
import { type GeneratorInput, judgeGenerator } from "../../../harness/detect/generator-health.ts";
import { sum } from "../../../harness/detect/windows.ts";
import type { Window } from "../../../harness/results/window.ts";
import { counterSamples, cpuSamples, equalLatencies, half, halves } from "./story.ts";

/** All that is dropped or answered was asked for. */
function judge(plain: Window[], more: Partial<GeneratorInput> = {}) {
  const span = { fromMs: 0, toMs: 10000 };
  const due = (ms: number) => sum(plain.filter(({ endMs }) => endMs <= ms).map(offered));
  const windows = flowOf(plain, due, 0);
  return judgeGenerator({
    windows,
    calm: windows,
    samples: [],
    healthy: span,
    steady: span,
    load: span,
    virtualUsers: 200,
    unansweredUsers: 0,
    cores: 2,
    contained: false,
    ...more,
  });
}

const offered = ({ requests, droppedIterations }: Window) => requests + droppedIterations;

test("drops while the target is quick are the generator's: 2,000/s at 5 ms keep 10 of 200 users busy", (t) => {
  t.deepEqual(judge(halves(0, 5, 1000, 5, { dropped: 500 })), {
    bound: true,
    signs: [{ kind: "iterations-dropped", iterations: 5000, waitingVirtualUsers: 10, virtualUsers: 200 }],
    droppedIterations: 5000,
    maxVirtualUsers: 200,
    cpuCores: null,
  });
});

test("drops while rate x latency reaches the virtual users are the target's slowness", (t) => {
  const health = judge(halves(0, 5, 250, 400, { dropped: 1250 }));
  t.false(health.bound);
  t.is(health.droppedIterations, 12500);
});

test("a window of start-up drops, or a few in a thousand, mean nothing", (t) => {
  t.false(judge([half(0, 100, 5, { dropped: 80 }), ...halves(0.5, 5, 1000, 5)]).bound);
  t.false(judge(halves(0, 5, 1000, 5, { dropped: 5 })).bound);
});

test("drops after the target's own wall are not asked about", (t) => {
  const windows = [...halves(0, 5, 1000, 5), ...halves(5, 10, 1000, 5, { dropped: 500 })];
  t.false(judge(windows, { healthy: { fromMs: 0, toMs: 5000 } }).bound);
  t.true(judge(windows).bound);
});

test("connections that wait for a full accept queue keep users busy although responses are quick", (t) => {
  const windows = halves(0, 5, 1000, 5, { dropped: 500 });
  t.false(judge(windows, { samples: counterSamples(10, { ListenDrops: 3 }) }).bound);
  t.true(judge(windows, { samples: counterSamples(10, { ListenDrops: 0 }) }).bound);
});

test("CPU at nine tenths of the cores it may use", (t) => {
  const samples = cpuSamples(10, "generator", 1.8);
  t.deepEqual(judge(halves(0, 5, 1000, 5), { samples }).signs, [{ kind: "cores-used", usedCores: 1.8, cores: 2 }]);
  t.false(judge(halves(0, 5, 1000, 5), { samples, cores: 4 }).bound);
  t.is(judge(halves(0, 5, 1000, 5), { samples, cores: 4 }).cpuCores, 1.8);
});

test("drops while the script holds its users after their answers are the generator's, in a silence of the target they are not", (t) => {
  const silence = halves(1, 5, 0, 1, { dropped: 500 });
  const [sign] = judge([...halves(0, 1, 100, 5), ...silence]).signs;
  t.like(sign, { kind: "iterations-dropped", iterations: 4000 });
  t.false(judge([...halves(0, 1, 100, 5, { iterationMs: equalLatencies(6, 100) }), ...silence]).bound);
});

test("its own errno binds it, the target's does not", (t) => {
  const faults = (side: "generator" | "target") => [{ kind: "EADDRNOTAVAIL", side, count: 3 }];
  t.deepEqual(judge(halves(0, 1, 100, 5, { faults: faults("generator") })).signs, [
    { kind: "own-failures", fault: "EADDRNOTAVAIL", requests: 6 },
  ]);
  t.false(judge(halves(0, 1, 100, 5, { faults: faults("target") })).bound);
});
