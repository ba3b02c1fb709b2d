import test from "ava";
import fc from "fast-check";
import { duetLogRatio } from "../../../harness/analysis/duet-ratio.ts";
import type { Duet } from "../../../harness/results/duet.ts";
import { normals } from "../../../harness/stats/normals.ts";
import { duetJudged } from "../../../harness/suite/schema-compare.ts";
import { pairRun } from "../../helpers/pair-run.ts";
import { latency } from "../../helpers/record-parts.ts";
import { analyze, gateOneRun } from "../../helpers/told.ts";

const windowCount = 8;
const arms = { baseline: "baseline", candidate: "candidate" };

/** An arm's windows of so many ms in the median, p90 three times that, each slowed by the machine as `noise` has it. */
function duetOf(place: 1 | 2, p50Ms: number[], p90Factor = 3): Duet {
  const windows = p50Ms.map((ms, index) => ({
    startMs: 500 * index,
    endMs: 500 * (index + 1),
    requests: 100,
    failed: 0,
    p50Ms: ms,
    p90Ms: p90Factor * ms,
  }));
  return { place, beside: 3 - place, windows };
}

/**
 * A duet of 12 blocks: a machine that slows both arms by up to several times from window to window, and noise of each arm's own; the
 * candidate's ratios are over the baseline's.
 */
function noisyDuet(seed: number, candidate: { p50?: number; cpu?: number; p90?: number } = {}) {
  const next = normals(seed);
  const machine = Array.from({ length: 13 }, () => Array.from({ length: windowCount }, () => Math.exp(0.5 * next())));
  const story = pairRun(
    12,
    (name, block) => {
      const factor = name === "candidate" ? candidate : {};
      const slow = machine[block] ?? [];
      const own = slow.map((machineNoise) => 2 * (factor.p50 ?? 1) * machineNoise * Math.exp(0.02 * next()));
      const isFirst = (block % 2 === 1) === (name === "baseline");
      return {
        duet: duetOf(isFirst ? 1 : 2, own, 3 * (factor.p90 ?? 1)),
        measures: {
          latencyMs: latency(4),
          cpuMsPerRequest: (factor.cpu ?? 1) * (slow[0] ?? 1) * Math.exp(0.02 * next()),
        },
      };
    },
    { design: "duet", judged: duetJudged(0.05) },
  );
  const trials = story.trials.map((trial) => {
    const other = story.trials.find(({ block, profile }) => block === trial.block && profile !== trial.profile);
    return { ...trial, duet: trial.duet === null ? null : { ...trial.duet, beside: other?.sequence ?? 0 } };
  });
  return { run: story.run, trials, unreadable: [] as string[] };
}

test("what the machine does to both arms cancels, pair by pair; arms that change places turn the sign", (t) => {
  const slowed = fc.array(fc.double({ min: 0.1, max: 100, noNaN: true }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(slowed, fc.double({ min: 0.5, max: 2, noNaN: true }), (machine, ratio) => {
      const base = duetOf(1, machine);
      const candidate = duetOf(
        2,
        machine.map((ms) => ratio * ms),
      );
      const log = duetLogRatio(candidate, base, "latencyMs.p50") ?? Number.NaN;
      t.true(Math.abs(log - Math.log(ratio)) < 1e-9);
      t.true(Math.abs(log + (duetLogRatio(base, candidate, "latencyMs.p50") ?? 0)) < 1e-9);
    }),
  );
});

test("one window in which one arm stood still moves nothing; too few requests, or another measure, give no pair", (t) => {
  const base = duetOf(1, [2, 2, 2, 2, 2, 2, 2, 2]);
  const stood = duetOf(2, [2.2, 2.2, 2.2, 900, 2.2, 2.2, 2.2, 2.2]);
  t.is(duetLogRatio(stood, base, "latencyMs.p50")?.toFixed(6), Math.log(1.1).toFixed(6));
  const few = { ...stood, windows: stood.windows.map((window) => ({ ...window, requests: 9 })) };
  t.is(duetLogRatio(few, base, "latencyMs.p50"), null);
  t.is(duetLogRatio(stood, base, "latencyMs.p99"), null);
  t.is(duetLogRatio(stood, null, "latencyMs.p50"), null);
});

test("the gate on noisy duets: identical builds pass, 5% more median latency and 10% more CPU a request are found", (t) => {
  const seeds = Array.from({ length: 10 }, (_, seed) => seed + 1);
  const decisions = (candidate: Parameters<typeof noisyDuet>[1]) =>
    seeds.map((seed) => gateOneRun(noisyDuet(seed, candidate), arms).decision);
  const same = decisions({});
  t.true(same.filter((decision) => decision === "pass").length >= 8);
  t.false(same.includes("regression"));
  t.true(decisions({ p50: 1.05 }).filter((decision) => decision === "regression").length >= 9);
  t.true(decisions({ cpu: 1.1 }).filter((decision) => decision === "regression").length >= 9);
});

test("a duet says nothing of walls, and that both ran at once", (t) => {
  const { run, trials } = noisyDuet(1, { p50: 1.2 });
  const analysis = analyze(run, trials);
  t.is(analysis.design, "duet");
  t.regex(analysis.told, /1\.(?:19|2\d)x the median latency/);
  t.regex(analysis.told, /Both ran at the same time in 12 blocks, each with half of one load/);
  t.notRegex(analysis.told, /wall|never broke|throughput/);
});

test("an arm without the other counts for nothing", (t) => {
  const { run, trials } = noisyDuet(1);
  const orphaned = trials.filter(({ block, profile }) => block !== 3 || profile !== "candidate");
  t.is(analyze(run, orphaned).profiles[0]?.held, 11);
});

test("the same median and another spread is a caveat, at the gate too", (t) => {
  const told = noisyDuet(3, { p90: 1.5 });
  const { run } = told;
  const judged = run.judged.filter(({ name }) => name !== "latencyMs.p90");
  const caveat = { code: "spread-changed", profile: "candidate", measure: "latencyMs.p90", blocks: 12 };
  const found = analyze({ ...run, judged }, told.trials).caveats.find(({ code }) => code === "spread-changed");
  t.like(found, caveat);
  const gate = gateOneRun({ ...told, run: { ...run, judged } }, arms);
  t.is(gate.decision, "pass");
  t.like(
    gate.caveats.find(({ code }) => code === "spread-changed"),
    caveat,
  );
  const none = noisyDuet(4);
  t.false(analyze(none.run, none.trials).caveats.some(({ code }) => code === "spread-changed"));
  t.false(
    analyze(run, told.trials).caveats.some(({ code }) => code === "spread-changed"),
    "it is judged worse itself",
  );
});
