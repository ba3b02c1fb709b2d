import test from "ava";
import fc from "fast-check";
import { looksFor } from "../../../harness/stats/interim-analyses.ts";

test("three looks, the first where the exact test can reach its share of the level", (t) => {
  // 2 / 2^9 = 0.0039 is the first below 0.05 / 3 / 3 = 0.0056.
  t.deepEqual(looksFor({ min: 6, max: 20, comparisons: 3 }), [9, 15, 20]);
  t.deepEqual(looksFor({ min: 12, max: 20, comparisons: 3 }), [12, 16, 20]);
});

test("fewer where there is no room for three, none where there is no room for two", (t) => {
  t.deepEqual(looksFor({ min: 2, max: 9, comparisons: 1 }), [7, 8, 9]);
  t.deepEqual(looksFor({ min: 2, max: 8, comparisons: 1 }), [7, 8]);
  t.deepEqual(looksFor({ min: 2, max: 7, comparisons: 1 }), []);
});

test("none where nothing is asked or compared", (t) => {
  t.deepEqual(looksFor({ min: 20, max: 20, comparisons: 3 }), []);
  t.deepEqual(looksFor({ min: 6, max: 20, comparisons: 0 }), []);
});

test("looks rise, lie within what was asked, end with the most blocks, and each can decide", (t) => {
  const request = fc.record({
    min: fc.integer({ min: 1, max: 1000 }),
    max: fc.integer({ min: 1, max: 1000 }),
    comparisons: fc.integer({ min: 0, max: 4000 }),
  });
  const property = fc.property(request, (asked) => {
    const looks = looksFor(asked);
    if (looks.length === 0) return true;
    const share = 0.05 / looks.length / asked.comparisons;
    const rising = looks.every((look, i) => i === 0 || look > (looks[i - 1] ?? look));
    const able = looks.every((look) => look >= asked.min && 2 / 2 ** look <= share);
    return looks.length >= 2 && looks.length <= 3 && rising && able && looks.at(-1) === asked.max;
  });
  t.notThrows(() => fc.assert(property, { numRuns: 2000 }));
});
