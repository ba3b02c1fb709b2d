import type { Change } from "../results/find.ts";
import type { JudgedStep, SearchObjective, SearchStep } from "../results/goals.ts";
import { nextMove } from "../search/next-move.ts";
import { armOf, withChanges } from "./arm.ts";
import type { Confirmed } from "./confirm.ts";
import { type Course, note, type Procedure, trialsLeft } from "./course.ts";
import type { ObservedTrial } from "./observed-trial.ts";
import { endsBetter } from "./standing.ts";

/** A program's own number that helped, from what the suite gives it up to what was enough. */
interface Range {
  change: Change;
  from: number;
  to: number;
}

/** Trials that one number may take. */
const mostSteps = 10;

/**
 * How much of a program's own number is enough, to a factor of two, where every block showed that it helps: a longer queue costs memory, and hides
 * for longer that nobody accepts. What was confirmed stays what is told to be set. It is the search for a rate, which asks how many times
 * smaller the number may be.
 */
export function* enoughOf(
  course: Course,
  { members, gain, trials }: Confirmed,
  ratePerSecond: number | null,
): Procedure<void> {
  if (gain?.by !== "outcome") return;
  const set = members.map(({ change }) => change);
  for (const range of set.flatMap((change) => rangeOf(course, change) ?? [])) {
    yield* bisect(course, set, range, trials, ratePerSecond);
  }
}

function rangeOf({ find }: Course, change: Change): Range | null {
  if (change.kind !== "lever") return null;
  const from = Number(find.levers.find(({ name }) => name === change.name)?.value ?? Number.NaN);
  const to = Number(change.value);
  return from > 0 && to > 2 * from ? { change, from, to } : null;
}

function* bisect(
  course: Course,
  set: readonly Change[],
  { change, from, to }: Range,
  winner: readonly ObservedTrial[],
  ratePerSecond: number | null,
): Procedure<void> {
  const objective = smallerBy(to / from);
  const steps: JudgedStep[] = [known];
  const trials: ObservedTrial[] = [];
  course.blocks += 1;
  const block = course.blocks;
  for (;;) {
    const move = nextMove(objective, steps);
    if (move.kind === "end" || trialsLeft(course) < 1) {
      const times = move.kind === "end" ? move.record.sustainableRatePerSecond : null;
      const base = { arm: armOf(set), ratePerSecond };
      const enough = times === null ? change.value : smaller(to, times);
      if (trials.length > 0) note(course, "bisect", trials, base, { kind: "bisected", change, enough });
      return;
    }
    const arm = withChanges(armOf(set), [{ ...change, value: smaller(to, move.step.ratePerSecond) }]);
    const trial = yield { step: { kind: "bisect", change }, arm, ratePerSecond, block };
    trials.push(trial);
    steps.push(judged(move.step, trial, !endsBetter(winner, [trial])));
  }
}

/** The number itself is known to be enough. */
const known: JudgedStep = {
  ...{ ratePerSecond: 1, phase: "ramp", sequence: 0 },
  ...{ kept: true, missed: [], generatorBound: false },
};

function judged(step: SearchStep, { sequence }: ObservedTrial, kept: boolean): JudgedStep {
  return { ...step, sequence, kept, missed: [], generatorBound: false };
}

function smaller(value: number, times: number): string {
  return String(Math.ceil(value / times));
}

/** The search's terms, with "times smaller" for its rate. */
function smallerBy(times: number): SearchObjective {
  return {
    kind: "sustainable-rate",
    ...{ fromPerSecond: 2, toPerSecond: times, precision: 1 },
    ...{ holdingMs: 0, rampMs: 0, steps: mostSteps },
  };
}
