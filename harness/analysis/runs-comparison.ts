import type { RunRecord } from "../results/run.ts";
import { schemaVersion } from "../results/schema-version.ts";
import { type ArmPair, compareUnpaired } from "./compare-runs.ts";
import { type Difference, differencesOf } from "./differences.ts";
import { armOf, judgedOf, setOf } from "./gate.ts";
import { checkDrafts, settleChecks, testedPs } from "./gate-checks.ts";
import { doubtsOfSides, sequentialArms } from "./gate-doubts.ts";
import type { GateSide, RunsComparison } from "./gate-record.ts";
import { everyCombination } from "./gate-result.ts";
import { isRefused, refusalOf } from "./runs-refusals.ts";

type Side = Omit<GateSide, "profile">;

/** Two runs, profile by profile, on what the second one judges; p is adjusted over all of it. */
export function compareStoredRuns(baseline: Side, candidate: Side): RunsComparison {
  const [before, after] = [baseline, candidate].map(({ run }) => run.profiles.map(({ name }) => name)) as [
    string[],
    string[],
  ];
  const shared = after.filter((name) => before.includes(name));
  const all = shared.map((profile) => ({
    baseline: setOf({ ...baseline, profile }),
    candidate: setOf({ ...candidate, profile }),
  }));
  const pairs = all.filter((pair) => !isRefused(pair));
  const profiles = comparedProfiles(candidate.run, pairs);
  const sets = (of: "baseline" | "candidate") => pairs.map((pair) => pair[of]);
  const doubts = [
    sequentialArms,
    ...doubtsOfSides([
      { run: baseline.run, sets: sets("baseline") },
      { run: candidate.run, sets: sets("candidate") },
    ]),
    ...[...baseline.unreadable, ...candidate.unreadable].map((words) => ({ code: "unreadable-trial", words }) as const),
  ];
  return {
    schemaVersion,
    baseline: headOf(baseline),
    candidate: headOf(candidate),
    profiles,
    refusals: all.filter(isRefused).map(refusalOf),
    onlyInBaseline: before.filter((name) => !after.includes(name)),
    onlyInCandidate: after.filter((name) => !before.includes(name)),
    differences: allDifferences(baseline, candidate, pairs),
    doubts,
  };
}

/** Every pair of arms; p is adjusted over all measures and checks of all of them. */
function comparedProfiles(run: RunRecord, pairs: ArmPair[]): RunsComparison["profiles"] {
  const drafts = pairs.map((pair) => checkDrafts(run, pair, "unpaired"));
  const { found, beside } = compareUnpaired(pairs, run.judged, testedPs(drafts.flat()));
  const settled = settleChecks(drafts.flat(), beside);
  return pairs.map((pair, at) => {
    const before = drafts.slice(0, at).flat().length;
    const checks = settled.slice(before, before + (drafts[at]?.length ?? 0));
    const comparisons = judgedOf(run, pair, found[at] ?? {}, everyCombination(pair), checks);
    return { profile: pair.candidate.profile, comparisons, checks };
  });
}

function headOf({ run: { id, suite, startedAt } }: Side): RunsComparison["baseline"] {
  return { id, suite, startedAt };
}

/** Settings differ by profile, the rest by run: each said once. */
function allDifferences(baseline: Side, candidate: Side, pairs: ArmPair[]): Difference[] {
  const all = pairs.flatMap((pair) => {
    const profile = pair.candidate.profile;
    return differencesOf(
      armOf({ ...baseline, profile }, pair.baseline),
      armOf({ ...candidate, profile }, pair.candidate),
      [],
    ).map((one) =>
      one.kind === "profile"
        ? { ...one, baseline: `${profile}: ${one.baseline}`, candidate: `${profile}: ${one.candidate}` }
        : one,
    );
  });
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
}
