import { type MeasureName, measureOf } from "../core/measures.ts";
import { units } from "../core/units.ts";
import type { Goal } from "../results/goals.ts";

/**
 * A goal as a suite writes it: "<= 50", "<= 3s", "<= 0.1%", ">= 490/s". The limit is in the measure's own unit; a unit may stand behind it where people write one.
 */

/** "<= 50ms" of latencyMs.p99 -> {measure, comparison: "<=", limit: 50}. null for what is none, or points the wrong way. */
export function parseGoal(measure: MeasureName, written: string): Goal | null {
  const match = /^(<=|>=) *([0-9][0-9a-z./%]{0,20})$/.exec(written.trim());
  const comparison = comparisonOf(measure);
  const limit = match?.[1] === comparison ? units[measureOf(measure).unit].parse(match[2] ?? "") : null;
  return limit === null ? null : { measure, comparison, limit };
}

/** What a message says about a goal of this measure. */
export function goalAllowed(measure: MeasureName): string {
  const comparison = comparisonOf(measure);
  const word = comparison === "<=" ? "at most" : "at least";
  const { name, examples } = units[measureOf(measure).unit];
  const forms = examples.map((limit) => `"${comparison} ${limit}"`);
  return `${word} a number ${name}: ${forms.join(" or ")}`;
}

/** A goal is what is good at least: the other way round every service keeps it by being bad. */
function comparisonOf(measure: MeasureName): Goal["comparison"] {
  return measureOf(measure).better === "lower" ? "<=" : ">=";
}
