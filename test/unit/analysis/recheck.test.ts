import test from "ava";
import type { Analysis } from "../../../harness/analysis/analysis.ts";
import { recheckSentence } from "../../../harness/report/words/recheck.ts";
import type { TrialRecord } from "../../../harness/results/trial.ts";
import { latency } from "../../helpers/record-parts.ts";
import { portExhaustionRun, storedRun } from "../../helpers/stories.ts";
import { analyze } from "../../helpers/told.ts";
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

const said = ({ recheck }: Pick<Analysis, "recheck">) => (recheck === null ? "" : recheckSentence(recheck));

test("fresh blocks are kept out of the comparison and show what is left of the gain", (t) => {
  const { run, trials } = rechecked(1.2);
  const analysis = analyze(run, trials);
  t.is(analysis.blocks, 8);
  t.is(analysis.profiles[1]?.trials, 8);
  t.is(analysis.profiles[1]?.versusBaseline.sustainedPerSecond?.n, 8);
  t.like(analysis.recheck, { profile: "other", measure: "sustainedPerSecond", again: { n: 3 }, first: { n: 8 } });
  t.is(analysis.recheck?.shrinkage?.toFixed(2), (1 - Math.log(1.2) / Math.log(1.3)).toFixed(2));
  t.is(
    said(analysis),
    "In the confirmation run of 3 fresh blocks, other has 1.20x the throughput (1.30x in the 8 that picked it): 30.6% of the difference was not there again.",
  );
});

test("a gain that is gone, or larger, is said; a wall that is gone again is a bound", (t) => {
  t.regex(said(analyze(rechecked(0.99).run, rechecked(0.99).trials)), /nothing of the difference was left/);
  t.regex(said(analyze(rechecked(1.5).run, rechecked(1.5).trials)), /% more than at first\.$/);
  const { run, trials } = portExhaustionRun(5);
  const fresh = trials.flatMap((trial): TrialRecord[] => {
    if (trial.block < 4) return [trial];
    return ["baseline", "reuse"].includes(trial.profile) ? [{ ...trial, purpose: "recheck" }] : [];
  });
  const recheck = analyze(run, fresh).recheck;
  t.like(recheck, { profile: "reuse", measure: "requestsBeforeWall", shrinkage: null });
  t.is(
    said({ recheck }),
    "In the confirmation run of 2 fresh blocks, reuse has at least 5.31x the requests before the wall (at least 5.31x in the 3 that picked it).",
  );
});

test("the recheck is of the measure that was won, not of the one with the largest ratio", (t) => {
  const { run, trials } = rechecked(1.2);
  // The p99 is lower by chance in the blocks that picked the winner: noise, no verdict.
  const noisy = trials.map((trial): TrialRecord => {
    if (trial.profile === "baseline" || trial.block > 8) return trial;
    const factor = 0.6 * Math.exp(0.8 * Math.sin(trial.block * 7.1));
    return { ...trial, measures: { ...trial.measures, latencyMs: latency(1.5 * factor) } };
  });
  const analysis = analyze(run, noisy);
  const versus = analysis.profiles[1]?.versusBaseline;
  t.is(versus?.["latencyMs.p99"]?.verdict, "inconclusive");
  t.true((versus?.["latencyMs.p99"]?.ratio ?? 1) < 1 / 1.35, "the larger gain, if it were one");
  t.is(analysis.recheck?.measure, "sustainedPerSecond");
});

test("without fresh blocks there is no recheck", (t) => {
  const { run, trials } = portExhaustionRun(2);
  t.is(analyze(run, trials).recheck, null);
});
