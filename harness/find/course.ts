import { randomFrom } from "../core/random.ts";
import type { Arm, Find, FindStep } from "../results/find.ts";
import type { Omitted, PathStep, StepResult } from "./found.ts";
import type { ObservedTrial } from "./observed-trial.ts";

/** A trial that the procedure asks for. */
export interface Request {
  step: FindStep;
  arm: Arm;
  ratePerSecond: number | null;
  block: number;
}

/** A part of the procedure: it asks for trials one after the other, is given each, and comes to something. */
export type Procedure<Result> = Generator<Request, Result, ObservedTrial>;

/** One find on its way: what the parts of the procedure share. It is made anew from the stored trials at each move. */
export interface Course {
  find: Find;
  random: () => number;
  /** Blocks that were begun. */
  blocks: number;
  /** Trials so far, invalid ones too, and what they took. */
  taken: number;
  takenMs: number;
  path: PathStep[];
  omitted: Omitted[];
}

export function newCourse(find: Find): Course {
  return { find, random: randomFrom(find.seed), blocks: 0, taken: 0, takenMs: 0, path: [], omitted: [] };
}

/** How many trials the budget still has room for, if they take as long as those before them. */
export function trialsLeft({ find: { budgetMs, mostTrials }, taken, takenMs }: Course): number {
  const byCount = (mostTrials ?? Number.POSITIVE_INFINITY) - taken;
  const byTime = taken === 0 ? Number.POSITIVE_INFINITY : Math.floor(((budgetMs - takenMs) * taken) / takenMs);
  return Math.max(0, Math.min(byCount, byTime));
}

/** One trial in a block of its own: tried again it is measured twice, while of a block that holds an arm twice one trial counts. */
export function* alone(course: Course, request: Omit<Request, "block">): Procedure<ObservedTrial> {
  course.blocks += 1;
  return yield { ...request, block: course.blocks };
}

/** What is compared within one block: arms in an order of the seed's. */
export function* block<Name extends string>(
  course: Course,
  arms: readonly { name: Name; step: FindStep; arm: Arm }[],
  ratePerSecond: number | null,
): Procedure<Map<Name, ObservedTrial>> {
  course.blocks += 1;
  const { blocks } = course;
  const seen = new Map<Name, ObservedTrial>();
  for (const { name, step, arm } of inOrder(course, arms)) {
    seen.set(name, yield { step, arm, ratePerSecond, block: blocks });
  }
  return seen;
}

function inOrder<Item>({ random }: Course, items: readonly Item[]): Item[] {
  const left = items.map((item) => ({ item, key: random() }));
  return left.toSorted((one, other) => one.key - other.key).map(({ item }) => item);
}

/** Writes a step down with what came of it. */
export function note(
  course: Course,
  kind: FindStep["kind"],
  trials: readonly ObservedTrial[],
  base: { arm: Arm; ratePerSecond: number | null },
  came: StepResult,
): void {
  const { arm, ratePerSecond } = base;
  const sequences = trials.map(({ sequence }) => sequence).sort((one, other) => one - other);
  course.path.push({ kind, trials: sequences, base: arm, ratePerSecond, came });
}
