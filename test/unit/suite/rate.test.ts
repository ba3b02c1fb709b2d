import test from "ava";
import fc from "fast-check";
import type { Rate } from "../../../harness/suite/rate.ts";
import {
  burstsRate,
  constantRate,
  msForRequests,
  peakPerSecond,
  phasesRate,
  rampEndMs,
  rampRate,
  requestsBy,
  settledMs,
  stagesWithin,
} from "../../../harness/suite/rate.ts";

const ramp: Rate = rampRate(500, 3000, 5000);
const bursts: Rate = burstsRate({ basePerSecond: 100, burstPerSecond: 4000, burstMs: 500, everyMs: 3000 });

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
  const rate: Rate = phasesRate(phases);
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
const anyRate: fc.Arbitrary<Rate> = fc.oneof(
  perSecond.map(constantRate),
  fc
    .tuple(perSecond, perSecond, fc.integer({ min: 1, max: 600_000 }))
    .map(([from, to, rampMs]) => rampRate(from, to, rampMs)),
  fc
    .record({
      basePerSecond: perSecond,
      burstPerSecond: perSecond,
      burstMs: fc.integer({ min: 1, max: 60_000 }),
      quietMs: fc.integer({ min: 1, max: 60_000 }),
    })
    .map(({ quietMs, ...rate }) => burstsRate({ ...rate, everyMs: rate.burstMs + quietMs })),
  fc
    .array(fc.record({ perSecond, lastingMs: fc.integer({ min: 1, max: 600_000 }) }), { minLength: 1, maxLength: 5 })
    .map(phasesRate),
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

test("the stages within a load add up to what is asked for in it, and last as long", (t) => {
  const ms = fc.integer({ min: 1, max: 1_000_000 });
  const property = fc.property(anyRate, ms, (rate, lastsMs) => {
    const stages = stagesWithin(rate, Math.min(lastsMs, 50 * (settledMs(rate) || lastsMs)));
    const length = stages.reduce((sum, stage) => sum + stage.ms, 0);
    const same = requestsBy({ ...rate, stages, repeats: false }, length);
    return Math.abs(same - requestsBy(rate, length)) <= 1e-6 * same + 1e-6 && length <= lastsMs + 1e-6;
  });
  t.notThrows(() => fc.assert(property, { numRuns: 300 }));
});
