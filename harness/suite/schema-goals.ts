import * as z from "zod";
import { isMeasureName, judgedByDefault, type MeasureName, measureNames, measureOf } from "../core/measures.ts";
import { didYouMean } from "../core/nearest.ts";
import { durationPattern, parseDurationMs, parseRatio } from "../core/units.ts";
import type { Goal } from "../results/goals.ts";
import { goalAllowed, parseGoal } from "./goal-text.ts";
import { shown } from "./problems.ts";
import { duration, form, quantity, rate, ratio, refusal, share, text, wholeNumber } from "./schema-forms.ts";

/** Schema of what is judged, what must be kept, and what is searched for. */

/** Keys of a map by measure; those of `names` only. */
function measureKey(names: readonly MeasureName[]) {
  return z.string().check(({ value, issues }) => {
    if (isMeasureName(value) && names.includes(value)) return;
    const message = `no measure here is called ${shown(value)}; use one of ${names.join(", ")}${didYouMean(value, names)}`;
    issues.push({ code: "custom", message, input: value });
  });
}

const judged = form("{} or a map with tolerance and direction", {
  tolerance: ratio
    .optional()
    .meta({ description: "Below it a difference counts as same. Default: compare.tolerance." }),
  direction: z.enum(["higher", "lower"], { error: "higher or lower" }).optional().meta({
    description: "Which way is better. Each measure has a default.",
  }),
});

export const compare = form("a map with tolerance or measures", {
  tolerance: ratio.optional().meta({ description: "Below it a difference counts as same. Default 5%." }),
  measures: z
    .record(measureKey(measureNames), judged, { error: "a map of measures: latencyMs.p99: {tolerance: 10%}" })
    .optional()
    .meta({
      description: `What profiles are compared on, in place of the default: ${judgedByDefault.join(", ")}.`,
      propertyNames: { enum: measureNames },
    }),
}).meta({ description: "What is judged, and the band of same." });

const goalsAllowed = 'a map of goals: latencyMs.p99: "<= 50"';
const goalText = z.string({ error: 'a limit in quotes, such as "<= 50" or ">= 490/s"' });

/** "<= 50" for each measure of `names` that must be kept -> goals, in the order written. */
function goalsOf(names: readonly MeasureName[]) {
  return z
    .record(measureKey(names), goalText, { error: goalsAllowed })
    .transform((written, context) => Object.entries(written).flatMap(([name, text]) => goalOf(name, text, context)))
    .meta({ propertyNames: { enum: names } });
}

function goalOf(measure: string, text: string, context: z.RefinementCtx): Goal[] {
  if (!isMeasureName(measure)) return [];
  const goal = parseGoal(measure, text);
  if (goal !== null) return [goal];
  context.addIssue({ code: "custom", path: [measure], message: refusal(text, goalAllowed(measure)) });
  return [];
}

export const goals = goalsOf(measureNames).meta({
  description: 'What a trial, or each step of a search, must keep: latencyMs.p99: "<= 50", faultRatio: "<= 0.1%".',
});

/** What a stretch of the load is measured by. */
export const conditionGoals = goalsOf(measureNames.filter((name) => measureOf(name).inConditions)).meta({
  description: 'What is judged of this condition alone: sustainedPerSecond: ">= 50".',
});

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
  from: rate.optional().meta({ description: "The first rate tried; it doubles from there. Default: load.rate." }),
  to: rate.optional().meta({ description: "No higher rate is tried. Default: 16 times from." }),
  precision: precision
    .optional()
    .meta({ description: "The search ends once kept and missed rates are closer than this. Default 5%." }),
  holding: holding.optional().meta({ description: "How long each rate is held. Default 10s." }),
  ramp: duration.optional().meta({ description: "Time up to each rate, before it is held. Default 1s." }),
  steps: wholeNumber("a whole number from 3 to 60", 3, 60)
    .optional()
    .meta({ description: "Most trials of one search, its confirmation included. Default 14." }),
});

export const objective = z
  .union([text(objectiveAllowed, /^sustainable-rate$/), form(objectiveAllowed, { "sustainable-rate": search })], {
    error: objectiveAllowed,
  })
  .meta({
    description:
      "In place of one fixed rate: each profile's highest rate that keeps the goals is searched for. Needs goals and a constant load.rate.",
  });

export type CompareForm = z.output<typeof compare>;
export type ObjectiveForm = z.output<typeof objective>;
