import test from "ava";
import { goalsOf } from "../../../harness/results/goals-of.ts";
import { parseSuite } from "../../../harness/suite/parse.ts";
import { SuiteError } from "../../../harness/suite/problems.ts";
import { suiteFrom, suiteText } from "../../helpers/suite-files.ts";

test("judged measures have the suite's tolerance and their own direction unless they say otherwise", (t) => {
  t.deepEqual(suiteFrom("everything").judged, [
    { name: "sustainedPerSecond", direction: "higher", tolerance: 0.05 },
    { name: "connectionsPerSecond", direction: "higher", tolerance: 0.02 },
    { name: "latencyMs.p99", direction: "lower", tolerance: 0.02 },
  ]);
});

test("what is judged where a suite does not say follows from its load", (t) => {
  const names = (suite: string) => suiteFrom(suite).judged.map(({ name }) => name);
  t.deepEqual(names("ports"), ["requestsBeforeWall", "sustainedPerSecond", "latencyMs.p99"]);
  t.deepEqual(names("searched"), ["sustainableRatePerSecond"]);
  t.deepEqual(names("conditions"), ["sustainedPerSecond"]);
});

test("goals are read in the unit of their measure", (t) => {
  const goals: [string, string, number][] = [
    ["latencyMs.p99", "<= 50", 50],
    ["latencyMs.p99", "<=50ms", 50],
    ["latencyMs.p99", "<= 3s", 3000],
    ["latencyMs.max", "<= 0.5", 0.5],
    ["faultRatio", "<= 0.1%", 0.001],
    ["faultRatio", "<= 0.001", 0.001],
    ["faultRatio", "<= 0%", 0],
    ["faultRatio", "<= 0", 0],
    ["sustainedPerSecond", ">= 490", 490],
    ["sustainedPerSecond", ">= 490/s", 490],
    ["timeToWallSeconds", ">= 3", 3],
    ["timeToWallSeconds", ">= 500ms", 0.5],
    ["requestsBeforeWall", ">= 10000", 10_000],
    ["timeWaitPeak", "<= 20000", 20_000],
    ["portUsePeakRatio", "<= 80%", 0.8],
  ];
  for (const [measure, text, limit] of goals) {
    const suite = suiteFrom("ports", (ports) => `${ports}\ngoals: {${measure}: "${text}"}\n`);
    const comparison = text.slice(0, 2) as "<=" | ">=";
    t.deepEqual(goalsOf(suite.experiment) as unknown[], [{ measure, comparison, limit }], `${measure} ${text}`);
  }
});

test("the search's bounds have defaults from the load's rate", (t) => {
  const short = (text: string) => text.replace(/^objective: .*$/m, "objective: sustainable-rate");
  const { experiment } = suiteFrom("searched", short);
  t.deepEqual(experiment.kind === "search" && experiment.objective, {
    kind: "sustainable-rate",
    fromPerSecond: 200,
    toPerSecond: 3200,
    precision: 0.05,
    holdingMs: 10_000,
    rampMs: 1000,
    steps: 14,
  });
  t.is(suiteFrom("searched", short).stop.afterMs, 11_000);
  t.is(suiteFrom("searched").stop.afterMs, 17_000);
});

const blocks = /^blocks: .*$/m;
const compare = /^compare: .*$/m;
const objective = /^objective: .*$/m;

/** A change of a valid suite that makes it wrong, and what its one message must say. */
const wrong: [title: string, suite: string, from: string | RegExp, to: string, says: RegExp][] = [
  ["min above max", "ports", blocks, "blocks: {min: 9, max: 6}", /^s:27:15: blocks\.min: this is more than max \(6\)/],
  [
    "a max that is none",
    "ports",
    blocks,
    "blocks: {min: 6, max: 0}",
    /blocks\.max: 0 can't be used; use a whole number/,
  ],
  [
    "no max",
    "ports",
    blocks,
    "blocks: {min: 6, max: 9, mx: 9}",
    /unknown key "mx"; known here: min, max; did you mean "max"/,
  ],
  [
    "blocks in words",
    "ports",
    blocks,
    "blocks: many",
    /"many" can't be used; use a whole number .* or \{min: 6, max: 20\}$/,
  ],
  ["a design without factors", "ports", blocks, "design: factorial", /^s:27:1: design: .* use it with factors:$/],
  [
    "a design that is none",
    "searched",
    "one-at-a-time",
    "one-by-one",
    /^s:19:9: design: .* use factorial, one-at-a-time or screening \(of factors\), or duet \(of two profiles\)$/,
  ],
  [
    "recheck of one profile",
    "ports",
    /profiles:[\s\S]*/,
    "profiles: {baseline: {}}\nrecheck: 2",
    /recheck: there is one profile only/,
  ],
  ["recheck of a search", "searched", blocks, "recheck: 2", /^s:20:1: recheck: a search confirms its rate itself/],
  [
    "retries without end",
    "ports",
    blocks,
    "retries: -1",
    /retries: -1 can't be used; use a whole number from 0 to 1000/,
  ],
  [
    "a measure misspelt",
    "ports",
    compare,
    "compare: {measures: {latencyMs.p98: {}}}",
    /^s:28:22: compare\.measures: no measure here is called "latencyMs\.p98"; .*did you mean "latencyMs\.p9\d"\?$/,
  ],
  ["no measures", "ports", compare, "compare: {measures: {}}", /compare\.measures: this is empty/],
  [
    "a direction that is none",
    "ports",
    compare,
    "compare: {measures: {faultRatio: {direction: up}}}",
    /"up" can't be used; use higher or lower/,
  ],
  [
    "a measure that only a search has",
    "ports",
    compare,
    "compare: {measures: {sustainableRatePerSecond: {}}}",
    /only a search measures this/,
  ],
  [
    "another measure of a search",
    "searched",
    blocks,
    "compare: {measures: {latencyMs.p99: {}}}",
    /only sustainableRatePerSecond can be compared/,
  ],
  [
    "a goal misspelt",
    "ports",
    blocks,
    'goals: {faultRation: "<= 1%"}',
    /^s:27:9: goals: .*did you mean "faultRatio"\?$/,
  ],
  [
    "a goal without a comparison",
    "ports",
    blocks,
    'goals: {latencyMs.p99: "50"}',
    /^s:27:24: goals\["latencyMs\.p99"\]: "50" can't be used; use at most a number of ms: "<= 50" or "<= 3s"$/,
  ],
  [
    "a goal without its quotes",
    "ports",
    blocks,
    "goals: {sustainedPerSecond: >= 490}",
    /^s:27:29: a text that begins with > or \| must stand in quotes, such as ">= 490"$/,
  ],
  ["a goal that is a number", "ports", blocks, "goals: {latencyMs.p99: 50}", /50 can't be used; use a limit in quotes/],
  [
    "a goal the wrong way round",
    "ports",
    blocks,
    'goals: {latencyMs.p99: ">= 50"}',
    /">= 50" can't be used; use at most a number of ms/,
  ],
  [
    "a goal of another unit",
    "ports",
    blocks,
    'goals: {sustainedPerSecond: ">= 50ms"}',
    /use at least a number a second: ">= 490" or ">= 490\/s"$/,
  ],
  [
    "a share of over all",
    "ports",
    blocks,
    'goals: {faultRatio: "<= 1"}',
    /"<= 1" can't be used; use at most a number that is a share/,
  ],
  ["no goals", "ports", blocks, "goals: {}", /goals: this is empty/],
  [
    "a goal that only a search finds",
    "ports",
    blocks,
    'goals: {sustainableRatePerSecond: ">= 5"}',
    /use sustainedPerSecond/,
  ],
  ["an objective without goals", "searched", /^goals: .*$/m, "", /^s:9:1: objective: this needs goals to keep/],
  [
    "an objective that is none",
    "searched",
    objective,
    "objective: highest-rate",
    /"highest-rate" can't be used; use sustainable-rate or \{/,
  ],
  [
    "a misspelt key of an objective (and the right one missing)",
    "searched",
    "{ sustainable-rate:",
    "{ sustainble-rate:",
    /unknown key "sustainble-rate".*did you mean "sustainable-rate"\?$/m,
  ],
  [
    "an objective on a ramp",
    "searched",
    "rate: 200/s",
    "rate: {from: 1/s, to: 2/s, ramp: 1s}",
    /load\.rate: an objective is given, which needs one steady rate/,
  ],
  [
    "a search downwards",
    "searched",
    "from: 100/s",
    "from: 5000/s",
    /^s:9:52: objective\.sustainable-rate\.to: the search must go up, from 5000\/s/,
  ],
  [
    "a search too fine",
    "searched",
    "2.5%",
    "0.01%",
    /precision: "0\.01%" can't be used; use a share from 0\.1% to 50%$/,
  ],
  ["a search too coarse", "searched", "2.5%", "60%", /precision: "60%" can't be used/],
  ["too few steps", "searched", "steps: 20", "steps: 2", /steps: 2 can't be used; use a whole number from 3 to 60/],
  [
    "no holding",
    "searched",
    "holding: 15s",
    "holding: 500ms",
    /holding: "500ms" can't be used; use a time with its unit, 1s or more/,
  ],
  [
    "a stop within a step",
    "searched",
    "stop: {",
    "stop: { after: 5s,",
    /stop\.after: each step takes 17s \(ramp and holding\)/,
  ],
  [
    "a stop by requests",
    "searched",
    "stop: {",
    "stop: { requests: 5,",
    /stop\.requests: each step of a search is ended by its time/,
  ],
  [
    "a rate of a factor's own in a search",
    "searched",
    "reuse: { net.ipv4.tcp_tw_reuse: [0, 1] }",
    "r: { load.rate: [1/s, 2/s] }",
    /factors\.r\["load\.rate"\]: the rate is the objective's to find/,
  ],
];

for (const [title, suite, from, to, says] of wrong) {
  test(`refused, with its place: ${title}`, (t) => {
    const text = suiteText(suite).replace(from, () => to);
    t.not(text, suiteText(suite));
    const error = t.throws(() => parseSuite(text, "s"), { instanceOf: SuiteError });
    t.regex(error?.message ?? "", says);
  });
}
