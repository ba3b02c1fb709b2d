import type { RunRecord } from "../results/run.ts";
import type { Doubt } from "../results/trial.ts";
import { commonDoubts, runDoubts, trialDoubts } from "./doubts.ts";
import type { TrialSet } from "./trial-sets.ts";

/** What comparing two runs costs, whatever their numbers. */
export const sequentialArms: Doubt = {
  code: "sequential-arms",
  message:
    "the runs were made one after the other: whatever drifted between them counts as a difference. In one project, arms " +
    "measured so flagged 21 regressions where the same commit, measured again, flagged 1. Both as profiles of one run, block by block, is the way to prefer",
};

/** Doubts of both sides; what both raise is said once. */
export function doubtsOfSides(sides: { run: RunRecord; sets: TrialSet[] }[]): Doubt[] {
  const all = sides.flatMap(({ run, sets }) => gateDoubts(run, sets));
  return [...new Map(all.map((doubt) => [doubt.message, doubt])).values()];
}

/** Doubts of the profiles at the gate and of their run; what other profiles raised is left out. */
function gateDoubts(run: RunRecord, sets: TrialSet[]): Doubt[] {
  const measured = sets.flatMap((set) => [...set.measured.values()]);
  const { common, isCommon } = commonDoubts(measured);
  const asked = { ...run, profiles: run.profiles.filter(({ name }) => sets.some(({ profile }) => profile === name)) };
  const order = run.order.filter(({ profile }) => sets.some((set) => set.profile === profile));
  // How many blocks would do is said with each undecided measure.
  const ofRun = runDoubts({ ...asked, order }, sets, 0, common);
  const ofProfiles = sets.flatMap(({ profile, measured: own }) => {
    const trials = [...own.values()].map((trial) => ({
      ...trial,
      doubts: trial.doubts.filter((doubt) => !isCommon(doubt)),
    }));
    return trialDoubts(trials).map(({ code, message }) => ({ code, message: `${profile}: ${message}` }));
  });
  return [...ofRun, ...ofProfiles];
}
