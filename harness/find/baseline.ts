import type { Arm } from "../results/find.ts";
import { baselineArm } from "./arm.ts";
import { type Base, baseOf, isBound } from "./base.ts";
import { type Course, note, type Procedure } from "./course.ts";
import type { ObservedTrial } from "./observed-trial.ts";
import { measuredIn } from "./standing.ts";

/** Two trials of the suite as it is; where nothing binds and a rate is to be found, more load until something does. */
export function* baseline(course: Course): Procedure<Base> {
  const rate = course.find.objective?.fromPerSecond ?? null;
  const trials = yield* twice(course, baselineArm, rate, "baseline");
  const base = baseOf(baselineArm, rate, trials);
  noteBase(course, "baseline", base);
  return yield* raised(course, base);
}

/** The base at the lowest rate, doubled from where it is, at which something binds; as it is where the load is the suite's own. */
export function* raised(course: Course, base: Base): Procedure<Base> {
  const { objective } = course.find;
  let now = base;
  while (objective !== null && now.ratePerSecond !== null && !isBound(now)) {
    const rate = Math.min(2 * now.ratePerSecond, objective.toPerSecond);
    if (rate <= now.ratePerSecond) break;
    now = baseOf(now.arm, rate, yield* twice(course, now.arm, rate, "raise"));
    noteBase(course, "raise", now);
  }
  return now;
}

/** The second only where the first was bound by something: what held is not caveated here. */
function* twice(
  course: Course,
  arm: Arm,
  ratePerSecond: number | null,
  kind: "baseline" | "raise",
): Procedure<ObservedTrial[]> {
  course.blocks += 1;
  const block = course.blocks;
  const first = yield { step: { kind }, arm, ratePerSecond, block };
  if (kind === "raise" && !isBound(baseOf(arm, ratePerSecond, [first]))) return [first];
  return [first, yield { step: { kind }, arm, ratePerSecond, block }];
}

function noteBase(course: Course, kind: "baseline" | "raise", base: Base): void {
  const { trials, standing, response, finding } = base;
  const values = trials.flatMap((trial) => measuredIn(trial, response)?.value ?? []);
  const value = values.length === 0 ? null : values.reduce((sum, one) => sum + one / values.length, 0);
  note(course, kind, trials, base, { kind: "bound", finding, standing, measure: response.measure, value });
}
