import { comparedArms } from "../analysis/compared-arms.ts";
import type { StoredSide } from "../analysis/gate-record.ts";
import { InputError } from "../core/errors.ts";
import { readRun } from "../results/read.ts";
import { chosenRun } from "./chosen-run.ts";
import type { RunChoice } from "./results-option.ts";

/** The stored run that a reference names; one without any finished trial is an InputError. */
export function chosenSide(reference: string, choice: RunChoice): StoredSide {
  return storedSide(chosenRun(reference, choice));
}

/** The same of a run's folder. A find's arms are its profiles. */
export function storedSide(folder: string): StoredSide {
  const { run, trials, unreadable } = comparedArms(readRun(folder));
  if (trials.length > 0) return { run, trials, unreadable };
  throw new InputError(`${folder} holds no finished trial`, {
    hint: unreadable[0] ?? "it was ended before its first trial was whole",
  });
}
