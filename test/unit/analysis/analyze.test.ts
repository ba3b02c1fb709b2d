import test from "ava";
import type { Analysis } from "../../../harness/analysis/analysis.ts";
import { caveatSentence } from "../../../harness/report/words/caveats.ts";
import { effectSentence } from "../../../harness/report/words/effects.ts";
import type { Caveat } from "../../../harness/results/caveats.ts";
import { latency } from "../../helpers/record-parts.ts";
import { acceptQueueRun, keepAliveRun, portExhaustionRun, type StoredRun, storedRun } from "../../helpers/stories.ts";
import { analyze, saidReason } from "../../helpers/told.ts";
import { exhaustedTrial, profileRecord, type TrialOverrides, trialRecord } from "../../helpers/trial-builder.ts";

const analysisOf = ({ run, trials }: StoredRun) => analyze(run, trials);
const profileOf = (analysis: Analysis, name: string) => analysis.profiles.find((profile) => profile.name === name);

/** A baseline and one other profile. */
function pair(blocks: number, baseline: TrialOverrides, other: TrialOverrides): StoredRun {
  return storedRun(blocks, [
    [profileRecord("baseline"), (overrides) => trialRecord({ ...baseline, ...overrides })],
    [profileRecord("other"), (overrides) => trialRecord({ ...other, ...overrides })],
  ]);
}

test("a profile that never broke has a lower bound, summarised and compared as such", (t) => {
  const analysis = analysisOf(portExhaustionRun(9));
  const reuse = profileOf(analysis, "reuse");
  t.deepEqual(reuse?.measures.requestsBeforeWall, {
    median: 150_000,
    low: 150_000,
    high: 150_000,
    n: 9,
    censored: 9,
    medianIsBound: true,
  });
  const comparison = reuse?.versusBaseline.requestsBeforeWall;
  t.is(comparison?.bound, "atLeast");
  t.is(comparison?.high, null);
  t.is(comparison?.verdict, "better");
  t.true((comparison?.p ?? 1) < 0.05);
  t.is(profileOf(analysis, "backlog")?.versusBaseline.requestsBeforeWall?.verdict, "same");
});

test("only the judged measures are compared, and the baseline with nothing", (t) => {
  const analysis = analysisOf(portExhaustionRun(2));
  t.deepEqual(profileOf(analysis, "baseline")?.versusBaseline, {});
  t.deepEqual(Object.keys(profileOf(analysis, "reuse")?.versusBaseline ?? {}), [
    "requestsBeforeWall",
    "sustainedPerSecond",
    "latencyMs.p99",
  ]);
});

test("one block: a ratio, no interval, no p, no verdict, and how many blocks would do", (t) => {
  const analysis = analysisOf(portExhaustionRun(1));
  const comparison = profileOf(analysis, "reuse")?.versusBaseline.requestsBeforeWall;
  t.is(comparison?.ratio?.toFixed(3), "5.313");
  t.deepEqual([comparison?.low, comparison?.high, comparison?.p, comparison?.n], [null, null, null, 1]);
  t.is(comparison?.verdict, "inconclusive");
  t.deepEqual(comparison?.reason, { code: "few-blocks", blocks: 1, needed: 9 });
  t.is(saidReason(comparison), "1 block shows effect sizes only; a significance test needs 9");
  t.is(analysis.blocksNeeded, 9);
  t.is(analysis.noise.sustainedPerSecond, null);
  t.is(analysis.caveats[0]?.code, "too-few-blocks");
});

test("where neither broke there is no ratio, and no 'same' either", (t) => {
  const comparison = profileOf(analysisOf(keepAliveRun(9)), "reuse")?.versusBaseline.requestsBeforeWall;
  t.deepEqual([comparison?.ratio, comparison?.p, comparison?.n, comparison?.verdict], [null, null, 0, "inconclusive"]);
  t.is(comparison?.reason?.code, "both-censored");
});

test("a generator that was the limit: capacity is a bound, latency is missing", (t) => {
  const analysis = analysisOf(pair(8, {}, { generator: { bound: true } }));
  const other = profileOf(analysis, "other");
  t.is(other?.measures.sustainedPerSecond?.censored, 8);
  t.is(other?.measures["latencyMs.p99"], undefined);
  t.is(other?.versusBaseline.sustainedPerSecond?.bound, "atLeast");
  t.deepEqual(other?.versusBaseline["latencyMs.p99"]?.reason, { code: "generator-bound", profile: "other" });
});

test("a wall of the generator's own is not the target's", (t) => {
  const fault = { kind: "EADDRNOTAVAIL", side: "generator", firstSeconds: 9, seenIn: "dial", inferred: false } as const;
  const other = profileOf(analysisOf(pair(2, {}, { outcome: "broke", fault })), "other");
  t.is(other?.measures.requestsBeforeWall?.censored, 2);
});

test("latency is not compared where fault shares differ or buckets are wider than the tolerance", (t) => {
  const failed = { measures: { latencyMs: latency(3, { failedShare: 0.02 }) } };
  const failing = profileOf(analysisOf(pair(8, {}, failed)), "other")?.versusBaseline["latencyMs.p99"];
  t.is(failing?.reason?.code, "fault-shares-differ");
  t.is(failing?.ratio, null);
  const faults = [{ kind: "HTTP 503", side: "target", count: 3_000 } as const];
  const behindWall = profileOf(analysisOf(pair(8, {}, { faults })), "other")?.versusBaseline["latencyMs.p99"];
  t.is(behindWall?.verdict, "same");
  const wide = { measures: { latencyMs: latency(9, { resolutionRatio: 0.09 }) } };
  const coarse = profileOf(analysisOf(pair(8, wide, { measures: { latencyMs: latency(3) } })), "other");
  t.is(coarse?.versusBaseline["latencyMs.p99"]?.verdict, "inconclusive");
  t.deepEqual(coarse?.versusBaseline["latencyMs.p99"]?.reason, {
    code: "coarse-histogram",
    width: 0.09,
    tolerance: 0.05,
  });
  t.regex(saidReason(coarse?.versusBaseline["latencyMs.p99"]), /buckets are 9% wide, wider than the tolerance of 5%/);
});

test("invalid trials are left out, counted and said; refused ones are no measurement", (t) => {
  const story = storedRun(3, [
    [profileRecord("baseline"), (overrides) => exhaustedTrial(overrides)],
    [
      profileRecord("other"),
      (overrides, block) =>
        block === 2
          ? trialRecord({
              ...overrides,
              valid: false,
              outcome: "failed",
              invalidReason: { code: "part-lost" as const, words: "3 of 90 exports lost" },
            })
          : exhaustedTrial(overrides),
    ],
  ]);
  const analysis = analysisOf(story);
  const other = profileOf(analysis, "other");
  t.deepEqual([other?.trials, other?.invalid, other?.broke], [3, 1, 2]);
  t.is(other?.versusBaseline.requestsBeforeWall?.n, 2);
  const caveat = analysis.caveats.find(({ code }) => code === "invalid-trials");
  const reasons = [{ profile: "other", reason: { code: "part-lost", words: "3 of 90 exports lost" } } as const];
  t.deepEqual(caveat, { code: "invalid-trials", invalid: 1, trials: 6, reasons });
});

test("walls: the arithmetic's beside the measured ones", (t) => {
  const [baseline, reuse, range] = analysisOf(portExhaustionRun(3)).walls;
  t.like(baseline, {
    profile: "baseline",
    predictedCliffPorts: 14_116,
    predictedWallSeconds: 12,
    measuredCliffSeconds: 7.5,
    measuredWallSeconds: 35,
    measuredPeakPorts: 28_232,
    measuredRequestsBeforeWall: 28_232,
    requestsAreLowerBound: false,
    cliffSeenIn: 3,
    wallSeenIn: 3,
  });
  t.like(reuse, { predictedWallPorts: null, measuredWallSeconds: null, requestsAreLowerBound: true, wallSeenIn: 0 });
  t.like(range, { measuredCliffSeconds: 13.6, measuredWallSeconds: null, measuredUsablePorts: 64_512 });
});

test("main effects: averaged over the other factor, and that they depend on it", (t) => {
  const analysis = analysisOf(acceptQueueRun(2));
  const backlog = analysis.mainEffects.find(
    ({ factor, measure }) => factor === "appBacklog" && measure === "requestsBeforeWall",
  );
  t.deepEqual(backlog?.levels, { from: "511", to: "65535" });
  t.is(backlog?.bound, "atLeast");
  t.is(backlog?.ratio?.toFixed(2), Math.sqrt(12.5).toFixed(2));
  t.is(
    backlog === undefined ? "" : effectSentence(backlog),
    "appBacklog 511 -> 65535: at least 3.54x the requests before the wall, with 2 blocks no more than an effect size; " +
      "it depends on the other factors: 1.00x with somaxconn 4096, at least 12.5x with somaxconn 65535.",
  );
  t.deepEqual(analysisOf(portExhaustionRun(1)).mainEffects, []);
});

test("where every trial is invalid, no effect sizes are promised", (t) => {
  const { run, trials } = portExhaustionRun(3);
  const none = trials.map((trial) => ({
    ...trial,
    valid: false,
    invalidReason: { code: "part-lost" as const, words: "the target was not ready" },
  }));
  const sentences = analyze(run, none).caveats.map(caveatSentence);
  t.regex(sentences[0] ?? "", /^no valid trial, so no effect sizes; a significance test .* needs \d blocks/);
  t.deepEqual(
    sentences.filter((sentence) => sentence.includes("effect sizes only")),
    [],
  );
});

test("caveats: once each with their counts; those of every trial belong to the run", (t) => {
  const shared: Caveat = { code: "shared-cpus", roles: ["target", "generator"], sharedCpus: 2, cpus: 2 };
  const dropped = (iterations: number): Caveat => ({ code: "dropped-iterations", iterations });
  const story = storedRun(2, [
    [
      profileRecord("baseline"),
      (overrides, block) => trialRecord({ ...overrides, caveats: [shared, dropped(block * 7)] }),
    ],
    [profileRecord("other"), (overrides) => trialRecord({ ...overrides, caveats: [shared] })],
  ]);
  story.run.caveats.push(
    { code: "too-few-blocks-planned", blocks: 2, neededBlocks: 7, comparedProfiles: 1, measures: 3 },
    { code: "stop-before-wall", stopRequests: null, stopSeconds: 9, walls: [] },
  );
  const analysis = analysisOf(story);
  t.deepEqual(
    analysis.caveats.map(({ code }) => code),
    ["too-few-blocks", "shared-cpus", "stop-before-wall"],
  );
  t.deepEqual(analysis.caveats[1], { ...shared, raisedIn: { trials: 4, of: 4, profile: null } });
  t.deepEqual(analysis.caveats.slice(1, 2).map(caveatSentence), [
    "target, generator shared 2 of 2 CPUs: each can slow the others (all 4 trials)",
  ]);
  t.deepEqual(profileOf(analysis, "baseline")?.caveats, [
    { ...dropped(7), raisedIn: { trials: 2, of: 2, profile: null } },
  ]);
  t.deepEqual(profileOf(analysis, "other")?.caveats, []);
});

test("what the plan said of too few requests stays only where a trial had as few", (t) => {
  const story = storedRun(1, [[profileRecord("baseline"), (overrides) => trialRecord(overrides)]]);
  const count = story.trials[0]?.measures.latencyMs?.count ?? 0;
  t.true(count > 0);
  const few = { code: "too-few-requests", measure: "latencyMs.p99", requests: 10 } as const;
  const said = (neededRequests: number) => {
    const stored = { ...story, run: { ...story.run, caveats: [{ ...few, neededRequests }] } };
    return analysisOf(stored).caveats.filter(({ code }) => code === "too-few-requests").length;
  };
  t.is(said(count), 0);
  t.is(said(count + 1), 1);
});

test("noise is the largest spread of any profile over the blocks", (t) => {
  const rates = [2900, 3000, 3100];
  const story = storedRun(3, [
    [profileRecord("baseline"), (overrides) => trialRecord(overrides)],
    [
      profileRecord("other"),
      (overrides, block) => trialRecord({ ...overrides, measures: { sustainedPerSecond: rates[block - 1] ?? 0 } }),
    ],
  ]);
  t.is(analysisOf(story).noise.sustainedPerSecond?.toFixed(4), (100 / 3000).toFixed(4));
});

test("the order of the records does not matter, and a run that was cut off says so", (t) => {
  const { run, trials } = portExhaustionRun(3);
  t.deepEqual(analyze(run, trials.toReversed()), analyze(run, trials));
  const cut = analyze({ ...run, ended: null }, trials.slice(0, 7));
  t.deepEqual(
    cut.caveats.find(({ code }) => code === "run-not-complete"),
    { code: "run-not-complete", ended: null, of: "trials", stored: 7, planned: 15 },
  );
  t.is(cut.blocks, 2);
  t.is(analyze(run, []).blocks, 0);
});

test("analysis is data: it survives JSON", (t) => {
  const analysis = analysisOf(acceptQueueRun(9));
  t.deepEqual(JSON.parse(JSON.stringify(analysis)), analysis);
});
