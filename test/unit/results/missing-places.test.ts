import test from "ava";
import { caveatSentence } from "../../../harness/report/words/caveats.ts";
import { missingPlaces } from "../../../harness/results/missing-places.ts";
import { runRecord, trialRecord } from "../../helpers/trial-builder.ts";

const ended = { at: "2026-11-21T09:00:00.000Z", reason: "done" as const, why: [] };

/** Three blocks of a and b, a the baseline. */
const order = [1, 2, 3].flatMap((block) =>
  ["a", "b"].map((profile, i) => ({ sequence: block * 2 - 1 + i, block, profile })),
);
const trials = order.map((planned) => trialRecord(planned));
const runOf = (overrides: Parameters<typeof runRecord>[0] = {}) =>
  runRecord({ order, blocks: 3, looks: [], baseline: "a", profiles: ["a", "b"], ended, ...overrides });

test("what a run that is done does not hold is missing, a whole last block too", (t) => {
  t.deepEqual(missingPlaces(runOf(), trials), []);
  const left = trials.filter(({ block, profile }) => block < 3 && !(block === 1 && profile === "b"));
  t.deepEqual(missingPlaces(runOf(), left), [
    { block: 1, profile: "b" },
    { block: 3, profile: "a" },
    { block: 3, profile: "b" },
  ]);
  const words = (stored: typeof trials) =>
    caveatSentence({ code: "missing-trials", places: missingPlaces(runOf(), stored) });
  t.regex(words(left), /: b in block 1, a in block 3, b in block 3;/);
  t.regex(words([]), /: a in block 1, b in block 1, a in block 2, b in block 2, a in block 3, 1 more;/);
});

test("what may be still to come is not: a run that was cut off, or that ended at a look", (t) => {
  t.deepEqual(missingPlaces(runOf({ ended: null }), trials.slice(0, 3)), []);
  t.deepEqual(missingPlaces(runOf({ ended: { ...ended, reason: "interrupted" } }), trials.slice(0, 3)), []);
  t.deepEqual(missingPlaces(runOf({ looks: [2, 3] }), trials.slice(0, 4)), []);
  t.deepEqual(missingPlaces(runOf({ looks: [2, 3] }), trials.slice(0, 3)), [{ block: 2, profile: "b" }]);
});

test("of a run with looks a whole last block is missing, too, unless it ended at the look before", (t) => {
  t.deepEqual(missingPlaces(runOf({ looks: [1, 3] }), trials.slice(0, 4)), [
    { block: 3, profile: "a" },
    { block: 3, profile: "b" },
  ]);
  t.deepEqual(missingPlaces(runOf({ looks: [1, 3] }), trials.slice(0, 2)), []);
});

test("a recheck's blocks hold winner and baseline", (t) => {
  const run = runOf({ looks: [2, 3], recheckBlocks: 2 });
  const recheck = [4, 5].map((block) => trialRecord({ block, profile: "b", purpose: "recheck" }));
  t.deepEqual(missingPlaces(run, [...trials.slice(0, 4), ...recheck.slice(1)]), [
    { block: 4, profile: "a" },
    { block: 4, profile: "b" },
    { block: 5, profile: "a" },
  ]);
});
