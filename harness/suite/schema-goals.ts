import * as z from "zod";
import { isMeasureName, type MeasureName, measureNames, measureOf } from "../core/measures.ts";
import { didYouMean } from "../core/nearest.ts";
import { durationPattern, parseDurationMs, parseRatio, units } from "../core/units.ts";
import type { Goal, SearchObjective } from "../results/goals.ts";
import { shown } from "./problems.ts";
import {
  atKey,
  duration,
  form,
  name,
  quantity,
  rate,
  refusal,
  refuse,
  share,
  text,
  wholeNumber,
} from "./schema-forms.ts";

/** Schema of what must be kept, and of what is searched for. */

/** Keys of a map by measure; those of `names` only. */
export function measureKey(names: readonly MeasureName[]) {
  return name((written) =>
    isMeasureName(written) && names.includes(written)
      ? null
      : `no measure here is called ${shown(written)}; use one of ${names.join(", ")}${didYouMean(written, names)}`,
  );
}

const goalText = z.string({ error: 'a limit in quotes, such as "<= 50" or ">= 490/s"' });

/** "<= 50" for each measure of `names` that must be kept -> goals, in the order written. */
function goalsOf(names: readonly MeasureName[], least = 0) {
  return z
    .record(measureKey(names), goalText, { error: 'a map of goals: latencyMs.p99: "<= 50"' })
    .meta({ minProperties: least, properties: goalForms(names), additionalProperties: false })
    .transform((written, context) => Object.entries(written).flatMap(([name, text]) => goalOf(name, text, context)));
}

/** What an editor says of each measure's goal. */
function goalForms(names: readonly MeasureName[]) {
  const form = (name: MeasureName) => {
    const pattern = `^\\s*${comparisonOf(name)} *[0-9][0-9a-z./%]{0,20}\\s*$`;
    return { type: "string", pattern, description: goalAllowed(name), errorMessage: `use ${goalAllowed(name)}` };
  };
  return Object.fromEntries(names.map((name) => [name, form(name)]));
}

/** `at most a number of ms: "<= 50" or "<= 50ms"` */
function goalAllowed(name: MeasureName): string {
  const comparison = comparisonOf(name);
  const unit = units[measureOf(name).unit];
  const forms = unit.examples.map((example) => `"${comparison} ${example}"`).join(" or ");
  return `${comparison === "<=" ? "at most" : "at least"} a number ${unit.name}: ${forms}`;
}

/** A goal is what is good at least: the other way round every service keeps it by being bad. */
function comparisonOf(name: MeasureName): Goal["comparison"] {
  return measureOf(name).better === "lower" ? "<=" : ">=";
}

/** "<= 50ms" of latencyMs.p99 -> {measure, comparison: "<=", limit: 50}, in the measure's own unit; people may write one behind it. */
function goalOf(measure: string, written: string, context: z.RefinementCtx): Goal[] {
  if (!isMeasureName(measure)) return [];
  const { unit } = measureOf(measure);
  const comparison = comparisonOf(measure);
  const [, sign, number = ""] = /^(<=|>=) *([0-9][0-9a-z./%]{0,20})$/.exec(written.trim()) ?? [];
  const limit = sign === comparison ? units[unit].parse(number) : null;
  if (limit !== null) return [{ measure, comparison, limit }];
  refuse(context, [measure], refusal(written, goalAllowed(measure)));
  return [];
}

/** What only a search finds. */
export const found: MeasureName = "sustainableRatePerSecond";

export const goals = goalsOf(measureNames, 1)
  .refine((goals) => goals.length > 0, atKey('this is empty; give a goal such as latencyMs.p99: "<= 50"'))
  .refine((goals) => goals.every(({ measure }) => measure !== found), {
    ...atKey("this is what a search finds, so no trial has it; use sustainedPerSecond"),
    path: [found],
  })
  .describe('What a trial, or each step of a search, must keep: latencyMs.p99: "<= 50", faultRatio: "<= 0.1%".');

/** What a phase of the load is measured by. */
export const conditionGoals = goalsOf(measureNames.filter((name) => measureOf(name).inConditions)).describe(
  'What is judged of this condition alone: sustainedPerSecond: ">= 50".',
);

const objectiveAllowed =
  "sustainable-rate or {sustainable-rate: {from: 200/s, to: 5000/s, precision: 5%, holding: 10s, ramp: 1s, steps: 14}}";
/** Finer than a rate can be told from its neighbour within a few seconds; coarser than the doubling that comes first. */
const precision = share("a share from 0.1% to 50%", (written) => {
  const parsed = parseRatio(written);
  return parsed !== null && parsed >= 0.001 && parsed <= 0.5 ? parsed : null;
});
/** Shorter, and there are too few windows to judge. */
const holding = quantity("a time with its unit, 1s or more, such as 10s", durationPattern, (written) => {
  const ms = parseDurationMs(written);
  return ms !== null && ms >= 1000 ? ms : null;
});

const search = form("a map with from, to, precision, holding, ramp or steps", {
  from: rate.optional().describe("The first rate tried; it doubles from there. Default: load.rate."),
  to: rate.optional().describe("No higher rate is tried. Default: 16 times from."),
  precision: precision.prefault("5%").describe("The search ends once kept and missed rates are closer than this."),
  holding: holding.prefault("10s").describe("How long each rate is held."),
  ramp: duration.prefault("1s").describe("Time up to each rate, before it is held."),
  steps: wholeNumber("a whole number from 3 to 60", 3, 60)
    .default(14)
    .describe("Most trials of one search, its confirmation included."),
});
const objectiveForm = form(objectiveAllowed, { "sustainable-rate": search });

/** What is searched for; its first and its highest rate may follow from the load's. */
export const objective = z
  .union(
    [
      text(objectiveAllowed, /^sustainable-rate$/)
        .transform(() => ({ "sustainable-rate": {} }))
        .pipe(objectiveForm),
      objectiveForm,
    ],
    { error: objectiveAllowed },
  )
  .transform(({ "sustainable-rate": { from, to, precision, holding, ramp, steps } }) => ({
    kind: "sustainable-rate" as const,
    fromPerSecond: from,
    toPerSecond: to,
    precision,
    holdingMs: holding,
    rampMs: ramp,
    steps,
  }))
  .describe(
    "In place of one fixed rate: each profile's highest rate that keeps the goals is searched for. Needs goals and a constant load.rate.",
  );

/** @param loadPerSecond where the search begins unless it says so itself */
export function searchFrom(loadPerSecond: number, form: z.output<typeof objective>): SearchObjective {
  const { fromPerSecond = loadPerSecond } = form;
  const { toPerSecond = Math.min(16 * fromPerSecond, highestPerSecond) } = form;
  return { ...form, fromPerSecond, toPerSecond };
}

/** Highest rate that a suite can write. */
const highestPerSecond = 999_999;

/** How long one rate of a search takes. */
export function stepMs({ rampMs, holdingMs }: Pick<SearchObjective, "rampMs" | "holdingMs">): number {
  return rampMs + holdingMs;
}
