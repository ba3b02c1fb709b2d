import test from "ava";
import { analyze } from "../../../harness/analysis/analyze.ts";
import type { TrialRecord } from "../../../harness/results/trial.ts";
import { portExhaustionRun, storedRun } from "../../helpers/stories.ts";
import { profileRecord, trialRecord } from "../../helpers/trial-builder.ts";

/** Eight blocks with 1.3x, then three fresh ones with what is asked. */
function rechecked(again: number) {
  const rate = (profile: string, block: number) =>
    3000 * (profile === "baseline" ? 1 : block > 8 ? again : 1.3) + block;
  const story = storedRun(11, [
    [
      profileRecord("baseline"),
      (o, block) => trialRecord({ ...o, measures: { sustainedPerSecond: rate("baseline", block) } }),
    ],
    [
      profileRecord("other"),
      (o, block) => trialRecord({ ...o, measures: { sustainedPerSecond: rate("other", block) } }),
    ],
  ]);
  const trials = story.trials.map((trial): TrialRecord => (trial.block > 8 ? { ...trial, purpose: "recheck" } : trial));
  return { run: { ...story.run, blocks: 8, recheckBlocks: 3, order: story.run.order.slice(0, 16) }, trials };
}

test("fresh blocks are kept out of the comparison and show what is left of the gain", (t) => {
  const { run, trials } = rechecked(1.2);
  const analysis = analyze(run, trials);
  t.is(analysis.blocks, 8);
  t.is(analysis.profiles[1]?.trials, 8);
  t.is(analysis.profiles[1]?.versusBaseline.sustainedPerSecond?.n, 8);
  t.like(analysis.recheck, { profile: "other", measure: "sustainedPerSecond", again: { n: 3 }, first: { n: 8 } });
  t.is(analysis.recheck?.shrinkage?.toFixed(2), (1 - Math.log(1.2) / Math.log(1.3)).toFixed(2));
  t.is(
    analysis.recheck?.sentence,
    "Rechecked in 3 fresh blocks, other has 1.20x the successes a second (1.30x in the 8 that picked it): 31% of the difference was not there again.",
  );
});

test("a gain that is gone, or larger, is said; a wall that is gone again is a bound", (t) => {
  t.regex(
    analyze(rechecked(0.99).run, rechecked(0.99).trials).recheck?.sentence ?? "",
    /nothing of the difference was left/,
  );
  t.regex(analyze(rechecked(1.5).run, rechecked(1.5).trials).recheck?.sentence ?? "", /% more than at first\.$/);
  const { run, trials } = portExhaustionRun(5);
  const fresh = trials.flatMap((trial): TrialRecord[] => {
    if (trial.block < 4) return [trial];
    return ["baseline", "reuse"].includes(trial.profile) ? [{ ...trial, purpose: "recheck" }] : [];
  });
  const recheck = analyze(run, fresh).recheck;
  t.like(recheck, { profile: "reuse", measure: "requestsBeforeWall", shrinkage: null });
  t.is(
    recheck?.sentence,
    "Rechecked in 2 fresh blocks, reuse has at least 5.3x the requests before the wall (at least 5.3x in the 3 that picked it).",
  );
});

test("without fresh blocks there is no recheck", (t) => {
  const { run, trials } = portExhaustionRun(2);
  t.is(analyze(run, trials).recheck, null);
});
