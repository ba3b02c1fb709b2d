import { armChanges, armName, isSameArm } from "../find/arm.ts";
import { conclude } from "../find/conclude.ts";
import type { FindResult } from "../find/found.ts";
import { observedTrials } from "../find/from-trials.ts";
import type { Arm } from "../results/find.ts";
import type { RunRecord } from "../results/run.ts";
import type { TrialRecord } from "../results/trial.ts";

/** What a find's set is called among its run's profiles. */
export const foundName = "found";

/** What a find came to; null of any other run. */
export function foundOf(run: RunRecord, trials: TrialRecord[]): FindResult | null {
  return run.experiment.kind === "find" ? conclude(run.experiment, observedTrials(trials)) : null;
}

/** The arm of what was found; null where that is nothing. */
function armOfFound({ settings: target, upstreams, levers }: FindResult): Arm | null {
  const arm = { target, upstreams, levers };
  return armChanges(arm).length === 0 ? null : arm;
}

/**
 * A find's run as one that compares profiles, for whoever reads runs as such: `baseline`, `found`, and the other arms beside them. What
 * counts are the fresh blocks: in those before them luck had a part in what was tried next. Any other run stays as it is, and so does one
 * that is in this form already.
 */
export function comparedArms<Stored extends { run: RunRecord; trials: TrialRecord[] }>(stored: Stored): Stored {
  const { run, trials } = stored;
  const found = foundOf(run, trials);
  if (found === null) return stored;
  const set = armOfFound(found);
  const own = set === null ? null : armName(set);
  const nameOf = (name: string) => (name === own ? foundName : name);
  const counted = new Set(countedTrials(trials, found, set).map(({ sequence }) => sequence));
  const renamed = trials.map((trial): TrialRecord => {
    const purpose = counted.has(trial.sequence) ? "compare" : "find";
    return { ...trial, profile: nameOf(trial.profile), purpose };
  });
  const compared = renamed.filter(({ purpose }) => purpose === "compare");
  const places = [...new Map(compared.map((trial) => [`${trial.block} ${trial.profile}`, trial])).values()];
  const isCompared = (name: string) => name === run.baseline || places.some(({ profile }) => profile === name);
  const profiles = run.profiles.map((profile) => ({ ...profile, name: nameOf(profile.name) }));
  return {
    ...stored,
    trials: renamed,
    run: {
      ...run,
      blocks: Math.max(0, ...places.map(({ block }) => block)),
      order: places.map(({ sequence, block, profile }) => ({ sequence, block, profile })),
      profiles: profiles.filter(({ name }) => isCompared(name)).toSorted((one, other) => rank(one) - rank(other)),
      predictions: run.predictions.map((one) => ({ ...one, profile: nameOf(one.profile) })),
    },
  };
}

/** What was found stands beside the baseline. */
function rank({ name }: { name: string }): number {
  return name === foundName ? 1 : name === "baseline" ? 0 : 2;
}

/** The confirmation's where there is one; else what was tried at the rate that the find ended at, but for screens. */
function countedTrials(trials: TrialRecord[], { ratePerSecond }: FindResult, set: Arm | null): TrialRecord[] {
  const fresh = trials.filter(({ find }) => find?.step.kind === "confirm");
  const isOfSet = ({ find }: TrialRecord) => set !== null && find !== null && isSameArm(find.arm, set);
  const blocks = new Set(fresh.filter(isOfSet).map(({ block }) => block));
  if (fresh.length > 0) return set === null ? fresh : fresh.filter(({ block }) => blocks.has(block));
  const own = trials.filter(({ find }) => find?.ratePerSecond === ratePerSecond);
  return own.filter(({ find }) => find?.step.kind !== "screen" && find?.step.kind !== "bisect");
}
