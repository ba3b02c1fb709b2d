import type * as z from "zod";
import type { otherCpuShape } from "./caveats-trial.ts";
import type { ScheduledTrial } from "./run.ts";

/** CPU that others than the run used while the load was on. A lower bound: see detect/other-cpu.ts for how it is told. */
export type OtherCpu = z.infer<typeof otherCpuShape>;

/** Of all CPUs: a window in which others used more is disturbed. */
export const disturbedWindowShare = 0.1;
/** Of a trial's windows: a trial with more disturbed ones is disturbed. */
const disturbedTrialShare = 0.2;

/** What is asked of a trial's record here. */
interface Observed extends Pick<ScheduledTrial, "block" | "profile" | "sequence"> {
  valid: boolean;
  evidence: { otherCpu: OtherCpu | null };
}

/** Whether others used over a tenth of the CPUs in more than a fifth of a trial's windows. Where it was not measured: no. */
export function isDisturbed({ evidence: { otherCpu } }: Pick<Observed, "evidence">): boolean {
  return disturbance(otherCpu) > disturbedTrialShare;
}

/**
 * Of valid trials of one place the one that counts: the least disturbed, by the share of its windows and then by the CPU that others
 * used; of equals the last. What came out of a trial has no say. undefined of none.
 */
export function leastDisturbed<Trial extends Observed>(trials: readonly Trial[]): Trial | undefined {
  const [first] = trials.toSorted(
    (a, b) =>
      disturbance(a.evidence.otherCpu) - disturbance(b.evidence.otherCpu) ||
      (a.evidence.otherCpu?.share ?? 0) - (b.evidence.otherCpu?.share ?? 0) ||
      b.sequence - a.sequence,
  );
  return first;
}

function disturbance(otherCpu: OtherCpu | null): number {
  return otherCpu === null ? 0 : otherCpu.disturbedWindows / otherCpu.windows;
}
