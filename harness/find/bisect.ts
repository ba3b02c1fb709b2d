import { parsePortRange, portRangeKey, portsIn } from "../core/ports.ts";
import type { Change } from "../results/find.ts";
import type { JudgedStep, SearchObjective, SearchStep } from "../results/goals.ts";
import { nextMove } from "../search/next-move.ts";
import { armOf, withChanges } from "./arm.ts";
import type { Confirmed } from "./confirm.ts";
import { alone, type Course, note, type Procedure, trialsLeft } from "./course.ts";
import type { ObservedTrial } from "./observed-trial.ts";
import { rangeText } from "./port-range.ts";
import { endsBetter } from "./standing.ts";

/** A number that helped, from what the suite gives it up to what was enough; `at` is how a number between is written. */
interface Range {
  change: Change;
  from: number;
  to: number;
  at: (number: number) => string;
}

/** Trials that one number may take. */
const mostSteps = 10;

/**
 * How much of a number is enough, to a factor of two, where every block showed that it helps: a longer queue of the program's costs memory, and hides
 * for longer that nobody accepts; a wider range of ports takes more from those who listen. What was confirmed stays what is told to be set. It is
 * the search for a rate, which asks how many times smaller the number may be.
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

function rangeOf(course: Course, change: Change): Range | null {
  const range = change.kind === "lever" ? leverRange(course, change) : portRange(course, change);
  return range !== null && range.from > 0 && range.to > 2 * range.from ? range : null;
}

function leverRange({ find }: Course, change: Change & { kind: "lever" }): Range {
  const own = find.levers.find(({ name }) => name === change.name)?.value;
  return { change, from: Number(own ?? Number.NaN), to: Number(change.value), at: String };
}

/** From as many ports as the suite itself leaves up to all that were tried; the highest stay. */
function portRange({ find }: Course, change: Change & { kind: "setting" }): Range | null {
  const own = find.conditions[change.role]?.[change.key];
  if (change.key !== portRangeKey || own === undefined) return null;
  const [from, to] = [parsePortRange(own), parsePortRange(change.value)];
  if (from === null || to === null) return null;
  const at = (ports: number) => rangeText({ low: to.high - ports + 1, high: to.high }) ?? change.value;
  return { change, from: portsIn(from), to: portsIn(to), at };
}

function* bisect(
  course: Course,
  set: readonly Change[],
  { change, from, to, at }: Range,
  winner: readonly ObservedTrial[],
  ratePerSecond: number | null,
): Procedure<void> {
  const objective = smallerBy(to / from);
  const steps: JudgedStep[] = [known];
  const trials: ObservedTrial[] = [];
  for (;;) {
    const move = nextMove(objective, steps);
    if (move.kind === "end" || trialsLeft(course) < 1) {
      const times = move.kind === "end" ? move.record.sustainableRatePerSecond : null;
      const base = { arm: armOf(set), ratePerSecond };
      const enough = times === null ? change.value : at(smaller(to, times));
      if (trials.length > 0) note(course, "bisect", trials, base, { kind: "bisected", change, enough });
      return;
    }
    const arm = withChanges(armOf(set), [{ ...change, value: at(smaller(to, move.step.ratePerSecond)) }]);
    const trial = yield* alone(course, { step: { kind: "bisect", change }, arm, ratePerSecond });
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

function smaller(value: number, times: number): number {
  return Math.ceil(value / times);
}

/** The search's terms, with "times smaller" for its rate. */
function smallerBy(times: number): SearchObjective {
  return {
    kind: "sustainable-rate",
    ...{ fromPerSecond: 2, toPerSecond: times, precision: 1 },
    ...{ holdingMs: 0, rampMs: 0, steps: mostSteps },
  };
}
