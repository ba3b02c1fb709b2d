import type { TrialCaveat } from "../results/caveats-trial.ts";
import { eventsOf } from "../results/events.ts";
import type { InvalidReason } from "../results/invalid-reason.ts";
import type { Window } from "../results/window.ts";
import type { TrialInput } from "./trial-input.ts";
import { successesOf, sum } from "./windows.ts";

/** Below so large a share of iterations without an error, a script that throws does so each time. */
const throughShare = 0.05;

type Thrown = Pick<TrialInput, "windows" | "events" | "thrown">;

/** Whether hardly an iteration came to its end without an error; false of a script that did not throw. */
export function throwsEachTime({ windows, thrown }: Pick<Thrown, "windows" | "thrown">): boolean {
  const iterations = iterationsOf(windows);
  return thrown > 0 && iterations - thrown < Math.max(1, throughShare * iterations);
}

/**
 * Why a script's errors make the trial no measurement: it threw each time, or more often than a request failed, so that the errors are its own.
 * null where it did not throw, or only on what the target answered: then what was measured stands. A target that served nothing is the cause itself.
 */
export function thrownReason(input: Thrown): InvalidReason | null {
  const words = wordsOf(input);
  if (words === null || (isExplained(input) && (servedNothing(input) || !throwsEachTime(input)))) return null;
  return { code: "script-threw", words, thrown: input.thrown, iterations: iterationsOf(input.windows) };
}

export function thrownCaveats(input: Thrown): TrialCaveat[] {
  const words = wordsOf(input);
  if (words === null || !isExplained(input)) return [];
  return [{ code: "script-threw", thrown: input.thrown, iterations: iterationsOf(input.windows), words }];
}

/** At most one error for each failed request: the script reads what an error page does not have. */
function isExplained({ windows, thrown }: Thrown): boolean {
  return thrown <= sum(windows.flatMap(({ faults }) => faults.map(({ count }) => count)));
}

function servedNothing({ windows }: Thrown): boolean {
  return sum(windows.map(successesOf)) === 0;
}

/** Of its first error; null where it did not throw. */
function wordsOf({ events }: Thrown): string | null {
  return eventsOf(events, "script-error")[0]?.words ?? null;
}

function iterationsOf(windows: readonly Window[]): number {
  return sum(windows.map(({ iterationMs }) => iterationMs?.count ?? 0));
}
