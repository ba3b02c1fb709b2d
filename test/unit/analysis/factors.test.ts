import test from "ava";
import { effectSentence, interactionSentence } from "../../../harness/report/words/effects.ts";
import type { RunRecord } from "../../../harness/results/run.ts";
import { acceptQueueRun, type StoredRun, storedRun } from "../../helpers/stories.ts";
import { analyze } from "../../helpers/told.ts";
import { profileRecord, trialRecord } from "../../helpers/trial-builder.ts";

const throughput = [{ name: "sustainedPerSecond", direction: "higher", tolerance: 0.05 }] as const;
type Levels = Record<string, string>;

/** Profiles by the levels of their factors; each serves 3000/s times what `factor` gives, with a little noise. */
function factorRun(
  blocks: number,
  profiles: Levels[],
  factor: (levels: Levels) => number,
  run: Partial<RunRecord> = {},
) {
  const named = profiles.map((levels, index) => profileRecord(`p${index}`, {}, levels));
  return storedRun(
    blocks,
    named.map((profile, place) => [
      profile,
      (overrides, block) => {
        const noise = 1 + 0.005 * Math.sin(block * 7.3 + place * 2.1);
        return trialRecord({ ...overrides, measures: { sustainedPerSecond: 3000 * factor(profile.levels) * noise } });
      },
    ]),
    { judged: [...throughput], ...run },
  );
}

const square: Levels[] = ["0", "1"].flatMap((reuse) => ["128", "4096"].map((backlog) => ({ reuse, backlog })));
const cube: Levels[] = square.flatMap((levels) => ["a", "b"].map((mode) => ({ ...levels, mode })));
const analysisOf = ({ run, trials }: StoredRun) => analyze(run, trials);

test("one factor explains the gain, the other adds nothing, and they do not interact", (t) => {
  const analysis = analysisOf(factorRun(8, square, ({ reuse }) => (reuse === "1" ? 2 : 1)));
  t.is(analysis.conclusions.length, 1);
  t.regex(
    analysis.conclusions[0] ?? "",
    /^reuse alone explains the gain in throughput \(2\.0\d, 1\.9\d to 2\.0\d\); backlog adds nothing \(ratio 1\.00, \d\.\d\d to 1\.0\d\)\.$/,
  );
  const [pair] = analysis.interactions;
  t.deepEqual(pair?.factors, ["reuse", "backlog"]);
  t.regex(
    pair === undefined ? "" : interactionSentence(pair, analysis.judged),
    /^reuse and backlog: the effect of reuse 0 -> 1 on the throughput does not depend on it \(ratio 1\.0\d, 0\.9\d to 1\.0\d\)\.$/,
  );
});

test("an interaction is the ratio of ratios, averaged over the third factor, whatever that does", (t) => {
  const together = ({ reuse, backlog, mode }: Levels) =>
    (reuse === "1" && backlog === "4096" ? 1.5 : 1) * (mode === "b" ? 3 : 1);
  const analysis = analysisOf(factorRun(8, cube, together));
  const find = (one: string, other: string) =>
    analysis.interactions.find(({ factors }) => factors[0] === one && factors[1] === other);
  t.is(find("reuse", "backlog")?.ratio?.toFixed(1), "1.5");
  t.true((find("reuse", "backlog")?.low ?? 0) > 1.45);
  t.is(find("reuse", "mode")?.ratio?.toFixed(1), "1.0");
  t.regex(
    analysis.conclusions[0] ?? "",
    /reuse and backlog work together: reuse does 1\.5\d?, .* times as much with backlog changed too/,
  );
});

test("bounds are carried through: it takes both, at least so much", (t) => {
  const analysis = analysisOf(acceptQueueRun(9));
  const pair = analysis.interactions.find(({ measure }) => measure === "requestsBeforeWall");
  t.like(pair, { bound: "atLeast", high: null });
  t.is(pair?.ratio?.toFixed(1), "12.5");
  t.regex(
    pair === undefined ? "" : interactionSentence(pair, analysis.judged),
    /is at least 12\.5x as large with somaxconn 65535 as with 4096 \(95%: from 12\.\dx\)\.$/,
  );
  t.regex(analysis.conclusions[0] ?? "", /appBacklog and somaxconn work together/);
});

const oneAtATime: Levels[] = [
  { reuse: "0", backlog: "128", mode: "a" },
  { reuse: "1", backlog: "128", mode: "a" },
  { reuse: "0", backlog: "4096", mode: "a" },
  { reuse: "0", backlog: "128", mode: "b" },
  { reuse: "1", backlog: "4096", mode: "b" },
  { reuse: "0", backlog: "4096", mode: "b" },
  { reuse: "1", backlog: "128", mode: "b" },
  { reuse: "1", backlog: "4096", mode: "a" },
];

test("one at a time: each alone and in the company of all the others, and which alone explains the gain", (t) => {
  const run = factorRun(8, oneAtATime, ({ reuse, mode }) => (reuse === "1" ? 2 : 1) * (mode === "b" ? 0.8 : 1), {
    design: "one-at-a-time",
  });
  const analysis = analysisOf(run);
  const effects = analysis.mainEffects.map(({ factor, context, ratio }) => [factor, context, ratio?.toFixed(1)]);
  t.deepEqual(effects, [
    ["reuse", "alone", "2.0"],
    ["reuse", "with all others", "2.0"],
    ["backlog", "alone", "1.0"],
    ["backlog", "with all others", "1.0"],
    ["mode", "alone", "0.8"],
    ["mode", "with all others", "0.8"],
  ]);
  t.regex(
    analysis.mainEffects.slice(1, 2).map(effectSentence).join(""),
    /^reuse 0 -> 1 in the company of all the others: \d\.\d\dx the throughput \(95%/,
  );
  t.regex(
    analysis.conclusions[0] ?? "",
    /^reuse alone explains the gain .*; mode makes it worse \(0\.80, .*\); backlog adds nothing \(ratio 1\.0/,
  );
  t.is(analysis.interactions[0]?.factors[1], null);
});

test("where no factor matters that is said; with noise it is not; with few blocks they are effect sizes", (t) => {
  const none = analysisOf(factorRun(8, square, () => 1));
  t.deepEqual(none.conclusions, ["No factor changes the throughput beyond the tolerance."]);
  const noisy = factorRun(8, square, () => 1);
  const trials = noisy.trials.map((trial, index) => ({
    ...trial,
    measures: { ...trial.measures, sustainedPerSecond: 3000 * (1 + 0.4 * Math.sin(index * 12.9)) },
  }));
  t.deepEqual(analyze(noisy.run, trials).conclusions, ["What the factors do can't be told from noise."]);
  const few = analysisOf(factorRun(2, square, ({ reuse }) => (reuse === "1" ? 2 : 1)));
  t.regex(few.conclusions[0] ?? "", /^reuse alone explains .*; with so few blocks no more than effect sizes\.$/);
  t.deepEqual(analysisOf(storedRun(2, [[profileRecord("baseline"), (o) => trialRecord(o)]])).conclusions, []);
});

test("one at a time: a factor that does nothing alone and whose company is noisy is said as both", (t) => {
  const run = factorRun(8, oneAtATime, ({ reuse }) => (reuse === "1" ? 2 : 1), { design: "one-at-a-time" });
  const noisy = (profile: string) => ["p4", "p6"].includes(profile);
  const trials = run.trials.map((trial) => ({
    ...trial,
    measures: {
      ...trial.measures,
      sustainedPerSecond:
        (trial.measures.sustainedPerSecond ?? 0) *
        (noisy(trial.profile) ? 1 + 0.3 * Math.sin(trial.sequence * 5.1) : 1),
    },
  }));
  t.regex(
    analyze(run.run, trials).conclusions[0] ?? "",
    /^reuse alone explains .*; backlog alone adds nothing \(ratio 1\.0\d, .*\), what it does with all the others can't be told from noise/,
  );
});
