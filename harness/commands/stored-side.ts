import type { GateSide } from "../analysis/gate-record.ts";
import { InputError } from "../core/errors.ts";
import { findRun, readRun } from "../results/read.ts";

/** A stored run to compare with; one without any finished trial is an InputError. */
export function sideOf(reference: string, out: string): Omit<GateSide, "profile"> {
  const { folder, run, trials, unreadable } = readRun(findRun(reference, out));
  if (trials.length > 0) return { run, trials, unreadable };
  throw new InputError(`${folder} holds no finished trial`, {
    hint: unreadable[0] ?? "it was ended before its first trial was whole",
  });
}
