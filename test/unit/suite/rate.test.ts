import test from "ava";
import fc from "fast-check";
import { msForRequests, peakPerSecond, rampEndMs, requestsBy } from "../../../harness/suite/rate.ts";
import type { RateShape } from "../../../harness/suite/suite.ts";

const ramp: RateShape = { kind: "ramp", fromPerSecond: 500, toPerSecond: 3000, rampMs: 5000 };
const bursts: RateShape = { kind: "bursts", basePerSecond: 100, burstPerSecond: 4000, burstMs: 500, everyMs: 3000 };

test("a ramp adds up to the area under it", (t) => {
  t.is(requestsBy(ramp, 5000), 8750);
  t.is(requestsBy(ramp, 6000), 11_750);
  t.is(requestsBy(ramp, 2500), 2812.5);
  t.is(msForRequests(ramp, 11_750), 6000);
  t.is(peakPerSecond(ramp), 3000);
  t.is(rampEndMs(ramp), 5000);
});

test("bursts end their periods", (t) => {
  t.is(requestsBy(bursts, 2500), 250);
  t.is(requestsBy(bursts, 3000), 2250);
  t.is(requestsBy(bursts, 6000), 4500);
  t.is(msForRequests(bursts, 2250 + 100), 4000);
  t.is(peakPerSecond(bursts), 4000);
  t.is(rampEndMs(bursts), 0);
});

test("phases come one after the other, and the last one stays", (t) => {
  const phases = [
    { perSecond: 100, lastingMs: 2000 },
    { perSecond: 500, lastingMs: 1000 },
    { perSecond: 10, lastingMs: 1000 },
  ];
  const rate: RateShape = { kind: "phases", phases };
  t.deepEqual(
    [1000, 2000, 2500, 3000, 4000, 6000].map((ms) => requestsBy(rate, ms)),
    [100, 200, 450, 700, 710, 730],
  );
  t.deepEqual(
    [100, 200, 450, 700, 730].map((n) => msForRequests(rate, n)),
    [1000, 2000, 2500, 3000, 6000],
  );
  t.is(peakPerSecond(rate), 500);
  t.is(rampEndMs(rate), 0);
});

const perSecond = fc.integer({ min: 1, max: 100_000 });
const anyRate: fc.Arbitrary<RateShape> = fc.oneof(
  fc.record({ kind: fc.constant("constant" as const), perSecond }),
  fc.record({
    kind: fc.constant("ramp" as const),
    fromPerSecond: perSecond,
    toPerSecond: perSecond,
    rampMs: fc.integer({ min: 1, max: 600_000 }),
  }),
  fc
    .record({
      kind: fc.constant("bursts" as const),
      basePerSecond: perSecond,
      burstPerSecond: perSecond,
      burstMs: fc.integer({ min: 1, max: 60_000 }),
      quietMs: fc.integer({ min: 1, max: 60_000 }),
    })
    .map(({ quietMs, ...rate }) => ({ ...rate, everyMs: rate.burstMs + quietMs })),
  fc.record({
    kind: fc.constant("phases" as const),
    phases: fc.array(fc.record({ perSecond, lastingMs: fc.integer({ min: 1, max: 600_000 }) }), {
      minLength: 1,
      maxLength: 5,
    }),
  }),
);

test("the time of the n-th request is the time by which n are asked for", (t) => {
  const n = fc.double({ min: 0.1, max: 1e7, noNaN: true });
  const property = fc.property(
    anyRate,
    n,
    (rate, n) => Math.abs(requestsBy(rate, msForRequests(rate, n)) - n) <= 1e-6 * n + 1e-6,
  );
  t.notThrows(() => fc.assert(property, { numRuns: 1000 }));
});

test("requests never go back, and never come faster than the peak", (t) => {
  const ms = fc.double({ min: 0, max: 1e6, noNaN: true });
  const property = fc.property(anyRate, ms, ms, (rate, from, length) => {
    const more = requestsBy(rate, from + length) - requestsBy(rate, from);
    return more >= -1e-6 && more <= (peakPerSecond(rate) * length) / 1000 + 1e-3;
  });
  t.notThrows(() => fc.assert(property, { numRuns: 1000 }));
});
