import { newCourse, trialsLeft } from "../../harness/find/course.ts";
import { procedure, type Stages } from "../../harness/find/procedure.ts";
import type { Find } from "../../harness/results/find.ts";
import { answering, numbersOf, type SyntheticService } from "./synthetic-service.ts";

/** One find of a synthetic service to its end, in one go: what nextMove does, without beginning anew at each trial. */
export function simulateFind(
  find: Find,
  service: SyntheticService,
  how: { noise: number; drift?: number; seed: number },
): { found: number[]; trials: number } {
  const answer = answering(service, how);
  const course = newCourse(find);
  const stages: Stages = { followed: null, group: null, screened: null, confirmed: null };
  const steps = procedure(course, stages);
  let asked = steps.next();
  while (asked.done !== true && trialsLeft(course) >= 1) {
    course.taken += 1;
    const trial = answer({ ...asked.value, attempt: 1 }, course.taken);
    course.takenMs += trial.seconds * 1000;
    asked = steps.next(trial);
  }
  const members = stages.confirmed?.members ?? [];
  const keys = members.flatMap(({ change }) => (change.kind === "setting" ? [[change.key, change.value]] : []));
  return { found: numbersOf({ target: Object.fromEntries(keys) }), trials: course.taken };
}
