import { distinctCaveats } from "../results/caveat-keys.ts";
import type { Caveat, RaisedCaveat } from "../results/caveats.ts";
import type { RunRecord } from "../results/run.ts";
import { commonCaveats, raisedByTrials, runCaveats } from "./caveats.ts";
import type { TrialSet } from "./trial-sets.ts";

/** What comparing two runs costs, whatever their numbers. */
export const sequentialArms: Caveat = { code: "sequential-arms" };

/** Caveats of both sides; what both raise is said once. */
export function caveatsOfSides(sides: { run: RunRecord; sets: TrialSet[] }[]): RaisedCaveat[] {
  return distinctCaveats(sides.flatMap(({ run, sets }) => gateCaveats(run, sets)));
}

/** Caveats of the profiles at the gate and of their run; what other profiles raised is left out. */
function gateCaveats(run: RunRecord, sets: TrialSet[]): RaisedCaveat[] {
  const measured = sets.flatMap((set) => [...set.measured.values()]);
  const { common, isCommon } = commonCaveats(measured);
  const asked = { ...run, profiles: run.profiles.filter(({ name }) => sets.some(({ profile }) => profile === name)) };
  const order = run.order.filter(({ profile }) => sets.some((set) => set.profile === profile));
  // How many blocks would do is said with each undecided measure.
  const ofRun = runCaveats({ ...asked, order }, sets, 0, common);
  const ofProfiles = sets.flatMap(({ profile, measured: own }) => {
    const trials = [...own.values()].map((trial) => ({
      ...trial,
      caveats: trial.caveats.filter((caveat) => !isCommon(caveat)),
    }));
    return raisedByTrials(trials, profile);
  });
  return [...ofRun, ...ofProfiles];
}
