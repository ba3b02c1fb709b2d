import test from "ava";
import { makePlan } from "../../../harness/plan/make-plan.ts";
import { defaultBuckets, portBudget } from "../../../harness/plan/port-budget.ts";
import { predictWalls } from "../../../harness/plan/predict.ts";
import { msUntilHeld } from "../../../harness/plan/time-waits.ts";
import { caveatSentence } from "../../../harness/report/words/caveats.ts";
import { burstsRate, constantRate, phasesRate, rampRate } from "../../../harness/suite/rate.ts";
import type { Suite } from "../../../harness/suite/suite.ts";
import { suiteFrom } from "../../helpers/suite-files.ts";

/** Whole ms: what the arithmetic of floating point leaves the same. */
function milliseconds(seconds: number | null | undefined): number | null {
  return typeof seconds === "number" ? Math.round(seconds * 1000) : null;
}

const memoryBytes = 32 * 2 ** 30;

function wallsOf(suite: Suite, name: string) {
  const profile = suite.profiles.find((each) => each.name === name);
  if (profile === undefined) throw new Error(`no profile ${name}`);
  return predictWalls(suite, profile);
}

/** ports.yaml with another line for the profile "range". */
function withRange(profile: string, change = (text: string) => text): Suite {
  return suiteFrom("ports", (text) => change(text.replace(/^ {2}range: .*$/m, `  range: ${profile}`)));
}

test("a fresh namespace's 28,232 ports: cliff at half, wall at all, when a ramp has asked for so many", (t) => {
  const walls = wallsOf(suiteFrom("ports"), "baseline");
  t.like(walls, { usablePorts: 28_232, cliffPorts: 14_116, wallPorts: 28_232, bucketsBelowPorts: false });
  t.is(milliseconds(walls.cliffSeconds), milliseconds(5 + (14_116 - 8750) / 3000));
  t.is(milliseconds(walls.wallSeconds), milliseconds(5 + (28_232 - 8750) / 3000));
  t.is(Math.floor(walls.sustainablePerSecond), 470);
});

test("reuse takes both walls away; it needs timestamps, and 2 is loopback only", (t) => {
  const reuse = wallsOf(suiteFrom("ports"), "reuse");
  t.like(reuse, {
    cliffPorts: null,
    cliffSeconds: null,
    wallPorts: null,
    wallSeconds: null,
    sustainablePerSecond: 28_232,
  });
  t.is(wallsOf(withRange("{net.ipv4.tcp_tw_reuse: 1, net.ipv4.tcp_timestamps: 0}"), "range").wallPorts, 28_232);
  t.is(wallsOf(withRange("{net.ipv4.tcp_tw_reuse: 2}"), "range").wallPorts, 28_232);
  const slow = wallsOf(withRange("{net.ipv4.tcp_tw_reuse: 1, net.ipv4.tcp_tw_reuse_delay: 2000}"), "range");
  t.is(slow.sustainablePerSecond, 14_116);
  for (const refused of ["0", "60001", "-1"]) {
    const delay = `{net.ipv4.tcp_tw_reuse: 1, net.ipv4.tcp_tw_reuse_delay: "${refused}"}`;
    t.is(wallsOf(withRange(delay), "range").sustainablePerSecond, 28_232, `${refused}: the kernel refuses it`);
  }
});

test("a wide range moves the walls, reserved ports take from it", (t) => {
  t.like(wallsOf(suiteFrom("ports"), "range"), { usablePorts: 64_512, cliffPorts: 32_256, wallPorts: 64_512 });
  const reserved =
    "{net.ipv4.ip_local_port_range: 40000 40999, net.ipv4.ip_local_reserved_ports: '39990-40009,40005,40500'}";
  t.is(wallsOf(withRange(reserved), "range").usablePorts, 1000 - 11);
});

test("too few buckets are a fake win and no wall", (t) => {
  const suite = withRange("{net.ipv4.tcp_max_tw_buckets: 20000}");
  t.like(wallsOf(suite, "range"), { wallPorts: null, wallSeconds: null, cliffPorts: 14_116, bucketsBelowPorts: true });
  const { caveats } = makePlan(suite, { seed: 1, memoryBytes });
  t.deepEqual(
    caveats.find((caveat) => caveat.code === "buckets-below-ports"),
    { code: "buckets-below-ports", buckets: 20_000, ports: 28_232, profiles: ["range"] },
  );
});

test("the suite's own settings of the target count, the profile's over them", (t) => {
  const suite = suiteFrom("ports", (text) =>
    text.replace("port: 8080", "port: 8080\n  sysctls: {net.ipv4.tcp_tw_reuse: 1}"),
  );
  t.is(wallsOf(suite, "baseline").wallPorts, null);
});

test("a rate that gives ports back as fast as it takes them never reaches a wall", (t) => {
  t.is(msUntilHeld(constantRate(470), 28_232), null);
  const reached = msUntilHeld(constantRate(471), 28_232);
  t.true(reached !== null && reached > 59_900 && reached <= 60_000);
});

test("a slow ramp reaches the wall when a minute of it holds all ports", (t) => {
  const rate = rampRate(1, 1000, 600_000);
  const ms = msUntilHeld(rate, 28_232) ?? Number.NaN;
  // The mean rate of the last minute is the ports over 60 s, half a minute before its end.
  const expectedMs = ((28_232 / 60 - 1) / 999) * 600_000 + 30_000;
  t.true(Math.abs(ms - expectedMs) < 200, `${ms} against ${expectedMs}`);
});

test("a late peak reaches the wall that the phases before it do not", (t) => {
  const quiet = { perSecond: 400, lastingMs: 600_000 };
  t.is(msUntilHeld(phasesRate([quiet]), 28_232), null);
  const peak = { perSecond: 1500, lastingMs: 30_000 };
  const ms = msUntilHeld(phasesRate([quiet, peak, quiet]), 28_232) ?? Number.NaN;
  // 24,000 are held at the peak's start, and it adds 1,100 a second.
  const expectedMs = 600_000 + ((28_232 - 24_000) / 1100) * 1000;
  t.true(Math.abs(ms - expectedMs) < 200, `${ms} against ${expectedMs}`);
});

test("rare bursts fill no ports, dense ones do", (t) => {
  const every = (everyMs: number) => burstsRate({ basePerSecond: 1, burstPerSecond: 4000, burstMs: 1000, everyMs });
  t.is(msUntilHeld(every(10_000), 28_232), null);
  t.true((msUntilHeld(every(5000), 28_232) ?? 0) > 30_000);
});

test("a target without upstreams has no port walls and no doubts about them", (t) => {
  const plan = makePlan(suiteFrom("factors"), { seed: 1, blocks: 11, memoryBytes });
  for (const walls of plan.predictions) t.like(walls, { cliffPorts: null, wallPorts: null, wallSeconds: null });
  t.deepEqual(plan.caveats, []);
});

test("a stop bound before a wall is a caveat", (t) => {
  const suite = suiteFrom("ports", (text) => text.replace("requests: 150000", "requests: 20000"));
  const plan = makePlan(suite, { seed: 1, blocks: 9, memoryBytes });
  t.deepEqual(
    plan.caveats.map((caveat) => caveat.code),
    ["stop-before-wall"],
  );
  const [warning] = plan.caveats;
  t.regex(
    warning === undefined ? "" : caveatSentence(warning),
    /20,000 requests.*baseline \(28,232 requests, 11\.5 s\), range.*, backlog/,
  );
  t.is(plan.predictions[0]?.wallSeconds, null);
  t.is(milliseconds(plan.predictions[0]?.cliffSeconds), milliseconds(5 + (14_116 - 8750) / 3000));
});

test("without kept connections the generator's own ports run out first", (t) => {
  const change = (text: string) => text.replace("script: load.ts", "script: load.ts\n  keepConnections: false");
  const code = "generator-ports-first";
  const caveats = (suite: Suite) =>
    makePlan(suite, { seed: 1, blocks: 9, memoryBytes }).caveats.map((caveat) => caveat.code);
  t.deepEqual(caveats(suiteFrom("ports", change)), [code]);
  t.deepEqual(caveats(suiteFrom("ports")), []);
  const widened = suiteFrom("ports", (text) => `${change(text)}generator: {sysctls: {net.ipv4.tcp_tw_reuse: 1}}\n`);
  t.deepEqual(caveats(widened), []);
});

test("too few blocks for a verdict are said before the run: seven for one profile, nine for four", (t) => {
  const codes = (profiles: string[], blocks: number) =>
    makePlan(suiteFrom("ports"), { seed: 1, blocks, profiles, memoryBytes }).caveats.map((caveat) => caveat.code);
  t.deepEqual(codes(["reuse"], 6), ["too-few-blocks-planned"]);
  t.deepEqual(codes(["reuse"], 7), []);
  t.deepEqual(codes(["reuse", "range", "backlog", "all"], 8), ["too-few-blocks-planned"]);
  t.deepEqual(codes(["reuse", "range", "backlog", "all"], 9), []);
  t.deepEqual(codes(["baseline"], 1), []);
});

test("the kernel's default of tcp_max_tw_buckets follows from memory", (t) => {
  t.is(defaultBuckets(4 * 2 ** 30), 16_384);
  // As measured: a machine of 24,684,092 kB has 131,072.
  t.is(defaultBuckets(24_684_092 * 1024), 131_072);
  t.is(defaultBuckets(2 ** 40), 262_144);
  const { caveats } = makePlan(suiteFrom("ports"), { seed: 1, blocks: 9, memoryBytes: 4 * 2 ** 30 });
  t.deepEqual(
    caveats.map((caveat) => caveat.code),
    ["default-buckets-below-ports"],
  );
});

test("what the kernel would refuse counts as its default", (t) => {
  for (const range of ["60999 32768", "0 65535", "1024", "1024 99999", "a b"]) {
    t.is(portBudget({ "net.ipv4.ip_local_port_range": range }).usable, 28_232, range);
  }
});
