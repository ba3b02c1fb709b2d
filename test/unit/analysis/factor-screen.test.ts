import test from "ava";
import { foldedRuns } from "../../../harness/core/plackett-burman.ts";
import { screenSentence } from "../../../harness/report/words/effects.ts";
import type { RunRecord } from "../../../harness/results/run.ts";
import { normals } from "../../../harness/stats/normals.ts";
import { storedRun } from "../../helpers/stories.ts";
import { analyze } from "../../helpers/told.ts";
import { profileRecord, trialRecord } from "../../helpers/trial-builder.ts";

const throughput: RunRecord["judged"] = [{ name: "sustainedPerSecond", direction: "higher", tolerance: 0.05 }];
const factors = ["a", "b", "c", "d", "e", "f"];

/** A screen of six factors in which a run serves 3000/s times what `gain` says, with 2% noise. */
function screenOf(gain: (levels: Record<string, string>) => number, rows = foldedRuns(12)) {
  const noise = normals(5);
  const profiles = rows.map((row, index) => {
    const levels = Object.fromEntries(factors.map((factor, column) => [factor, row[column] ? "1" : "0"]));
    return profileRecord(`p${index}`, {}, levels);
  });
  const { run: stored, trials } = storedRun(
    1,
    profiles.map((profile) => [
      profile,
      (overrides) => {
        const sustainedPerSecond = 3000 * gain(profile.levels) * Math.exp(0.02 * noise());
        return trialRecord({ ...overrides, measures: { sustainedPerSecond } });
      },
    ]),
    { judged: throughput, design: "screening", baseline: "p0" },
  );
  return analyze(stored, trials);
}

test("two factors that work together are suspects, and no other", (t) => {
  const { screens, interactions } = screenOf(({ b, e }) => (b === "1" && e === "1" ? 1.3 : 1));
  t.deepEqual(
    screens.map(({ measure, suspects }) => [measure, suspects.map(({ factor }) => factor)]),
    [["sustainedPerSecond", ["b", "e"]]],
  );
  t.deepEqual(interactions, []);
  t.regex(
    screens.map(screenSentence).join(),
    /^throughput: b 0 -> 1 and e 0 -> 1 together are what the screen points at \(noise of a trial \d(\.\d)?%\)\. That is a hypothesis/,
  );
});

test("an effect has the interval of the screen's own noise, in one block already", (t) => {
  const { mainEffects } = screenOf(({ c }) => (c === "1" ? 1.2 : 1));
  t.is(mainEffects.length, factors.length);
  for (const { factor, low, high } of mainEffects) {
    const truth = factor === "c" ? 1.2 : 1;
    t.true((low ?? 0) < truth && truth < (high ?? 0), factor);
    t.true((high ?? 9) / (low ?? 1) < 1.1);
  }
});

test("where nothing helps nothing is a suspect, and the dummies are near 1", (t) => {
  const [screen] = screenOf(() => 1).screens;
  t.deepEqual(screen?.suspects, []);
  t.is(screen?.dummies.length, 5);
  t.false(screen?.isDisturbed);
});

test("of profiles that were chosen from a screen no effect is told", (t) => {
  const { screens, mainEffects } = screenOf(() => 1, foldedRuns(12).slice(0, 6));
  t.deepEqual([screens, mainEffects], [[], []]);
});
