import test from "ava";
import fc from "fast-check";
import { armName } from "../../../harness/find/arm.ts";
import { conclude } from "../../../harness/find/conclude.ts";
import { nextMove } from "../../../harness/find/next-move.ts";
import type { Find } from "../../../harness/results/find.ts";
import { answered, broke, playFind } from "../../helpers/find-story.ts";
import { answering, type SyntheticService, syntheticFind } from "../../helpers/synthetic-service.ts";

const pair: SyntheticService = { gain: (has) => (has(2) && has(5) ? 0.3 : 0), right: [[2, 5]], bound: null };
const find = syntheticFind(8);
const answer = answering(pair, { noise: 0.05, seed: 3 });
const trials = playFind(find, (trial) => answer(trial, 1));

test("a find that was cut off anywhere goes on as if it had not been, and says what is known", (t) => {
  trials.forEach((trial, done) => {
    const before = trials.slice(0, done);
    const move = nextMove(find, before.toReversed());
    t.like(move, { kind: "trial", trial: { arm: trial.arm, step: trial.step, block: trial.block, attempt: 1 } });
    t.is(conclude(find, before).ended, null);
  });
  t.deepEqual(conclude(find, trials).settings, { "net.ipv4.k2": "1", "net.ipv4.k5": "1" });
});

test("the path has every trial once, in its order", (t) => {
  const { path } = conclude(find, trials);
  const told = path.filter(({ kind }) => kind !== "confirm").flatMap((step) => step.trials);
  t.deepEqual(
    told,
    trials.filter(({ step }) => step.kind !== "confirm").map(({ sequence }) => sequence),
  );
});

test("no block holds a set of changes twice: one of the two would be taken for a repeat of a disturbed one", (t) => {
  const places = trials.map(({ block, arm }) => `${block} ${armName(arm)}`);
  t.deepEqual(
    places.filter((place, index) => places.indexOf(place) !== index),
    [],
  );
});

test("an invalid trial is run again, three times at most", (t) => {
  const first = nextMove(find, []);
  if (first.kind === "done") return t.fail();
  const invalid = (sequence: number) => ({ ...answered(first.trial, () => broke(1), sequence), valid: false });
  t.like(nextMove(find, [invalid(1)]), { trial: { attempt: 2, step: { kind: "baseline" } } });
  t.deepEqual(nextMove(find, [1, 2, 3].map(invalid)), { kind: "done", reason: { code: "invalid", trials: 3 } });
});

test("a find never asks for more trials than its budget holds", (t) => {
  const property = fc.property(
    fc.integer({ min: 1, max: 70 }),
    fc.integer({ min: 1, max: 20 }),
    fc.integer({ min: 1, max: 10_000 }),
    (budget, candidates, seed) => {
      const byTime: Find = { ...syntheticFind(candidates, { seed }), mostTrials: null, budgetMs: budget * 20_000 };
      const byCount = { ...syntheticFind(candidates, { seed }), mostTrials: budget };
      const own = (which: Find) => {
        const respond = answering(pair, { noise: 0.05, seed });
        return playFind(which, (trial) => respond(trial, 1)).length;
      };
      // Before the first trial nobody knows how long one takes.
      return own(byTime) <= Math.max(1, budget) && own(byCount) <= budget;
    },
  );
  t.notThrows(() => fc.assert(property, { numRuns: 25 }));
});

test("a short budget leaves out the group test first, then blocks of the confirmation, and says so", (t) => {
  const known = (mostTrials: number) => {
    const short = { ...find, mostTrials };
    const respond = answering(pair, { noise: 0.02, seed: 3 });
    return conclude(
      short,
      playFind(short, (trial) => respond(trial, 1)),
    ).omitted.map(({ code }) => code);
  };
  t.deepEqual(known(200), []);
  t.deepEqual(known(58), ["blocks"]);
  t.deepEqual(known(45), ["group-test", "blocks"]);
});
