import test from "ava";
import fc from "fast-check";
import { otherCpuCaveats, otherCpuOf } from "../../../harness/detect/other-cpu.ts";
import { summarizeTrial } from "../../../harness/detect/summarize.ts";
import { caveatSentence } from "../../../harness/report/words/caveats.ts";
import type { Caveat } from "../../../harness/results/caveats.ts";
import { isDisturbed, leastDisturbed, type OtherCpu } from "../../../harness/results/disturbance.ts";
import type { NodeSample, Sample } from "../../../harness/results/samples.ts";
import { clusterPlatform } from "../../helpers/record-parts.ts";
import { nodeSamples, storyInput, well } from "./story.ts";

/** A look each second at two CPUs: what they spent up to then, and what of it was the run's. */
function looks(seconds: { busy: number[]; softirq?: number; run: number | null }[]): NodeSample[] {
  const before = { busy: [5000, 5000], softirq: 0, run: 700 };
  const after = seconds.map(({ busy, softirq = 0, run }) => {
    before.busy = before.busy.map((ms, cpu) => ms + (busy[cpu] ?? 0));
    before.softirq += softirq;
    before.run += run ?? 0;
    return { ...before, run: run === null ? null : before.run };
  });
  return [{ busy: [5000, 5000], softirq: 0, run: 700 }, ...after].map((at, second) => ({
    ...(nodeSamples(0)[0] as NodeSample),
    atMs: second * 1000,
    cpuBusyMs: at.busy,
    cpuSoftirqMs: [at.softirq, 0],
    runCpuMs: at.run,
  }));
}

const whole = { fromMs: 0, toMs: 60_000 };

test("what is busy and neither the run's nor a softirq was used by others", (t) => {
  const samples = looks([
    { busy: [600, 500], softirq: 100, run: 950 },
    { busy: [1000, 1000], softirq: 100, run: 900 },
    { busy: [1000, 400], softirq: 0, run: 1400 },
    { busy: [700, 700], softirq: 200, run: 900 },
  ]);
  t.deepEqual(otherCpuOf(samples, whole), {
    cpus: 2,
    share: (50 + 1000 + 0 + 300) / 8000,
    peakShare: 0.5,
    windows: 4,
    disturbedWindows: 2,
  });
});

test("a window belongs to the load where its middle does", (t) => {
  const samples = looks(Array.from({ length: 6 }, (_, at) => ({ busy: [500, 500], run: at === 2 ? 0 : 1000 })));
  t.like(otherCpuOf(samples, { fromMs: 2600, toMs: 5400 }), { windows: 2, disturbedWindows: 0 });
  t.like(otherCpuOf(samples, { fromMs: 2400, toMs: 5400 }), { windows: 3, disturbedWindows: 1, peakShare: 0.5 });
});

test("a last look just after the one before makes no window of its own", (t) => {
  const samples = looks([{ busy: [500, 500], run: 1000 }]);
  const [, last] = samples as [NodeSample, NodeSample];
  const soon = { ...last, atMs: 1100, cpuBusyMs: last.cpuBusyMs.map((ms) => ms + 60) };
  t.like(otherCpuOf([...samples, soon], whole), { windows: 1, share: 0 });
});

test("an offline CPU can be used by nobody", (t) => {
  const samples = looks([{ busy: [1000, 500], run: 1000 }]).map((look) => ({
    ...look,
    cpuBusyMs: [0, ...look.cpuBusyMs],
    cpuSoftirqMs: [0, ...look.cpuSoftirqMs],
  }));
  t.like(otherCpuOf(samples, whole), { cpus: 2, share: 0.25 });
});

test("where the run's own was not taken nothing is told, and that is said", (t) => {
  t.is(otherCpuOf(looks([{ busy: [900, 900], run: null }]), whole), null);
  t.is(otherCpuOf([], whole), null);
  t.is(otherCpuOf(nodeSamples(0), whole), null);
  t.deepEqual(otherCpuCaveats(null, { platform: null }), [{ code: "cpu-of-others-unknown", node: null }]);
  t.deepEqual(otherCpuCaveats(null, { platform: clusterPlatform() }), [
    { code: "cpu-of-others-unknown", node: "node-a" },
  ]);
  t.deepEqual(otherCpuCaveats(null, { platform: clusterPlatform({ nodeObserved: false }) }), []);
});

test("a trial that others disturbed carries the numbers and a caveat; a quiet one neither", (t) => {
  const quiet = summarizeTrial(well);
  t.like(quiet.evidence.otherCpu, { windows: 20, disturbedWindows: 0, share: 0 });
  t.false(isDisturbed(quiet));
  t.false(quiet.caveats.some(({ code }) => code.startsWith("cpu-")));
  const beside = well.samples.map((sample) =>
    sample.kind === "node" ? { ...sample, cpuBusyMs: [1000, 650].map((ms) => (ms * sample.atMs) / 1000) } : sample,
  );
  const disturbed = summarizeTrial({ ...well, samples: beside });
  t.true(isDisturbed(disturbed));
  t.true(disturbed.valid);
  const [caveat, ...more] = disturbed.caveats.filter(({ code }) => code === "cpu-taken-by-others");
  t.deepEqual(caveat, { code: "cpu-taken-by-others", otherCpu: disturbed.evidence.otherCpu as OtherCpu });
  t.deepEqual(more, []);
  t.is(
    caveatSentence(caveat as Caveat),
    "programs outside the run used over a tenth of the 2 CPUs in 20 of 20 windows (0.4 CPUs on average, 0.4 at most): rates and latencies may be their doing",
  );
});

const other = (disturbedWindows: number, share = 0.3, windows = 10): OtherCpu => ({
  cpus: 2,
  share,
  peakShare: share,
  windows,
  disturbedWindows,
});

test("more than a fifth of the windows make a trial disturbed; where it was not measured it is not", (t) => {
  t.false(isDisturbed({ evidence: { otherCpu: other(2) } }));
  t.true(isDisturbed({ evidence: { otherCpu: other(3) } }));
  t.false(isDisturbed({ evidence: { otherCpu: null } }));
});

test("of several trials of a place the least disturbed counts, of equals the last", (t) => {
  const trial = (sequence: number, otherCpu: OtherCpu | null) => ({
    sequence,
    block: 1,
    profile: "baseline",
    valid: true,
    evidence: { otherCpu },
  });
  t.is(leastDisturbed([trial(1, other(9)), trial(2, other(3)), trial(3, other(8))])?.sequence, 2);
  t.is(leastDisturbed([trial(1, other(9, 0.2)), trial(2, other(9, 0.4))])?.sequence, 1);
  t.is(leastDisturbed([trial(1, null), trial(2, null)])?.sequence, 2);
  t.is(leastDisturbed([]), undefined);
});

const anyLook: fc.Arbitrary<NodeSample> = fc
  .record({
    atMs: fc.integer({ min: 0, max: 30_000 }),
    cpuBusyMs: fc.array(fc.integer({ min: 0, max: 40_000 }), { maxLength: 4 }),
    cpuSoftirqMs: fc.array(fc.integer({ min: 0, max: 40_000 }), { maxLength: 4 }),
    runCpuMs: fc.option(fc.integer({ min: 0, max: 90_000 })),
  })
  .map((look) => ({ ...(nodeSamples(0)[0] as NodeSample), ...look }));

const inOrder = (samples: NodeSample[]) => samples.toSorted((a, b) => a.atMs - b.atMs);

test("whatever was sampled: shares from 0 to 1, no more windows than were looked at, nothing made up", (t) => {
  fc.assert(
    fc.property(fc.array(anyLook, { maxLength: 12 }).map(inOrder), (samples) => {
      const found = otherCpuOf(samples, whole);
      const known = samples.filter(({ runCpuMs, cpuBusyMs }) => runCpuMs !== null && cpuBusyMs.length > 0).length;
      if (found === null) return;
      t.true(found.windows >= 1 && found.windows <= known - 1);
      t.true(found.share >= 0 && found.peakShare <= 1 && found.share <= found.peakShare + 1e-9);
      t.true(found.disturbedWindows >= 0 && found.disturbedWindows <= found.windows);
      t.is(found.disturbedWindows > 0, found.peakShare > 0.1);
    }),
    { numRuns: 500 },
  );
});

test("more used by others never shows as less; what the run uses itself changes nothing", (t) => {
  const second = fc.record({
    run: fc.integer({ min: 0, max: 800 }),
    softirq: fc.integer({ min: 0, max: 200 }),
    other: fc.integer({ min: 0, max: 500 }),
    more: fc.integer({ min: 0, max: 500 }),
  });
  fc.assert(
    fc.property(fc.array(second, { minLength: 1, maxLength: 20 }), (seconds) => {
      const seen = (with_: (at: (typeof seconds)[number]) => { run: number; other: number }): Sample[] =>
        looks(
          seconds.map((at) => {
            const { run, other: others } = with_(at);
            const busy = run + others + at.softirq;
            return { busy: [Math.ceil(busy / 2), Math.floor(busy / 2)], softirq: at.softirq, run };
          }),
        );
      const base = otherCpuOf(
        seen((at) => at),
        whole,
      );
      const more = otherCpuOf(
        seen((at) => ({ run: at.run, other: at.other + at.more })),
        whole,
      );
      const idle = otherCpuOf(
        seen((at) => ({ run: 0, other: at.other })),
        whole,
      );
      t.true((more?.share ?? -1) >= (base?.share ?? 2));
      t.true((more?.disturbedWindows ?? -1) >= (base?.disturbedWindows ?? 99));
      t.deepEqual(idle, base);
    }),
    { numRuns: 200 },
  );
});

test("a trial stopped before two looks is not known", (t) => {
  t.is(
    summarizeTrial({ ...storyInput, samples: storyInput.samples.filter(({ kind }) => kind !== "node") }).evidence
      .otherCpu,
    null,
  );
});
