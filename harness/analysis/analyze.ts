import { median } from "simple-statistics";
import { type MeasureName, measuredValue, measureNames } from "../core/measures.ts";
import { diagnose } from "../diagnose/diagnose.ts";
import type { Caveat, RaisedCaveat } from "../results/caveats.ts";
import { isDisturbed } from "../results/disturbance.ts";
import { missingPlaces } from "../results/missing-places.ts";
import type { ProfileRecord, RunRecord } from "../results/run.ts";
import { schemaVersion } from "../results/schema-version.ts";
import type { TrialOutcome, TrialRecord } from "../results/trial.ts";
import { coefficientOfVariation, summarize } from "../stats/summary.ts";
import type { Analysis, ProfileAnalysis } from "./analysis.ts";
import { calibrationOf } from "./calibration.ts";
import { calibrationSummary } from "./calibration-summary.ts";
import { commonCaveats, invalidReasons, raisedByTrials, runCaveats } from "./caveats.ts";
import { type Comparisons, compareWithBaseline } from "./compare.ts";
import { comparedArms, foundOf } from "./compared-arms.ts";
import { conditionSummaries, goalOf } from "./conditions.ts";
import type { Story } from "./effects.ts";
import { screens } from "./factor-screen.ts";
import type { StoredSide } from "./gate-record.ts";
import { interactions } from "./interactions.ts";
import { keptOf, lastedSeconds, servedRatioOf } from "./kept-up.ts";
import { mainEffects } from "./main-effects.ts";
import { noiseCaveats } from "./noise-caveats.ts";
import { recheckOf } from "./recheck.ts";
import { withoutRuledOut } from "./ruled-out.ts";
import { scriptSummary } from "./script-summary.ts";
import { invalidSteps, limitingTrials, searchesOf } from "./searches.ts";
import { sizingOf } from "./sizing.ts";
import { spreadCaveats } from "./spread.ts";
import { thresholdSummaries } from "./thresholds.ts";
import { blocksMeasured, type TrialSet, trialSets } from "./trial-sets.ts";
import { wallObstacle } from "./wall-obstacle.ts";
import { wallRatioOf, wallsOf } from "./walls.ts";

/**
 * What a run's records say: pure, so that every report can be made again. Invalid trials are left out and counted.
 * `stored` may be in any order and fewer than planned.
 */
export function analyze(asked: RunRecord, stored: TrialRecord[]): Analysis {
  const { run, trials } = comparedArms({ run: asked, trials: stored });
  const story = storyOf(run, trials);
  const { sets, profiles, walls, blocksNeeded, comparisons } = story;
  const conditions = conditionSummaries(run, sets);
  const calibration =
    run.kind === "calibration" ? calibrationSummary(run, calibrationOf(run, trials), comparisons.design) : null;
  return {
    schemaVersion,
    runId: run.id,
    suite: run.suite,
    baseline: run.baseline,
    blocks: blocksMeasured(sets),
    blocksNeeded,
    design: run.design,
    judged: run.judged,
    profiles,
    walls,
    mainEffects: mainEffects(run, sets),
    interactions: interactions(run, sets),
    screens: screens(run, sets),
    conditions,
    sizing: sizingOf(conditions),
    recheck: recheckOf(story, trials),
    calibration,
    found: foundOf(run, trials),
    noise: noiseOf(sets),
    caveats: [
      ...runCaveats(run, sets, blocksNeeded, story.common),
      ...(calibration === null ? noiseCaveats(run, comparisons) : []),
      ...spreadCaveats(run, sets, comparisons),
      ...invalidSteps(trials),
    ],
  };
}

/** The same of a run as it was read: what could not be read, and what is not there, is among its caveats. */
export function analyzeStored({ run, trials, unreadable }: StoredSide): Analysis {
  const analysis = analyze(run, trials);
  analysis.caveats.push(...unreadable.map((words) => ({ code: "unreadable-trial", words }) as const));
  const places = missingPlaces(run, trials);
  if (places.length > 0) analysis.caveats.push({ code: "missing-trials", places });
  return analysis;
}

interface WholeStory extends Story {
  sets: TrialSet[];
  common: RaisedCaveat[];
  comparisons: Comparisons;
}

/** Profiles with their comparisons and walls: what the verdict and the choice of a winner are made of. */
export function storyOf(run: RunRecord, trials: TrialRecord[]): WholeStory {
  const sets = trialSets(run, trials);
  const comparisons = compareWithBaseline(run, sets);
  const { common, isCommon } = commonCaveats(sets.flatMap((set) => [...set.measured.values()]));
  const baseline = sets.find(({ profile }) => profile === run.baseline);
  const analysed = sets.map((set, index) => ({
    ...profileAnalysis(set, run.profiles[index], isCommon),
    ...(run.experiment.kind !== "search" ? {} : { findings: diagnose(limitingTrials(set, trials)) }),
    goals:
      run.experiment.kind === "fixed"
        ? run.experiment.goals.map((goal, place) => goalOf(goal, place, [...set.measured.values()]))
        : [],
    thresholds: run.experiment.kind === "search" ? [] : thresholdSummaries(run, [...set.measured.values()]),
    search: searchesOf(run, set),
    ...wallBeside(run, set, baseline, comparisons),
    versusBaseline: comparisons.byProfile.get(set.profile) ?? {},
  }));
  const profiles = withoutRuledOut(run, analysed);
  const walls = sets.map((set) => wallsOf(run, set));
  return { run, sets, common, profiles, walls, blocksNeeded: comparisons.blocksNeeded, comparisons };
}

/** A verdict on the requests before the wall rests on statistics: then no obstacle to reading the walls themselves matters. */
function wallBeside(
  { tolerance }: RunRecord,
  set: TrialSet,
  baseline: TrialSet | undefined,
  { byProfile }: Comparisons,
): Pick<ProfileAnalysis, "wallRatio" | "wallObstacle" | "servedRatio"> {
  if (baseline === undefined || set === baseline) return { wallRatio: null, wallObstacle: null, servedRatio: null };
  const ratio = wallRatioOf(set, baseline);
  const verdict = byProfile.get(set.profile)?.requestsBeforeWall?.verdict ?? "inconclusive";
  const judged = verdict !== "inconclusive";
  return {
    wallRatio: ratio,
    wallObstacle: judged ? null : wallObstacle({ baseline, set, ratio, tolerance }),
    servedRatio: servedRatioOf(set, baseline),
  };
}

function profileAnalysis(set: TrialSet, profile: ProfileRecord | undefined, isCommon: (one: Caveat) => boolean) {
  const trials = [...set.measured.values()];
  const invalid = set.all.filter(({ valid }) => !valid);
  const count = (outcome: TrialOutcome) => trials.filter((trial) => trial.outcome === outcome).length;
  return {
    name: set.profile,
    sysctls: profile?.sysctls ?? {},
    trials: set.all.length,
    invalid: invalid.length,
    invalidReasons: invalidReasons(invalid).flatMap(({ reason }) => reason ?? []),
    broke: count("broke"),
    degraded: count("degraded"),
    saturated: count("saturated"),
    held: count("held"),
    disturbed: trials.filter(isDisturbed).length,
    route: profile?.route ?? null,
    kept: keptOf(trials),
    lastedSeconds: trials.length === 0 ? null : Math.min(...trials.map(lastedSeconds)),
    measures: measuresOf(trials),
    script: scriptSummary(trials),
    cpuCores: coresOf(trials),
    packetShare: packetShareOf(trials),
    findings: diagnose([...trials, ...invalid]),
    caveats: raisedByTrials(
      trials.map((trial) => ({ ...trial, caveats: trial.caveats.filter((caveat) => !isCommon(caveat)) })),
    ),
  };
}

function measuresOf(trials: TrialRecord[]): ProfileAnalysis["measures"] {
  const summaries = measureNames.flatMap((name) => {
    const summary = summarize(trials.flatMap((trial) => measuredValue(trial, name) ?? []));
    return summary === null ? [] : [[name, summary] as const];
  });
  return Object.fromEntries(summaries);
}

function coresOf(trials: TrialRecord[]): Record<string, number> {
  const roles = [...new Set(trials.flatMap(({ measures }) => Object.keys(measures.cpuCores)))];
  const cores = roles.map((role) => [role, trials.flatMap(({ measures }) => measures.cpuCores[role] ?? [])] as const);
  return Object.fromEntries(cores.flatMap(([role, values]) => (values.length === 0 ? [] : [[role, median(values)]])));
}

function packetShareOf(trials: TrialRecord[]): number | null {
  const shares = trials.flatMap(({ evidence }) => evidence.softnetProcessed?.maxShare ?? []);
  return shares.length === 0 ? null : median(shares);
}

function noiseOf(sets: TrialSet[]): Analysis["noise"] {
  const valuesOf = (set: TrialSet, name: MeasureName) =>
    [...set.measured.values()].flatMap((trial) => measuredValue(trial, name) ?? []);
  const entries = measureNames.flatMap((name) => {
    const values = sets.map((set) => valuesOf(set, name)).filter((list) => list.length > 0);
    if (values.length === 0) return [];
    const spreads = values.flatMap((list) => coefficientOfVariation(list) ?? []);
    return [[name, spreads.length === 0 ? null : Math.max(...spreads)] as const];
  });
  return Object.fromEntries(entries);
}
