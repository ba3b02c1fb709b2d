/**
 * 100,000 mutated suite files, and 20,000 with any value at any place: each is a suite that can be planned or faults with their
 * places, never a stack, never a hang.
 */
import test from "ava";
import fc from "fast-check";
import { misplacedValue } from "../helpers/misplaced-values.ts";
import { answers, mutatedSuite } from "../helpers/suite-mutations.ts";

const mutations = 100_000;
/** Tests of their own, so that one that hangs is found within ava's limit. */
const parts = 20;

for (let part = 1; part <= parts; part++) {
  test.serial(`part ${part} of ${parts}: ${mutations / parts} mutations of suite files`, (t) => {
    t.timeout(600_000);
    t.notThrows(() => fc.assert(fc.property(mutatedSuite, answers), { numRuns: mutations / parts }));
  });
}

test.serial("any value at any place of a suite", (t) => {
  t.timeout(600_000);
  t.notThrows(() => fc.assert(fc.property(misplacedValue, answers), { numRuns: 20_000 }));
});
