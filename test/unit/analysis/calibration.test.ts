import test from "ava";
import { calibrationOf } from "../../../harness/analysis/calibration.ts";
import type { GateSide } from "../../../harness/analysis/gate-record.ts";
import { caveatSentence } from "../../../harness/report/words/caveats.ts";
import { normals } from "../../../harness/stats/normals.ts";
import { type StoredRun, storedRun } from "../../helpers/stories.ts";
import { analyze, gateTwoRuns, saidReason } from "../../helpers/told.ts";
import { profileRecord, trialRecord } from "../../helpers/trial-builder.ts";

/** The baseline against itself, `noise` on each trial. */
function calibrationRun(blocks: number, noise: number): StoredRun {
  const next = normals(3);
  const trial = (overrides: object) =>
    trialRecord({ ...overrides, measures: { sustainedPerSecond: 3000 * Math.exp(noise * next()) } });
  return storedRun(
    blocks,
    [
      [profileRecord("baseline"), trial],
      [profileRecord("baseline-again"), trial],
    ],
    { kind: "calibration" },
  );
}

test("a calibration is the deviation of the blocks' log ratios, of every measure that has any", (t) => {
  const { run, trials } = calibrationRun(400, 0.02);
  const calibration = calibrationOf(run, trials);
  t.like(calibration, { runId: run.id, blocks: 400, at: run.ended?.at });
  const noise = calibration.measures.sustainedPerSecond;
  t.is(noise?.pairs, 400);
  // Two arms: sqrt(2) of one trial's noise; 3 standard errors of a deviation from 400.
  t.true(Math.abs((noise?.logRatioDeviation ?? 0) / (0.02 * Math.SQRT2) - 1) < 3 / Math.sqrt(800));
  t.is(calibration.measures["latencyMs.p99"]?.logRatioDeviation, 0);
  t.is(calibration.measures.requestsBeforeWall, undefined, "neither broke: no ratio");
});

test("one pair is no calibration, and a bound hides the noise", (t) => {
  const one = calibrationRun(1, 0.02);
  t.deepEqual(calibrationOf(one.run, one.trials).measures, {});
  const bound = calibrationRun(8, 0.02);
  const trials = bound.trials.map((trial) =>
    trial.profile === "baseline" ? trial : { ...trial, generator: { ...trial.generator, bound: true } },
  );
  t.is(calibrationOf(bound.run, trials).measures.sustainedPerSecond, undefined);
});

test("the noise of a calibration stands beside every verdict; without one that of the run's own blocks", (t) => {
  const story = calibrationRun(8, 0.01);
  const run = { ...story.run, kind: "experiment" as const };
  const own = analyze(run, story.trials).profiles[1]?.versusBaseline.sustainedPerSecond;
  t.is(own?.noiseSource, "own blocks");
  t.true((own?.noiseFloor ?? 0) > 0.005 && (own?.noiseFloor ?? 1) < 0.02);
  t.true((own?.minimumDetectable ?? 0) > 0.05);
  const measures = { sustainedPerSecond: { logRatioDeviation: 0.03, pairs: 20 } };
  const calibration = { runId: "20261120T000000Z-cal", at: "2026-11-20T00:00:00.000Z", blocks: 20, measures };
  const calibrated = analyze({ ...run, calibration }, story.trials).profiles[1]?.versusBaseline;
  t.is(calibrated?.sustainedPerSecond?.noiseSource, "20261120T000000Z-cal");
  t.is(calibrated?.sustainedPerSecond?.noisePairs, 20);
  // 2.086: Student's t with 20 degrees of freedom, from tables.
  const floor = calibrated?.sustainedPerSecond?.noiseFloor ?? 0;
  t.true(Math.abs(floor / Math.expm1((2.086 * 0.03) / Math.sqrt(8)) - 1) < 0.01, `${floor}`);
  t.is(calibrated?.["latencyMs.p99"]?.noiseSource, "own blocks");
  const few = calibrationRun(3, 0.01);
  t.like(analyze(few.run, few.trials).profiles[1]?.versusBaseline.sustainedPerSecond, {
    noiseFloor: null,
    minimumDetectable: null,
    noiseSource: null,
  });
});

test("of two runs there is a noise floor from six trials an arm on", (t) => {
  const floorOf = (blocks: number) => {
    const story = calibrationRun(blocks, 0.02);
    const side = { run: { ...story.run, kind: "experiment" as const }, trials: story.trials, unreadable: [] };
    const arm = (profile: string): GateSide => ({ ...side, profile });
    const { comparisons } = gateTwoRuns(arm("baseline"), arm("baseline-again"), []);
    return comparisons.find(({ measure }) => measure === "sustainedPerSecond")?.noiseFloor;
  };
  t.is(floorOf(5), null);
  t.true((floorOf(6) ?? 0) > 0.01);
});

test("a calibration of fewer than six pairs is left aside, and said to be", (t) => {
  const story = calibrationRun(10, 0.04);
  const analysisWith = (pairs: number) => {
    const measures = { sustainedPerSecond: { logRatioDeviation: 0.002, pairs } };
    const calibration = { runId: "cal", at: "2026-11-20T00:00:00.000Z", blocks: pairs, measures };
    return analyze({ ...story.run, kind: "experiment", calibration }, story.trials);
  };
  const small = analysisWith(5);
  t.like(small.profiles[1]?.versusBaseline.sustainedPerSecond, { noiseSource: "own blocks", noisePairs: 10 });
  t.deepEqual(
    small.caveats.map(({ code }) => code),
    ["small-calibration", "tolerance-below-noise"],
  );
  t.deepEqual(small.caveats[0], {
    code: "small-calibration",
    calibration: "cal",
    measures: ["sustainedPerSecond"],
    pairs: 5,
    neededPairs: 6,
  });
  const enough = analysisWith(6);
  t.like(enough.profiles[1]?.versusBaseline.sustainedPerSecond, { noiseSource: "cal", noisePairs: 6 });
  t.deepEqual(enough.caveats, []);
});

test("a calibration of few pairs says how well it knows the noise", (t) => {
  const said = (blocks: number) =>
    analyze(calibrationRun(blocks, 0.03).run, calibrationRun(blocks, 0.03).trials).verdict;
  t.regex(said(2), /From 2 pairs the noise itself is known to about 50%; runs take it from no fewer than 6\.$/);
  t.regex(said(8), /From 8 pairs the noise itself is known to about 25%\.$/);
  t.notRegex(said(10), /the noise itself/);
});

test("one report has one answer to how many blocks would do: the open comparison's own", (t) => {
  const { run, trials } = calibrationRun(10, 0.04);
  const { caveats, profiles } = analyze({ ...run, kind: "experiment" }, trials);
  t.regex(saidReason(profiles[1]?.versusBaseline.sustainedPerSecond), /(about|more than) \d+ blocks would/);
  t.deepEqual(
    caveats.map(caveatSentence).filter((sentence) => /blocks? would/.test(sentence)),
    [],
  );
});

test("a calibration's report: the noise, what can be found, and how many blocks the tolerance needs", (t) => {
  const { run, trials } = calibrationRun(12, 0.03);
  const { verdict, calibration } = analyze(run, trials);
  t.regex(
    verdict,
    /^The baseline against itself in 12 blocks\. In throughput one block differs by up to 1\d\.?\d?% by luck; 8 blocks find a change of 1\d\.?\d?%; within the tolerance of 5% it can be called the same from \d+ blocks on\./,
  );
  t.regex(verdict, /No block gives a ratio of requests before the wall\./);
  const measure = calibration?.measures.find((one) => one.measure === "sustainedPerSecond");
  t.deepEqual(
    measure?.rows.map(({ blocks }) => blocks),
    [6, 8, 10, 12, 20],
  );
  t.is(measure?.rows[0]?.minimumDetectable, null, "six blocks decide nothing about two measures");
  const reach = (measure?.rows ?? []).flatMap(({ sameWithin }) => sameWithin ?? []);
  t.deepEqual(
    reach,
    reach.toSorted((a, b) => b - a),
  );
  const needed = measure?.blocksForTolerance ?? 0;
  t.true(needed > 12 && needed < 40, `${needed}`);
  t.is(analyze({ ...run, kind: "experiment" }, trials).calibration, null);
});

test("a difference between identical arms is called a false alarm or a drift", (t) => {
  const { run, trials } = calibrationRun(12, 0.001);
  const drifted = trials.map((trial) =>
    trial.profile === "baseline"
      ? trial
      : {
          ...trial,
          measures: { ...trial.measures, sustainedPerSecond: 1.2 * (trial.measures.sustainedPerSecond ?? 0) },
        },
  );
  t.regex(
    analyze(run, drifted).verdict,
    /The two arms differ in throughput \(1\.20x, p < 0\.001\) though they are the same: one calibration in 20/,
  );
});

test("a tolerance below the noise is a caveat that says what could be had", (t) => {
  const { run, trials } = calibrationRun(10, 0.04);
  const { caveats } = analyze({ ...run, kind: "experiment" }, trials);
  const said = caveats.filter(({ code }) => code === "tolerance-below-noise");
  t.regex(
    said.map(caveatSentence).join(),
    /^the tolerance of 5% for throughput is below what the noise allows \(by this run's own blocks\): with 10 blocks identical profiles are called the same within \d\.?\d?% only$/,
  );
  const quiet = calibrationRun(10, 0.005);
  t.deepEqual(analyze({ ...quiet.run, kind: "experiment" }, quiet.trials).caveats, []);
  const drifted = trials.map((trial) =>
    trial.profile === "baseline"
      ? trial
      : { ...trial, measures: { ...trial.measures, sustainedPerSecond: 2 * (trial.measures.sustainedPerSecond ?? 0) } },
  );
  const decided = analyze({ ...run, kind: "experiment" }, drifted);
  t.deepEqual(decided.caveats, [], "what was told apart in spite of its noise needs no warning");
  const measures = { sustainedPerSecond: { logRatioDeviation: 0.06, pairs: 20 } };
  const calibration = { runId: "cal", at: "2026-11-20T00:00:00.000Z", blocks: 20, measures };
  const warned = analyze({ ...run, kind: "experiment", calibration }, drifted).caveats;
  t.like(warned[0], { code: "tolerance-below-noise", calibration: "cal", pairs: 20 });
});
