import { isDisturbed } from "../../harness/results/other-cpu.ts";
import type { TrialRecord } from "../../harness/results/trial.ts";

/** Whether a trial served what was asked; where others had the CPUs it may have fallen behind, and no more. */
export function heldButFor(trial: TrialRecord | undefined): boolean {
  return trial?.outcome === "held" || (trial?.outcome === "saturated" && isDisturbed(trial));
}
