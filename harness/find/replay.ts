import type { Find } from "../results/find.ts";
import { type Course, newCourse, type Request, trialsLeft } from "./course.ts";
import type { DoneReason, Move } from "./move.ts";
import type { ObservedTrial } from "./observed-trial.ts";
import { procedure, type Stages } from "./procedure.ts";

/** A find as its stored trials tell it, and what comes next. */
export interface Replayed {
  course: Course;
  stages: Stages;
  move: Move;
  /** In the order they were run, invalid ones too. */
  trials: ObservedTrial[];
}

/** A trial is tried so often before the find gives up on its arm. */
const mostAttempts = 3;

/**
 * The procedure with the stored trials as its answers, one after the other, up to the first that is missing. All that it decides it decides by
 * them and by the seed, so that a find that was cut off goes on as if it had not been.
 */
export function replay(find: Find, stored: readonly ObservedTrial[]): Replayed {
  const course = newCourse(find);
  const stages: Stages = { followed: null, group: null, screened: null, confirmed: null };
  const trials = stored.toSorted((one, other) => one.sequence - other.sequence);
  const steps = procedure(course, stages);
  const left = [...trials];
  let asked = steps.next();
  while (asked.done !== true) {
    const { trial, failed } = nextValid(course, left);
    if (trial === null) {
      const reason = endBefore(course, asked.value, failed);
      const next: Move = { kind: "trial", trial: { ...asked.value, attempt: failed + 1 } };
      return { course, stages, trials, move: reason === null ? next : { kind: "done", reason } };
    }
    asked = steps.next(trial);
  }
  return { course, stages, trials, move: { kind: "done", reason: asked.value } };
}

/** Takes the invalid trials before it along; they cost the budget, too. */
function nextValid(course: Course, left: ObservedTrial[]): { trial: ObservedTrial | null; failed: number } {
  for (let failed = 0; ; failed += 1) {
    const trial = left.shift();
    if (trial === undefined) return { trial: null, failed };
    course.taken += 1;
    course.takenMs += trial.seconds * 1000;
    if (trial.valid) return { trial, failed };
  }
}

/** Why the trial that is asked for is not run; null where it is. */
function endBefore(course: Course, { step }: Request, failed: number): DoneReason | null {
  if (failed >= mostAttempts) return { code: "invalid", trials: failed };
  return trialsLeft(course) < 1 ? { code: "budget", next: step.kind } : null;
}
