import test from "ava";
import { findCandidates } from "../../../harness/find/candidates.ts";
import { conclude } from "../../../harness/find/conclude.ts";
import type { Find } from "../../../harness/results/find.ts";
import { broke, findingOf, held, playFind, type Story, saturated } from "../../helpers/find-story.ts";
import { syntheticFind } from "../../helpers/synthetic-service.ts";

const somaxconn = "net.core.somaxconn";
const reuse = "net.ipv4.tcp_tw_reuse";
const range = "net.ipv4.ip_local_port_range";

const catalogue = findCandidates({ keys: null, conditions: {}, listening: {}, refused: [] });
const usual: Find = { ...syntheticFind(0), ...catalogue };

const exhausted = findingOf("port-exhaustion");
const queueFull = findingOf("accept-queue-overflow", [
  { kind: "setting", role: "target", key: somaxconn, value: "65535", gain: "room" },
  { kind: "program", role: "target", what: "backlog", to: 65_535, towards: null },
  { kind: "program", role: "target", what: "accept-rate", to: null, towards: null },
]);
const cpu = findingOf("target-cpu-bound");

test("ports: the cure that the finding names alone, in ten trials, and what the program could do", (t) => {
  const story: Story = ({ arm }) =>
    arm.target[reuse] === "1" ? held(5) : broke(arm.target[range] ? 20_000 : 10_000, exhausted);
  const trials = playFind(usual, story);
  const found = conclude(usual, trials);
  t.deepEqual(found.settings, { [reuse]: "1" });
  t.is(trials.length, 10);
  t.deepEqual(found.ended, { code: "found" });
  t.is(found.bindsNow, null);
  t.is(found.gain?.by, "outcome");
  t.like(found.helped[0], { by: { kind: "finding", rule: "port-exhaustion" }, onlyWith: [] });
  t.true(
    found.elsewhere.some(
      ({ remedy, binds }) => remedy.kind === "program" && remedy.what === "pool" && binds === "before",
    ),
  );
});

test("a backlog and somaxconn that help only together are found as a pair, with a lever of the suite", (t) => {
  const find: Find = {
    ...usual,
    levers: [{ name: "backlog", what: "backlog", place: "env.BACKLOG", role: "target", value: "128" }],
  };
  const story: Story = ({ arm }) =>
    arm.target[somaxconn] !== undefined && arm.levers.backlog !== undefined ? held(5) : broke(5000, queueFull);
  const found = conclude(find, playFind(find, story));
  t.deepEqual(found.settings, { [somaxconn]: "65535" });
  t.deepEqual(found.levers, { backlog: "65535" });
  t.deepEqual(
    found.helped.map(({ onlyWith }) => onlyWith.length),
    [1, 1],
  );
});

test("of trials that degrade before a rate was sustained it counts how far they came", (t) => {
  const story: Story = ({ arm }) => {
    const value = arm.target[somaxconn] === undefined ? 500 : 2000;
    return { outcome: "degraded", measures: { requestsBeforeWall: { value, censored: false } }, findings: [queueFull] };
  };
  const found = conclude(usual, playFind(usual, story));
  t.deepEqual(found.settings, { [somaxconn]: "65535" });
  t.like(found.gain, { by: "ratio", measure: "requestsBeforeWall", before: "degraded", after: "degraded", ratio: 4 });
});

test("of a program's number that helps it is told how much is enough, to a factor of two; what was confirmed stays", (t) => {
  const find: Find = {
    ...usual,
    levers: [{ name: "backlog", what: "backlog", place: "env.BACKLOG", role: "target", value: "128" }],
  };
  const story: Story = ({ arm }) =>
    arm.target[somaxconn] !== undefined && Number(arm.levers.backlog ?? "128") >= 1000
      ? held(5)
      : broke(5000, queueFull);
  const trials = playFind(find, story);
  const found = conclude(find, trials);
  t.deepEqual(found.levers, { backlog: "65535" });
  const [bisected] = found.path.flatMap(({ came }) => (came.kind === "bisected" ? [came] : []));
  const enough = Number(bisected?.enough);
  t.true(enough >= 1000 && enough < 2100, bisected?.enough);
  t.true(trials.filter(({ step }) => step.kind === "bisect").length <= 10);
});

test("of a range that the suite narrows it is told how many ports are enough, to a factor of two", (t) => {
  const conditions = { target: { [range]: "32768 33267" } };
  const find: Find = {
    ...usual,
    conditions,
    ...findCandidates({ keys: [range], conditions, listening: {}, refused: [] }),
  };
  const ports = (value = "32768 33267") =>
    value.split(" ").reduce((low, high) => String(Number(high) - Number(low) + 1));
  const runsOut = findingOf("port-exhaustion", [
    { kind: "setting", role: "target", key: range, value: "1024 65535", gain: "room" },
  ]);
  const story: Story = ({ arm }) => (Number(ports(arm.target[range])) >= 5000 ? held(5) : broke(5000, runsOut));
  const found = conclude(find, playFind(find, story));
  t.deepEqual(found.settings, { [range]: "1024 65535" });
  const [bisected] = found.path.flatMap(({ came }) => (came.kind === "bisected" ? [came] : []));
  const enough = Number(ports(bisected?.enough));
  t.true(enough >= 5000 && enough < 10_200 && enough % 2 === 0, bisected?.enough);
  t.regex(bisected?.enough ?? "", / 65535$/);
});

test("of two settings of which either cures the one that Kubernetes counts as safe is tried first, and found", (t) => {
  const either = findingOf("port-exhaustion", [
    { kind: "setting", role: "target", key: reuse, value: "1", gain: "room" },
    { kind: "setting", role: "target", key: range, value: "1024 65535", gain: "room" },
  ]);
  const story: Story = ({ arm }) =>
    arm.target[range] !== undefined || arm.target[reuse] !== undefined ? held(5) : broke(5000, either);
  const found = conclude(usual, playFind(usual, story));
  t.deepEqual(found.settings, { [range]: "1024 65535" });
});

test("without a lever the backlog is told as what to change elsewhere", (t) => {
  const found = conclude(
    usual,
    playFind(usual, () => broke(5000, queueFull)),
  );
  t.deepEqual([found.settings, found.levers], [{}, {}]);
  t.deepEqual(
    found.elsewhere.map(({ remedy }) => (remedy.kind === "program" ? remedy.what : remedy.kind)),
    ["backlog", "accept-rate"],
  );
});

test("of two trials as it is that do not end alike a third says which is followed", (t) => {
  let asked = 0;
  const story: Story = ({ arm }) => {
    asked += 1;
    return arm.target[reuse] === "1" || asked === 1 ? held(5) : broke(5000, exhausted);
  };
  const trials = playFind(usual, story);
  const found = conclude(usual, trials);
  t.deepEqual(found.settings, { [reuse]: "1" });
  t.deepEqual(found.path[0]?.trials, [1, 2, 3]);
  t.like(found.path[0]?.came, { kind: "bound", standing: "broke", finding: { rule: "port-exhaustion" } });
});

test("two walls one behind the other are both found", (t) => {
  const story: Story = ({ arm }) => {
    if (arm.target[reuse] === undefined) return broke(10_000, exhausted);
    return arm.target[somaxconn] === undefined ? broke(30_000, queueFull) : held(5);
  };
  const found = conclude(usual, playFind(usual, story));
  t.deepEqual(found.settings, { [reuse]: "1", [somaxconn]: "65535" });
});

test("an upstream's namespace gets what only it needs", (t) => {
  const ofUpstream = {
    ...queueFull,
    role: "db",
    remedies: [{ kind: "setting", role: "db", key: somaxconn, value: "65535", gain: "room" }],
  } as typeof queueFull;
  const story: Story = ({ arm }) => (arm.upstreams.db?.[somaxconn] === undefined ? broke(5000, ofUpstream) : held(5));
  const found = conclude(usual, playFind(usual, story));
  t.deepEqual([found.settings, found.upstreams], [{}, { db: { [somaxconn]: "65535" } }]);
});

test("what no setting can cure takes one pair, and says what binds", (t) => {
  const trials = playFind(usual, () => saturated(300, cpu));
  const found = conclude(usual, trials);
  t.is(trials.length, 4);
  t.deepEqual(found.settings, {});
  t.deepEqual(found.ended, { code: "no-setting" });
  t.is(found.bindsNow?.rule, "target-cpu-bound");
  t.true(found.elsewhere.every(({ binds }) => binds === "now") && found.elsewhere.length > 0);
});

test("a key that the suite itself sets is not tried, whatever a finding says", (t) => {
  const conditions = { target: { [reuse]: "0" } };
  const find: Find = {
    ...usual,
    conditions,
    ...findCandidates({ keys: null, conditions, listening: {}, refused: [] }),
  };
  const trials = playFind(find, () => broke(10_000, exhausted));
  t.true(trials.every(({ arm }) => arm.target[reuse] === undefined));
});

test("with a rate to find the load is raised until something binds, and again once that is cured", (t) => {
  const steady = { holdingMs: 10_000, rampMs: 1000, steps: 14, precision: 0.05 };
  const objective = { kind: "sustainable-rate", fromPerSecond: 200, toPerSecond: 3200, ...steady } as const;
  const find: Find = { ...usual, objective };
  const story: Story = ({ arm, ratePerSecond }) => {
    if ((ratePerSecond ?? 0) >= 1600) return saturated(1500, cpu);
    return (ratePerSecond ?? 0) >= 800 && arm.target[reuse] === undefined ? broke(9000, exhausted) : held(5);
  };
  const trials = playFind(find, story);
  const found = conclude(find, trials);
  t.deepEqual(found.settings, { [reuse]: "1" });
  t.is(found.bindsNow?.rule, "target-cpu-bound");
  t.is(found.ratePerSecond, 1600);
  t.deepEqual(
    trials.slice(0, 5).map(({ ratePerSecond }) => ratePerSecond),
    [200, 200, 400, 800, 800],
  );
  const confirmed = trials.filter(({ step }) => step.kind === "confirm");
  t.true(confirmed.length > 0 && confirmed.every(({ ratePerSecond }) => ratePerSecond === 800));
});

test("goals that are kept leave nothing to find", (t) => {
  const find: Find = { ...usual, goals: [{ measure: "latencyMs.p99", comparison: "<=", limit: 50 }] };
  const goals = [{ measure: "latencyMs.p99", comparison: "<=", limit: 50, value: 5, kept: true }] as const;
  const trials = playFind(find, () => ({ ...held(5), goals: [...goals] }));
  t.is(trials.length, 2);
  t.deepEqual(conclude(find, trials).ended, { code: "goals-kept" });
});

test("what was the generator's limit says nothing of settings", (t) => {
  const bound = findingOf("generator-bound");
  const trials = playFind(usual, () => held(5, bound));
  t.is(trials.length, 2);
  t.deepEqual(conclude(usual, trials).settings, {});
});

test("a budget that ends before anything was confirmed drops nothing and claims nothing", (t) => {
  const find: Find = { ...usual, mostTrials: 5 };
  const story: Story = ({ arm }) => (arm.target[reuse] === "1" ? held(5) : broke(10_000, exhausted));
  const found = conclude(find, playFind(find, story));
  t.deepEqual(found.ended, { code: "budget", next: "confirm" });
  t.deepEqual([found.settings, found.noEffect, found.bindsNow], [{}, [], null]);
  t.true(found.omitted.some(({ code }) => code === "blocks"));
});

test("settings that the budget left untried are not said to help nothing", (t) => {
  const short = { ...usual, mostTrials: 10 };
  const found = conclude(
    short,
    playFind(short, () => saturated(100)),
  );
  t.deepEqual(found.ended, { code: "budget", next: "group" });
  t.deepEqual(
    found.omitted.map(({ code }) => code),
    ["group-test", "screen"],
  );
});

test("what the findings gave is confirmed before a group test takes the last trials", (t) => {
  const find: Find = { ...usual, mostTrials: 20 };
  const story: Story = ({ arm }) => (arm.target[reuse] === "1" ? saturated(2000) : broke(10_000, exhausted));
  const found = conclude(find, playFind(find, story));
  t.deepEqual(found.settings, { [reuse]: "1" });
  t.true(found.omitted.some(({ code }) => code === "group-test"));
});

test("a key of the suite's own that was named is tried as the finding says, and one that was not is left alone", (t) => {
  const reserved = "net.ipv4.ip_local_reserved_ports";
  const conditions = { target: { [reserved]: "33168-34767", [reuse]: "0" } };
  const listening = { target: [8080] };
  const few = findingOf("port-exhaustion", [
    { kind: "setting", role: "target", key: reuse, value: "1", gain: "cure" },
    { kind: "setting", role: "target", key: reserved, value: "", gain: "room" },
  ]);
  const story: Story = ({ arm }) => (arm.target[reserved] === undefined ? broke(400, few) : held(5));
  const settingsOf = (keys: string[] | null) => {
    const find = { ...usual, conditions, listening, ...findCandidates({ keys, conditions, listening, refused: [] }) };
    return conclude(find, playFind(find, story)).settings;
  };
  t.deepEqual(settingsOf([reserved]), { [reserved]: "8080" });
  t.deepEqual(settingsOf(null), {});
});
