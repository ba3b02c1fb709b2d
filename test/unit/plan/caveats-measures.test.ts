import test from "ava";
import { makePlan } from "../../../harness/plan/make-plan.ts";
import { caveatSentence } from "../../../harness/report/words/caveats.ts";
import type { Suite } from "../../../harness/suite/suite.ts";
import { suiteFrom } from "../../helpers/suite-files.ts";

function caveats(suite: Suite): Record<string, string> {
  const { caveats } = makePlan(suite, { seed: 1, memoryBytes: 32 * 2 ** 30 });
  return Object.fromEntries(caveats.map((caveat) => [caveat.code, caveatSentence(caveat)]));
}

/** A suite whose every number can be had: 500/s for 20 s. */
function plain(rest: string, rate = "500/s", after = "20s"): Suite {
  return suiteFrom("ports", (text) =>
    text
      .replace(/^ {2}rate: .*$/m, `  rate: ${rate}`)
      .replace(/^ {2}requests: .*\n/m, "")
      .replace(/^ {2}after: .*$/m, `  after: ${after}`)
      .replace(/^compare: .*$/m, rest),
  );
}

function conditions(written: string, rest = ""): Suite {
  return suiteFrom("conditions", (text) =>
    `${text}${rest}`.replace(/^conditions:[\s\S]*?(?=profiles:)/m, () => `conditions: ${written}\n`),
  );
}

const told = [
  "no-calm-condition",
  "bursts-without-rate",
  "load-ends-with-ramp",
  "goal-in-bursts",
  "too-few-requests",
  "finer-than-buckets",
  "goal-above-load",
  "few-requests-for-goal",
  "condition-too-short",
];

test("a load on which everything can be measured is left in peace", (t) => {
  const calm = [
    plain("compare: {measures: {sustainedPerSecond: {}, latencyMs.p99: {tolerance: 3%}}}"),
    plain('goals: {sustainedPerSecond: ">= 500", latencyMs.p99: "<= 50"}'),
    suiteFrom("searched"),
    suiteFrom("conditions"),
  ];
  for (const suite of calm)
    t.deepEqual(
      Object.keys(caveats(suite)).filter((code) => told.includes(code)),
      [],
    );
});

test("bursts have no sustained rate to compare or to keep", (t) => {
  const bursts = "{base: 500/s, burst: 900/s, lasting: 1s, every: 3s}";
  const code = "bursts-without-rate";
  const judged = caveats(plain("compare: {measures: {sustainedPerSecond: {}}}", bursts))[code] ?? "";
  t.regex(judged, /^sustainedPerSecond can't be compared: a load in bursts has no sustained rate; name other/);
  t.is(caveats(plain("compare: {measures: {latencyMs.p50: {}}}", bursts))[code], undefined);
  const goal = plain('compare: {measures: {latencyMs.p50: {}}}\ngoals: {sustainedPerSecond: ">= 5"}', bursts);
  t.regex(
    caveats(goal)["goal-in-bursts"] ?? "",
    /^the load comes in bursts.*its goal for sustainedPerSecond can't be judged$/,
  );
  const one = suiteFrom("ports", (text) => text.replace(/^ {2}backlog: .*$/m, `  backlog: {load: {rate: ${bursts}}}`));
  t.regex(caveats(one)[code] ?? "", /no sustained rate \(backlog\)/);
});

test("a percentile of too few requests is no verdict", (t) => {
  const code = "too-few-requests";
  const p99 = "compare: {measures: {latencyMs.p99: {}}}";
  t.regex(caveats(plain(p99, "20/s", "10s"))[code] ?? "", /^latencyMs\.p99 can't be compared: .* 200 requests .*1,000/);
  t.is(caveats(plain(p99, "100/s", "10s"))[code], undefined);
  t.is(caveats(plain("compare: {measures: {latencyMs.p90: {}}}", "20/s", "10s"))[code], undefined);
  const ramp = "{from: 1/s, to: 100/s, ramp: 5s}";
  t.regex(caveats(plain(p99, ramp, "10s"))[code] ?? "", /500 requests/, "those of the ramp don't count");
});

test("a load that ends with its ramp measures no rate and no latency", (t) => {
  const ramp = "{from: 1/s, to: 9000/s, ramp: 10s}";
  const judged = "compare: {measures: {sustainedPerSecond: {}, latencyMs.p50: {}}}";
  const code = "load-ends-with-ramp";
  t.regex(
    caveats(plain(judged, ramp, "10s"))[code] ?? "",
    /^sustainedPerSecond and latencyMs\.p50 .* 1 s after its ramp/,
  );
  t.is(caveats(plain(judged, ramp, "11s"))[code], undefined);
  t.is(caveats(plain("compare: {measures: {requestsBeforeWall: {}}}", ramp, "10s"))[code], undefined);
});

test("a tolerance finer than a histogram's buckets can't be told", (t) => {
  const judged = (tolerance: string) => plain(`compare: {measures: {latencyMs.p99: {tolerance: ${tolerance}}}}`);
  t.regex(caveats(judged("1%"))["finer-than-buckets"] ?? "", /^latencyMs\.p99 .* 2\.2% wide: a tolerance of 1%/);
  t.is(caveats(judged("2.5%"))["finer-than-buckets"], undefined);
});

test("conditions that all have actions leave nothing to compare", (t) => {
  const pause = "actions: [{at: 1s, pause: db, lasting: 1s}]";
  const killed = "actions: [{at: 1s, kill: db}]";
  const code = "no-calm-condition";
  t.regex(
    caveats(conditions(`{a: {rate: 300/s, lasting: 5s, ${pause}}}`))[code] ?? "",
    /^sustainedPerSecond can't be compared: a trial has it from its conditions without actions/,
  );
  const dead = `{a: {rate: 300/s, lasting: 5s, ${killed}}, b: {rate: 300/s, lasting: 5s}}`;
  t.truthy(caveats(conditions(dead))[code], "after a kill for good nothing is calm");
  const before = `{b: {rate: 300/s, lasting: 5s}, a: {rate: 300/s, lasting: 5s, ${killed}}}`;
  t.is(caveats(conditions(before))[code], undefined);
  const walls = "compare: {measures: {requestsBeforeWall: {}}}\n";
  t.is(caveats(conditions(dead, walls))[code], undefined);
});

test("goals that a load can't keep, or has too few requests for", (t) => {
  const goals = '{sustainedPerSecond: ">= 500", latencyMs.p99: "<= 50"}';
  const few = caveats(conditions(`{quiet: {rate: 3/s, lasting: 10s, goals: ${goals}}}`));
  t.is(few["goal-above-load"], "the condition quiet asks for 3/s: the goal of 500/s can't be kept");
  t.regex(
    few["few-requests-for-goal"] ?? "",
    /^the condition quiet has 30 requests at most to judge latencyMs\.p99 by/,
  );
  const above = caveats(plain('goals: {sustainedPerSecond: ">= 501"}'));
  t.is(above["goal-above-load"], "the load asks for 500/s: the goal of 501/s can't be kept");
  const search = suiteFrom("searched", (text) =>
    text
      .replace("from: 100/s", "from: 10/s")
      .replace("holding: 15s", "holding: 1s")
      .replace('faultRatio: "<= 0"', 'sustainedPerSecond: ">= 5000"'),
  );
  t.is(caveats(search)["goal-above-load"], "the search's first step asks for 10/s: the goal of 5,000/s can't be kept");
  t.regex(caveats(search)["few-requests-for-goal"] ?? "", /^the search's first step has 10 requests at most/);
});

test("a condition shorter than two windows may have no numbers", (t) => {
  const short = caveats(conditions("{blink: {rate: 300/s, lasting: 100ms}, long: {rate: 300/s, lasting: 1s}}"));
  t.regex(short["condition-too-short"] ?? "", /^condition blink lasts 100 ms: .*; 1 s would do$/);
  t.is(caveats(conditions("{long: {rate: 300/s, lasting: 1s}}"))["condition-too-short"], undefined);
});
