import { isDeepStrictEqual } from "node:util";
import type { FindTrial } from "../results/find.ts";
import type { SearchObjective, SearchStep } from "../results/goals.ts";
import type { RunRecord, ScheduledTrial } from "../results/run.ts";
import type { TrialRecord } from "../results/trial.ts";
import { constantRate, type Rate, rampRate } from "../suite/rate.ts";
import { type Profile, type Suite, suiteFor } from "../suite/suite.ts";

/** The suite as one trial runs it: with its profile's load, and the rate of its step where a rate is searched for. */
export function suiteOfTrial(
  run: { suite: Suite; profiles: Profile[]; run: RunRecord },
  { profile, step, find }: ScheduledTrial,
): Suite {
  const suite = suiteFor(run.suite, profileNamed(run.profiles, profile));
  const { experiment } = run.run;
  if (experiment.kind === "find") return suiteAtRate(suite, experiment.objective, find?.ratePerSecond ?? null);
  return step === null || experiment.kind !== "search" ? suite : suiteForStep(suite, experiment.objective, step);
}

/** A profile of the plan. @throws a bug where there is none */
export function profileNamed(profiles: Profile[], name: string): Profile {
  const profile = profiles.find((candidate) => candidate.name === name);
  if (profile === undefined) throw new Error(`the plan names a profile that is not there: ${name}`);
  return profile;
}

/** A step's ramp begins at a tenth of its rate: connections and caches are warm when it is over. */
const rampStartShare = 0.1;

/**
 * The suite with the load of one search's step: its rate, held after a ramp. It ends by time, not by requests, so that every
 * rate is held as long; the other stop criteria stay, since a rate that meets them is missed already.
 */
export function suiteForStep(suite: Suite, objective: SearchObjective, step: SearchStep): Suite {
  const { rampMs, holdingMs } = objective;
  return {
    ...suite,
    load: { ...suite.load, rate: rateOf(step.ratePerSecond, rampMs) },
    stop: { ...suite.stop, requests: null, afterMs: rampMs + holdingMs },
  };
}

/** Of a find that raises the rate until something binds. */
function suiteAtRate(suite: Suite, objective: SearchObjective | null, ratePerSecond: number | null): Suite {
  if (objective === null || ratePerSecond === null) return suite;
  return suiteForStep(suite, objective, { ratePerSecond, phase: "ramp" });
}

function rateOf(perSecond: number, rampMs: number): Rate {
  return rampMs === 0 ? constantRate(perSecond) : rampRate(perSecond * rampStartShare, perSecond, rampMs);
}

/**
 * The node on which a trial has to run: that of its block's earlier ones whose profiles ask for the same kind of node, or of a find's same
 * step, whose trials are compared though each is a block of its own; null where none has run. An invalid trial binds nobody: its node may be gone.
 */
export function blockNode(
  trials: TrialRecord[],
  profiles: Profile[],
  { block, profile, find }: Pick<ScheduledTrial, "block" | "profile" | "find">,
): string | null {
  const selectorOf = (name: string) => sortedText(profileNamed(profiles, name).nodeSelector);
  const mates = trials.filter((trial) => trial.valid && (trial.block === block || isSameStep(trial.find, find)));
  const alike = mates.filter((trial) => selectorOf(trial.profile) === selectorOf(profile));
  return alike.find(({ platform }) => platform !== null)?.platform?.node ?? null;
}

/** Steps of several arms have blocks in which all of them are. */
const stepsOfOneArm = ["baseline", "raise", "follow", "bisect"];

function isSameStep(one: FindTrial | null, other: FindTrial | null): boolean {
  return one !== null && stepsOfOneArm.includes(one.step.kind) && isDeepStrictEqual(one.step, other?.step);
}

function sortedText(selector: Record<string, string>): string {
  return JSON.stringify(Object.entries(selector).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
