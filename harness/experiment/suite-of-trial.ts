import type { RunRecord, ScheduledTrial } from "../results/run.ts";
import { type Profile, type Suite, suiteFor } from "../suite/suite.ts";
import { suiteForStep } from "./suite-for-step.ts";

/** The suite as one trial runs it: with its profile's load, and the rate of its step where a rate is searched for. */
export function suiteOfTrial(
  run: { suite: Suite; profiles: Profile[]; run: RunRecord },
  { profile, step }: ScheduledTrial,
): Suite {
  const suite = suiteFor(run.suite, profileNamed(run.profiles, profile));
  const { experiment } = run.run;
  return step === null || experiment.kind !== "search" ? suite : suiteForStep(suite, experiment.objective, step);
}

/** A profile of the plan. @throws a bug where there is none */
export function profileNamed(profiles: Profile[], name: string): Profile {
  const profile = profiles.find((candidate) => candidate.name === name);
  if (profile === undefined) throw new Error(`the plan names a profile that is not there: ${name}`);
  return profile;
}
