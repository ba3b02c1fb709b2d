import { isStarved } from "../../harness/diagnose/cpu-left.ts";
import { observedIn } from "../../harness/diagnose/observed.ts";
import { isDisturbed } from "../../harness/results/disturbance.ts";
import type { TrialRecord } from "../../harness/results/trial.ts";

/** Whether a trial served what was asked; where others had the CPUs it may have fallen behind, and no more. */
export function heldButFor(trial: TrialRecord | undefined): boolean {
  return trial?.outcome === "held" || (trial?.outcome === "saturated" && isShortOfCpu(trial));
}

/** Whether others had the CPUs. Where what they used is not measured (in a cluster), that the target waited for busy CPUs tells it. */
export function isShortOfCpu(trial: TrialRecord): boolean {
  return trial.evidence.otherCpu === null ? isStarved(observedIn(trial), "target") : isDisturbed(trial);
}
