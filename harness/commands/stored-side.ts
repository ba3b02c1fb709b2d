import type { GateSide } from "../analysis/gate-record.ts";
import { InputError } from "../core/errors.ts";
import { findRun, readRun } from "../results/read.ts";

/** A stored run to compare with, none of its profiles chosen. */
export type Side = Omit<GateSide, "profile">;

/** Throws InputError for a run without any finished trial. */
export function sideOf(reference: string, results: string): Side {
  const { folder, run, trials, unreadable } = readRun(findRun(reference, results));
  if (trials.length > 0) return { run, trials, unreadable };
  throw new InputError(`${folder} holds no finished trial`, {
    hint: unreadable[0] ?? "it was ended before its first trial was whole",
  });
}

/** The baseline's run and the candidate's. Throws InputError for one run named twice. */
export function twoSides(references: [string, string], results: string, hint: string): [Side, Side] {
  const [one, other] = references.map((reference) => sideOf(reference, results)) as [Side, Side];
  if (one.run.id !== other.run.id) return [one, other];
  throw new InputError(`both are run ${one.run.id}`, { hint });
}
