import { newCourse, trialsLeft } from "../../harness/find/course.ts";
import type { ObservedTrial } from "../../harness/find/observed-trial.ts";
import { procedure, type Stages } from "../../harness/find/procedure.ts";
import type { Find } from "../../harness/results/find.ts";
import { answering, numbersOf, type SyntheticService } from "./synthetic-service.ts";

/** What a simulated find came to. */
export interface Simulated {
  found: number[];
  trials: number;
  isRight: boolean;
  /** Whether it holds a key that does nothing. */
  isWrong: boolean;
  stages: Stages;
  reason: string;
}

/** One find of a synthetic service to its end, in one go: what nextMove does, without beginning anew at each trial. */
export function simulateFind(
  find: Find,
  service: SyntheticService,
  how: { noise: number; drift?: number; seed: number },
): Simulated {
  const answer = answering(service, how);
  const course = newCourse(find);
  const stages: Stages = { followed: null, group: null, screened: null, confirmed: null };
  const steps = procedure(course, stages);
  const trials: ObservedTrial[] = [];
  let asked = steps.next();
  let reason = "budget";
  while (asked.done !== true && trialsLeft(course) >= 1) {
    const trial = answer({ ...asked.value, attempt: 1 }, trials.length + 1);
    trials.push(trial);
    course.taken += 1;
    course.takenMs += trial.seconds * 1000;
    asked = steps.next(trial);
  }
  if (asked.done === true) reason = asked.value.code;
  const members = stages.confirmed?.members.map(({ change }) => change) ?? [];
  const found = numbersOf({
    target: Object.fromEntries(members.flatMap((one) => (one.kind === "setting" ? [[one.key, one.value]] : []))),
  }).sort((one, other) => one - other);
  const useful = service.right.flat();
  return {
    found,
    trials: trials.length,
    isRight: service.right.some((set) => set.length === found.length && set.every((key) => found.includes(key))),
    isWrong: found.some((key) => !useful.includes(key)),
    stages,
    reason,
  };
}
