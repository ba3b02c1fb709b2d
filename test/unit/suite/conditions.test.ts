import test from "ava";
import { conditionsOf } from "../../../harness/results/goals-of.ts";
import { parseSuite } from "../../../harness/suite/parse.ts";
import { SuiteError } from "../../../harness/suite/problems.ts";
import { phasesRate } from "../../../harness/suite/rate.ts";
import { suiteFrom, suiteText } from "../../helpers/suite-files.ts";

test("conditions are the load's phases, and the trial lasts as long as they do", (t) => {
  const suite = suiteFrom("conditions");
  const phases = [
    { perSecond: 300, lastingMs: 10_000 },
    { perSecond: 1500, lastingMs: 10_000 },
    { perSecond: 300, lastingMs: 15_000 },
  ];
  t.deepEqual(suite.load.rate, phasesRate(phases));
  t.is(suite.stop.afterMs, 35_000);
  t.is(suite.target.replicas, 2);
  t.is(suiteFrom("conditions", (text) => `${text}stop: {after: 40s}\n`).stop.afterMs, 40_000);
});

test("actions come in the order of their moments", (t) => {
  t.deepEqual(conditionsOf(suiteFrom("conditions").experiment)[2]?.actions, [
    { kind: "kill", part: "target", replica: 1, atMs: 0, restartAfterMs: null },
    { kind: "kill", part: "db", replica: 1, atMs: 3000, restartAfterMs: 2000 },
    { kind: "pause", part: "target", replica: 2, atMs: 8000, lastingMs: 1000 },
    { kind: "latency", part: "db", atMs: 10_000, lastingMs: 2000, addedMs: 100 },
  ]);
});

/** A change of conditions.yaml that makes it wrong, and what its one message must say. */
const wrong: [title: string, from: string | RegExp, to: string, says: RegExp][] = [
  ["a rate beside them", "load.ts }", "load.ts, rate: 5/s }", /^s:5:26: load\.rate: conditions are given, too/],
  [
    "goals beside them",
    "profiles:",
    'goals: {faultRatio: "<= 1%"}\nprofiles:',
    /goals: .* put goals into each condition$/,
  ],
  ["a stop before their end", "profiles:", "stop: {after: 34s}\nprofiles:", /stop\.after: the conditions take 35s;/],
  ["none at all", /^conditions:[\s\S]*?(?=profiles:)/m, "conditions: {}\n", /conditions: this is empty/],
  ["a name with blanks", "  peak:", "  high peak:", /conditions: the name "high peak" can't be used/],
  ["no rate", "peak: { rate: 1500/s,", "peak: {", /conditions\.peak: "rate" is missing; give requests a second/],
  [
    "a goal that no condition measures",
    "sustainedPerSecond:",
    "timeWaitPeak:",
    /no measure here is called "timeWaitPeak"; use one of sustainedPerSecond, faultRatio, latencyMs\.p50/,
  ],
  [
    "a ramp of its own",
    "rate: 1500/s",
    "rate: {from: 1/s, to: 2/s, ramp: 1s}",
    /conditions\.peak\.rate: a map can't be used/,
  ],
  [
    "a part misspelt",
    "kill: db",
    "kill: bd",
    /^s:14:25: conditions\.failure\.actions\[0\]\.kill: no part is named "bd"; there are target, db; did you mean "db"\?$/,
  ],
  ["the generator", "kill: db", "kill: generator", /no part is named "generator"/],
  [
    "a copy too many",
    "replica: 2",
    "replica: 3",
    /replica: there is no copy 3: the target has 2 \(target\.replicas\)$/,
  ],
  [
    "a copy of an upstream",
    "kill: db",
    "kill: db, replica: 2",
    /replica: there is no copy 2: an upstream has one copy$/,
  ],
  ["latency of the target", "part: db", "part: target", /part: only an upstream can be made to answer later/],
  [
    "latency of nothing",
    "part: db",
    "part: bd",
    /part: no upstream is named "bd"; declared are db; did you mean "db"\?$/,
  ],
  ["after the end", "at: 10s", "at: 15s", /at: the condition lasts 15s; use an earlier moment$/],
  [
    "over the end",
    "lasting: 2s }",
    "lasting: 6s }",
    /lasting: the condition is over by then, after 15s; use at most 5s$/,
  ],
  ["a restart after the end", "restartAfter: 2s", "restartAfter: 20s", /restartAfter: the condition is over by then/],
  [
    "the dead killed again",
    "kill: db, restartAfter: 2s",
    "kill: target, restartAfter: 2s",
    /at: it was killed and stays dead at this moment/,
  ],
  [
    "two at once",
    "at: 8s, pause: target, replica: 2",
    "at: 4s, pause: db",
    /at: the one before is not over at this moment; "db"/,
  ],
  [
    "an action that is none",
    "{ at: 8s, pause: target, replica: 2, lasting: 1s }",
    "{ at: 8s, stop: db }",
    /unknown key "stop"/,
  ],
  [
    "two actions in one",
    "kill: db, restartAfter",
    "kill: db, pause: db, restartAfter",
    /actions\[0\]: pause can't stand beside another action; give it an item of the list of its own$/,
  ],
  [
    "too many copies",
    "replicas: 2",
    "replicas: 17",
    /target\.replicas: 17 can't be used; use a whole number from 1 to 16$/,
  ],
  [
    "copies of an upstream",
    "port: 3306",
    "port: 3306, replicas: 2",
    /upstreams\.db: an upstream is one program; only the target can have replicas$/,
  ],
  [
    "a rate of a profile's own",
    "reuse: { net.ipv4.tcp_tw_reuse: 1 }",
    "reuse: {load: {rate: 5/s}}",
    /profiles\.reuse\.load\.rate: the rate is the conditions'; leave it out here$/,
  ],
  [
    "an objective beside them",
    "profiles:",
    "objective: sustainable-rate\nprofiles:",
    /objective: this needs goals to keep[\s\S]*objective: conditions are given, too/,
  ],
  ["a copy's role as an upstream's name", "  db:", "  target-2:", /upstreams: the name "target-2" can't be used/],
];

for (const [title, from, to, says] of wrong) {
  test(`refused, with its place: ${title}`, (t) => {
    const text = suiteText("conditions").replace(from, () => to);
    t.not(text, suiteText("conditions"));
    const error = t.throws(() => parseSuite(text, "s"), { instanceOf: SuiteError });
    t.regex(error?.message ?? "", says);
  });
}

test("what is missing is said with what says it otherwise", (t) => {
  const says = (change: (text: string) => string) =>
    t.throws(() => suiteFrom("ports", change), { instanceOf: SuiteError })?.message ?? "";
  t.regex(
    says((text) => text.replace(/^ {2}rate: .*\n/m, "")),
    /^ports\.yaml:11:1: load: "rate" is missing; give 3000\/s/,
  );
  t.regex(
    says((text) => text.replace(/^stop:[\s\S]*?(?=profiles:)/m, "")),
    /^ports\.yaml:1:1: "stop" is missing/,
  );
  t.regex(
    says((text) => text.replace(/^ {2}after: .*\n/m, "")),
    /stop: "after" is missing; give a time with its unit/,
  );
});
