import type { Arm } from "../results/find.ts";
import { baselineArm } from "./arm.ts";
import { type Base, baseOf, isBound } from "./base.ts";
import { alone, type Course, note, type Procedure } from "./course.ts";
import type { ObservedTrial } from "./observed-trial.ts";
import { commonStanding, measuredIn, standingOf } from "./standing.ts";

/** Two trials of the suite as it is; where nothing binds and a rate is to be found, more load until something does. */
export function* baseline(course: Course): Procedure<Base> {
  const rate = course.find.objective?.fromPerSecond ?? null;
  return yield* raised(course, yield* seenTwice(course, baselineArm, rate, "baseline"));
}

/** The base at the lowest rate, doubled from where it is, at which something binds; as it is where the load is the suite's own. */
export function* raised(course: Course, base: Base): Procedure<Base> {
  const { objective } = course.find;
  let now = base;
  while (objective !== null && now.ratePerSecond !== null && !isBound(now)) {
    const rate = Math.min(2 * now.ratePerSecond, objective.toPerSecond);
    if (rate <= now.ratePerSecond) break;
    now = yield* seenTwice(course, now.arm, rate, "raise");
  }
  return now;
}

/**
 * The second only where the first was bound by something: what held is not caveated here. A third where the two did not end alike: of those that do
 * the findings are followed, since one of the two ended so by chance. What is found that way is confirmed in fresh blocks.
 */
function* seenTwice(
  course: Course,
  arm: Arm,
  ratePerSecond: number | null,
  kind: "baseline" | "raise",
): Procedure<Base> {
  const request = { step: { kind }, arm, ratePerSecond } as const;
  const trials = [yield* alone(course, request)];
  const isOne = kind === "raise" && !isBound(baseOf(arm, ratePerSecond, trials));
  if (!isOne) trials.push(yield* alone(course, request));
  if (commonStanding(trials) === "mixed") trials.push(yield* alone(course, request));
  const base = baseOf(arm, ratePerSecond, alike(trials));
  noteBase(course, kind, base, trials);
  return base;
}

/** Those that ended as most did; all where none did. */
function alike(trials: readonly ObservedTrial[]): ObservedTrial[] {
  const groups = [...Map.groupBy(trials, standingOf).values()];
  return groups.find((group) => group.length * 2 > trials.length) ?? [...trials];
}

function noteBase(course: Course, kind: "baseline" | "raise", base: Base, all: readonly ObservedTrial[]): void {
  const { trials, standing, response, finding } = base;
  const values = trials.flatMap((trial) => measuredIn(trial, response)?.value ?? []);
  const value = values.length === 0 ? null : values.reduce((sum, one) => sum + one / values.length, 0);
  note(course, kind, all, base, { kind: "bound", finding, standing, measure: response.measure, value });
}
