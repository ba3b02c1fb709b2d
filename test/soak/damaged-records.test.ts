/** The long form of test/unit/results/damage.test.ts: 1,500 changed bits and 500 cuts of each record, from any seed. */
import test from "ava";
import { changedBits, cuts, recordFiles } from "../helpers/damaged-records.ts";

for (const name of recordFiles) {
  test.serial(`${name}: 1,500 changed bits`, async (t) => {
    t.timeout(600_000);
    await changedBits(t, name, { numRuns: 1500 });
  });

  test.serial(`${name}: 500 cuts`, async (t) => {
    t.timeout(600_000);
    await cuts(t, name, { numRuns: 500 });
  });
}
