import test from "ava";
import fc from "fast-check";
import {
  type ConntrackReading,
  conntrackWait,
  longestWaitMs,
} from "../../../../harness/testbeds/kubernetes/conntrack-wait.ts";

/** A trial of 60 s that opens 1,000 connections a second on a node that has 2,000 of its own. */
const trial: ConntrackReading[] = Array.from({ length: 61 }, (_, second) => ({
  atMs: second * 1000,
  entries: 2000 + second * 1000,
  max: 131_072,
}));

test("nothing was read: no wait", (t) => {
  t.is(conntrackWait([], 1000, 60_000), null);
});

test("there is room for the next trial: no wait", (t) => {
  t.is(conntrackWait(trial, 61_000, 50_000), null);
  t.is(conntrackWait(trial, 61_000, 0), null);
});

test("the wait ends when enough of the last trial's connections are forgotten, not all", (t) => {
  // 62,000 are there, 117,964 may be, 75,000 are wanted: 19,036 must go, which were there at 20 s and are gone at 140 s.
  const wait = conntrackWait(trial, 61_000, 75_000);
  t.is(wait?.waitMs, 140_000 - 61_000);
  t.is(
    wait?.words,
    "the node tracks 62,000 of at most 131,072 connections: waiting 79 s until those of the last trial are forgotten",
  );
});

test("without an expectation the next trial opens as many as the last", (t) => {
  const full = trial.map((reading) => ({ ...reading, max: 100_000 }));
  t.deepEqual(conntrackWait(full, 61_000, null), conntrackWait(full, 61_000, 60_000));
  t.is(conntrackWait(full, 61_000, null)?.waitMs, 152_000 - 61_000);
});

test("time that went by already counts: later the wait is shorter, then none", (t) => {
  t.is(conntrackWait(trial, 101_000, 75_000)?.waitMs, 39_000);
  t.is(conntrackWait(trial, 140_000, 75_000), null);
  t.is(conntrackWait(trial, 1_000_000, 75_000), null);
});

test("what never fits is waited for until the last trial's connections are gone, and that is said", (t) => {
  const wait = conntrackWait(trial, 61_000, 500_000);
  t.is(wait?.waitMs, 180_000 - 61_000);
  t.regex(wait?.words ?? "", /even then there is no room for the 500,000 of the next$/);
});

test("a trial longer than 120 s: the table stays level, and the wait lasts until all of it can be gone", (t) => {
  const level = Array.from({ length: 301 }, (_, second) => ({
    atMs: second * 1000,
    entries: Math.min(second, 120) * 800,
    max: 131_072,
  }));
  t.is(conntrackWait(level, 300_000, 96_000)?.waitMs, 120_000);
});

test("never negative, never over 130 s, and a greater trial never waits less", (t) => {
  const readings = fc
    .array(fc.record({ atMs: fc.nat(600_000), entries: fc.nat(300_000) }), { minLength: 1, maxLength: 50 })
    .map((rows) => rows.sort((a, b) => a.atMs - b.atMs).map((row) => ({ ...row, max: 131_072 })));
  fc.assert(
    fc.property(readings, fc.nat(200_000), fc.nat(200_000), fc.nat(200_000), (rows, laterMs, expected, more) => {
      const nowMs = (rows.at(-1)?.atMs ?? 0) + laterMs;
      const wait = conntrackWait(rows, nowMs, expected)?.waitMs ?? 0;
      const longer = conntrackWait(rows, nowMs, expected + more)?.waitMs ?? 0;
      t.true(wait >= 0 && wait <= longestWaitMs);
      t.true(longer >= wait, `${longer} >= ${wait}`);
    }),
  );
});
