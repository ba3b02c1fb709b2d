import test from "ava";
import fc from "fast-check";
import { forecast, growth } from "../../../harness/observe/forecast.ts";

/** A service that makes so many TIME_WAITs a second, after so many seconds of that: those of each of the last 60 seconds. */
const endingAfter = (perSecond: number, seconds: number) =>
  Array.from({ length: 60 }, (_, second) => (second >= 60 - seconds ? perSecond : 0));

const after = (perSecond: number, seconds: number, of: number, heldPerSecond = 0) =>
  forecast({
    ...{
      used: perSecond * Math.min(60, seconds) + heldPerSecond * seconds,
      of,
      heldPerSecond,
      madePerSecond: perSecond,
    },
    ending: endingAfter(perSecond, seconds),
  });

test("what is opened fills the range where it is full before the first of it ends", (t) => {
  t.is(Math.round(after(500, 20, 28_232).secondsToFull ?? 0), 36);
  t.is(after(500, 20, 28_232).levelsOffAt, null);
});

test("a rate whose minute has room levels off: from opening alone it would be full in less than two minutes", (t) => {
  t.deepEqual(after(280, 20, 28_232), { secondsToFull: null, levelsOffAt: 16_800 });
  t.deepEqual(after(280, 300, 28_232).levelsOffAt, 16_800);
});

test("what is held goes on growing after the minute", (t) => {
  const { secondsToFull, levelsOffAt } = after(0, 10, 2_000, 10);
  t.is(secondsToFull, 190);
  t.is(levelsOffAt, null);
});

test("TIME_WAITs of a load that is over only leave", (t) => {
  const ending = endingAfter(500, 50);
  t.deepEqual(forecast({ used: 25_000, of: 28_232, madePerSecond: 0, heldPerSecond: 0, ending }), {
    secondsToFull: null,
    levelsOffAt: 0,
  });
});

test("a burst that ends soon makes room for what is opened meanwhile", (t) => {
  const ending = [20_000, ...new Array<number>(59).fill(0)];
  const seen = forecast({ used: 27_000, of: 28_232, madePerSecond: 200, heldPerSecond: 0, ending });
  t.is(seen.secondsToFull, null);
  t.is(seen.levelsOffAt, 19_000);
});

test("full is full", (t) => {
  t.is(forecast({ used: 4, of: 4, madePerSecond: 0, heldPerSecond: 0, ending: [] }).secondsToFull, 0);
});

test("it fills or levels off, as the same second by second would", (t) => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 600 }), fc.integer({ min: 1, max: 120 }), (perSecond, seconds) => {
      const of = 28_232;
      const made = Math.min(60, seconds);
      const { secondsToFull, levelsOffAt } = after(perSecond, made, of);
      if (perSecond * made >= 0.99 * of) return t.is(secondsToFull, 0);
      if (perSecond * 60 >= of) return t.true(Math.abs((secondsToFull ?? 0) - (of / perSecond - made)) <= 1);
      return t.is(levelsOffAt, perSecond * 60);
    }),
  );
});

const points = (values: number[]) => values.map((value, second) => ({ atMs: second * 1000, value }));

test("growth is told from unrest", (t) => {
  t.is(growth(points([1])), null);
  t.is(growth(points([100, 110, 120, 130, 140])), 10);
  t.is(growth(points([100, 130, 90, 125, 95, 120])), 0);
  t.is(growth(points([10_000, 10_020])), 0);
  t.is(growth(points([10_000, 10_500])), 500);
});
