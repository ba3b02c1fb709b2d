import test from "ava";
import { storedRun } from "../../helpers/stories.ts";
import { analyze, saidReason, type ToldAnalysis } from "../../helpers/told.ts";
import { profileRecord, type TrialOverrides, trialRecord } from "../../helpers/trial-builder.ts";

const profileOf = (analysis: ToldAnalysis, name: string) => analysis.profiles.find((profile) => profile.name === name);

/** Of a baseline and one other profile. */
function pair(blocks: number, baseline: TrialOverrides, other: TrialOverrides): ReturnType<typeof analyze> {
  const { run, trials } = storedRun(blocks, [
    [profileRecord("baseline"), (overrides) => trialRecord({ ...baseline, ...overrides })],
    [profileRecord("other"), (overrides) => trialRecord({ ...other, ...overrides })],
  ]);
  return analyze(run, trials);
}

test("a profile that serves nothing after the ramp is worse, though no ratio says by how much", (t) => {
  const nothing = { measures: { sustainedPerSecond: 0 } };
  const analysis = pair(9, {}, nothing);
  const comparison = profileOf(analysis, "other")?.versusBaseline.sustainedPerSecond;
  t.like(comparison, { ratio: null, n: 9, verdict: "worse" });
  t.true((comparison?.p ?? 1) < 0.05);
  t.regex(analysis.told, /other \[worse\]: other served nothing after the ramp in 9 of 9 blocks\./);
  const turned = profileOf(pair(9, nothing, {}), "other")?.versusBaseline.sustainedPerSecond;
  t.is(turned?.verdict, "better");
  t.is(saidReason(turned), "baseline served nothing after the ramp in 9 of 9 blocks");
  const few = pair(2, {}, nothing);
  t.is(profileOf(few, "other")?.versusBaseline.sustainedPerSecond?.verdict, "inconclusive");
  t.regex(few.told, /other \[open\]: other served nothing after the ramp in 2 of 2 blocks; \d blocks would do;/);
});

test("blocks in which a profile served nothing are not left out of a verdict on the others", (t) => {
  const story = storedRun(9, [
    [profileRecord("baseline"), (overrides) => trialRecord(overrides)],
    [
      profileRecord("other"),
      (overrides, block) => trialRecord({ ...overrides, measures: { sustainedPerSecond: block === 3 ? 0 : 5000 } }),
    ],
  ]);
  const comparison = profileOf(analyze(story.run, story.trials), "other")?.versusBaseline.sustainedPerSecond;
  t.like(comparison, {
    verdict: "inconclusive",
    reason: {
      code: "served-nothing",
      measure: "sustainedPerSecond",
      sides: [{ profile: "other", trials: 1, of: 9 }],
      needed: null,
    },
  });
});
