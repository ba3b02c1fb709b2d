import type { MeasureName } from "../core/measures.ts";
import { diagnose } from "../diagnose/diagnose.ts";
import type { RunRecord } from "../results/run.ts";
import { schemaVersion } from "../results/schema-version.ts";
import type { TrialRecord } from "../results/trial.ts";
import type { Comparison } from "./analysis.ts";
import { compareWithBaseline } from "./compare.ts";
import { type ArmPair, compareUnpaired } from "./compare-runs.ts";
import { type DifferenceKind, differencesOf } from "./differences.ts";
import { caveatsOfSides, sequentialArms } from "./gate-caveats.ts";
import { checkDrafts, settleChecks, testedPs } from "./gate-checks.ts";
import { lostBlocks, obstaclesOf, obstaclesToPass } from "./gate-obstacles.ts";
import type { Gate, GateArm, GateCheck, GateComparison, GateDecision, GateSide, StoredSide } from "./gate-record.ts";
import { everyCombination, gateComparison, inBlocks } from "./gate-result.ts";
import { noiseCaveats } from "./noise-caveats.ts";
import { spreadCaveats } from "./spread.ts";
import { type TrialSet, trialSets } from "./trial-sets.ts";

/**
 * Candidate against baseline on one run whose blocks hold both. The family over which p is adjusted is the judged
 * measures of this one pair and the checks beside them: what else the run compares is not asked here.
 */
export function gateOneRun(side: StoredSide, profiles: { baseline: string; candidate: string }): Gate {
  const { run } = side;
  const [baseline, candidate] = [profiles.baseline, profiles.candidate].map((profile) => ({ ...side, profile })) as [
    GateSide,
    GateSide,
  ];
  const pair = { baseline: setOf(baseline), candidate: setOf(candidate) };
  const asked = { ...run, baseline: baseline.profile };
  const drafts = checkDrafts(run, pair, "paired");
  const compared = compareWithBaseline(asked, [pair.baseline, pair.candidate], testedPs(drafts));
  const checks = settleChecks(drafts, compared.beside);
  const judged = judgedOf(run, pair, compared.byProfile.get(candidate.profile) ?? {}, inBlocks(pair), checks);
  const caveats = [
    ...caveatsOfSides([{ run, sets: [pair.baseline, pair.candidate] }]),
    // A calibration is nothing but the noise.
    ...(run.kind === "calibration" ? [] : noiseCaveats(asked, compared)),
    ...spreadCaveats(asked, [pair.baseline, pair.candidate], compared),
  ];
  return decide({
    pairing: "paired",
    baseline,
    candidate,
    pair,
    comparisons: judged,
    checks,
    differences: [],
    caveats,
  });
}

/** Candidate against baseline, each of a run of its own; judged as the candidate's run has it. */
export function gateTwoRuns(baseline: GateSide, candidate: GateSide, allowed: readonly DifferenceKind[]): Gate {
  const [gate] = gatesOfTwoRuns([{ baseline, candidate }], allowed) as [Gate];
  return gate;
}

/** A decision for each pair of profiles of the same two runs; p is adjusted over the measures and checks of all of them. */
export function gatesOfTwoRuns(
  arms: { baseline: GateSide; candidate: GateSide }[],
  allowed: readonly DifferenceKind[],
): Gate[] {
  const judged = arms[0]?.candidate.run.judged ?? [];
  const pairs = arms.map(({ baseline, candidate }) => ({ baseline: setOf(baseline), candidate: setOf(candidate) }));
  const drafts = arms.map(({ candidate }, at) => checkDrafts(candidate.run, pairs[at] as ArmPair, "unpaired"));
  const { found, beside } = compareUnpaired(pairs, judged, testedPs(drafts.flat()));
  const settled = settleChecks(drafts.flat(), beside);
  return arms.map((arm, at) => {
    const checks = settled.splice(0, drafts[at]?.length);
    return gateOfTwoRuns(arm, pairs[at] as ArmPair, { found: found[at] ?? {}, checks, allowed });
  });
}

function gateOfTwoRuns(
  { baseline, candidate }: { baseline: GateSide; candidate: GateSide },
  pair: ArmPair,
  compared: { found: Found; checks: GateCheck[]; allowed: readonly DifferenceKind[] },
): Gate {
  const { found, checks, allowed } = compared;
  const comparisons = judgedOf(candidate.run, pair, found, everyCombination(pair), checks);
  const differences = differencesOf(armOf(baseline, pair.baseline), armOf(candidate, pair.candidate), allowed);
  const sides = [
    { run: baseline.run, sets: [pair.baseline] },
    { run: candidate.run, sets: [pair.candidate] },
  ];
  const caveats = [sequentialArms, ...caveatsOfSides(sides)];
  return decide({ pairing: "unpaired", baseline, candidate, pair, comparisons, checks, differences, caveats });
}

/** A side's trials of its profile. */
function setOf({ run, trials, profile }: Pick<GateSide, "run" | "trials" | "profile">): TrialSet {
  const set = trialSets(run, trials).find((one) => one.profile === profile);
  return set ?? { profile, all: [], measured: new Map() };
}

/** What differences are looked for in. */
function armOf({ run, profile }: Pick<GateSide, "run" | "profile">, set: TrialSet) {
  return { run, profile, trials: [...set.measured.values()] };
}

type Found = Partial<Record<MeasureName, Comparison>>;

/** The judged measures in the run's order. */
function judgedOf(
  run: RunRecord,
  pair: ArmPair,
  found: Found,
  together: [TrialRecord, TrialRecord][],
  checks: GateCheck[],
): GateComparison[] {
  return run.judged.flatMap((measure) => {
    const comparison = found[measure.name];
    return comparison === undefined ? [] : [gateComparison(pair, measure, comparison, together, checks)];
  });
}

type Facts = Pick<Gate, "pairing" | "comparisons" | "checks" | "differences" | "caveats"> & {
  baseline: GateSide;
  candidate: GateSide;
  pair: ArmPair;
};

function decide(facts: Facts): Gate {
  const { pairing, baseline, candidate, pair, comparisons, checks, differences, caveats } = facts;
  const results = [...comparisons, ...checks].map(({ result }) => result);
  const worse = results.includes("worse");
  const open = comparisons.length === 0 || results.includes("undecided");
  const obstacles = [...obstaclesOf(facts), ...(worse ? [] : obstaclesToPass(facts))];
  const decision = obstacles.length > 0 ? "inconclusive" : worse ? "regression" : open ? "inconclusive" : "pass";
  return {
    schemaVersion,
    decision: decision satisfies GateDecision,
    suite: candidate.run.suite,
    pairing,
    blocks: pairing === "paired" ? inBlocks(pair).length : null,
    baseline: gateArm(baseline, pair.baseline),
    candidate: gateArm(candidate, pair.candidate),
    comparisons,
    checks,
    differences,
    obstacles,
    caveats,
  };
}

function gateArm(side: GateSide, set: TrialSet): GateArm {
  const { run, profile } = side;
  const { all, measured } = set;
  const bare = {
    name: profile,
    sysctls: {},
    env: {},
    upstreamEnv: {},
    command: null,
    rps: null,
    route: null,
    image: null,
    nodeSelector: {},
    load: {},
    levels: {},
  };
  return {
    runId: run.id,
    startedAt: run.startedAt,
    profile: run.profiles.find(({ name }) => name === profile) ?? bare,
    measured: measured.size,
    lost: lostBlocks(side, set).length,
    findings: diagnose([...measured.values(), ...all.filter(({ valid }) => !valid)]),
  };
}
