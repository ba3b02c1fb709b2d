import test from "ava";
import { widenedBySearch } from "../../../harness/analysis/search-resolution.ts";
import { trialSets } from "../../../harness/analysis/trial-sets.ts";
import { renderMarkdown } from "../../../harness/report/markdown.ts";
import type { ReportInput } from "../../../harness/report/report-input.ts";
import { runReport } from "../../../harness/report/run-report.ts";
import { verdictOf, verdictText } from "../../../harness/report/words/verdict.ts";
import type { SearchCaveat } from "../../../harness/results/caveats-search.ts";
import type { TrialRecord } from "../../../harness/results/trial.ts";
import { searchReport } from "../../helpers/search-story.ts";
import { analyze, saidReason } from "../../helpers/told.ts";

const pair = ["baseline", "reuse"];
const said = ({ run, analysis }: ReportInput) => verdictText(verdictOf(run, analysis));

test("one block: what each sustains, how far apart, and that the rate would not last", (t) => {
  t.is(
    said(searchReport({ names: pair })),
    "Profile reuse (net.ipv4.tcp_tw_reuse=1) sustains 2,070/s, the baseline 367/s, with p99 latency <= 50 ms. " +
      "In the baseline's way: The target ran out of local ports to db (198.18.0.10:3306): 4,000 of 4,000 in use, 4,000 in TIME_WAIT.",
  );
});

test("six blocks: spread, interval and verdict; a rate that was never missed is a bound", (t) => {
  t.regex(
    renderMarkdown(runReport(searchReport({ blocks: 6, names: pair }))),
    /\| reuse \(.*\) \| \*\*2,365\/s\*\* \(2,070\/s to 2,690\/s\) \|.* 5\.65x \(5\.16 to 6\.19\) \| better \(p = 0\.031/,
  );
  const bound = searchReport({ blocks: 6, names: ["baseline", "spread"] });
  t.regex(said(bound), /^Profile spread sustains at least 3,200\/s, the baseline 418\/s, with/);
  t.like(bound.analysis.profiles[1]?.versusBaseline.sustainableRatePerSecond, { bound: "atLeast", verdict: "better" });
});

test("the ceiling by arithmetic stands beside the rate only where requests cost ports", (t) => {
  const { run, trials, analysis } = searchReport({ names: pair });
  t.deepEqual(
    analysis.profiles.map(({ search }) => Math.round(search?.ceilingPerSecond ?? 0)),
    [67, 4000],
  );
  t.is(analysis.profiles[1]?.search?.aboveCeilingPerSecond, null, "below its ceiling");
  const pooled = trials.map((trial) => ({ ...trial, measures: { ...trial.measures, connectionsPerSecond: 3 } }));
  const [baseline] = analyze(run, pooled).profiles;
  t.like(baseline?.search, { ceilingPerSecond: null, aboveCeilingPerSecond: null });
});

test("held for a TIME_WAIT's life and more, a rate above the arithmetic is not called short-lived", (t) => {
  const { run, trials } = searchReport({ names: pair });
  if (run.experiment.kind !== "search") return t.fail();
  const objective = { ...run.experiment.objective, holdingMs: 60_000 };
  const long = { ...run, experiment: { ...run.experiment, objective } };
  t.is(analyze(long, trials).profiles[0]?.search?.aboveCeilingPerSecond, null);
});

test("steps on the way are no trials of the comparison, and the finding is that of the rate that was missed", (t) => {
  const { analysis, trials } = searchReport({ names: pair });
  t.deepEqual(
    analysis.profiles.map((profile) => profile.trials),
    [1, 1],
  );
  t.true(trials.length > 10);
  const [baseline, reuse] = analysis.profiles;
  t.deepEqual(
    baseline?.findings.map(({ rule, seenIn, trials }) => ({ rule, seenIn, trials })),
    [{ rule: "port-exhaustion", seenIn: 1, trials: 1 }],
  );
  t.deepEqual(reuse?.findings, [], "what stood in its way is not known");
});

test("a profile that keeps no rate at all: said, and not left out of the comparison", (t) => {
  const { run, trials } = searchReport({ blocks: 6, names: pair });
  const none = trials.map((trial): TrialRecord => {
    if (trial.profile !== "reuse" || trial.search === null || trial.block > 1) return trial;
    const caveats: SearchCaveat[] = [
      { code: "search-found-nothing", lowestPerSecond: 3.125, steps: 20, outOfSteps: false },
    ];
    const search = { ...trial.search, sustainableRatePerSecond: null, caveats };
    return { ...trial, search, measures: { ...trial.measures, sustainableRatePerSecond: null } };
  });
  const comparison = analyze(run, none).profiles[1]?.versusBaseline.sustainableRatePerSecond;
  t.like(comparison, { verdict: "inconclusive", n: 5 });
  t.is(saidReason(comparison), "in 1 of 6 blocks no rate of reuse was kept");
  const every = none.map((trial) => ({ ...trial, block: 1 })).filter(({ sequence }) => sequence <= 18);
  t.regex(analyze(run, every).verdict, /Profile reuse sustains no rate that was tried \(no rate could be found/);
});

test("a run that was ended within its first search says so, and that nothing can be compared", (t) => {
  const { run, trials } = searchReport({ names: pair });
  const { verdict, profiles } = analyze(run, trials.slice(0, 3));
  t.is(verdict, "The search for the baseline's rate did not come to its end: nothing can be compared.");
  t.is(profiles[0]?.search, null);
});

test("steps that were invalid are said", (t) => {
  const { run, trials } = searchReport({ names: pair });
  const failed = {
    ...(trials[0] as TrialRecord),
    sequence: 99,
    valid: false,
    invalidReason: { code: "part-lost" as const, words: "k6 died" },
  };
  const { caveats } = analyze(run, [...trials, failed]);
  t.deepEqual(
    caveats.find(({ code }) => code === "invalid-steps"),
    { code: "invalid-steps", invalid: 1, reasons: [{ profile: "baseline", reason: failed.invalidReason }] },
  );
});

test("a ratio of found rates is as wide as the searches' gaps: equal steps in every block prove nothing finer", (t) => {
  const { run, trials } = searchReport({ blocks: 8, names: pair });
  const alike = trials.map((trial) => ({ ...trial, profile: "reuse" }));
  const twice = [...trials.filter(({ profile }) => profile === "reuse"), ...alike.map(asBaseline)];
  const comparison = analyze(run, twice).profiles[1]?.versusBaseline.sustainableRatePerSecond;
  t.is(comparison?.ratio, 1);
  t.is(comparison?.verdict, "inconclusive", "the tolerance of 5% is finer than the gap of 10%");
  t.true((comparison?.low ?? 1) < 0.95 && (comparison?.high ?? 1) > 1.05);
  const estimate = { ratio: 2, low: 1.9, high: 2.1, bound: null, p: 0.01, n: 8 };
  t.is(widenedBySearch(estimate, "sustainedPerSecond", trialSets(run, trials)), estimate);
});

/** The other profile's trials as the baseline's. */
function asBaseline(trial: TrialRecord): TrialRecord {
  return { ...trial, profile: "baseline" };
}
