import { isMeasureName, judgedByDefault, type MeasureName, measureOf } from "../core/measures.ts";
import type { Condition, ConditionAction, SearchObjective } from "../results/goals.ts";
import type { JudgedMeasure } from "../results/run.ts";
import type { SuiteForm } from "./schema.ts";
import type { ActionForm, ConditionsForm } from "./schema-conditions.ts";
import type { ObjectiveForm } from "./schema-goals.ts";

/** What profiles are compared on: the suite's own measures, or those that fit its kind of load. */
export function buildJudged(form: Pick<SuiteForm, "compare" | "objective" | "conditions">): JudgedMeasure[] {
  const tolerance = form.compare?.tolerance ?? 0.05;
  const own = Object.entries(form.compare?.measures ?? {});
  if (own.length === 0) {
    return defaultMeasures(form).map((name) => ({ name, direction: measureOf(name).better, tolerance }));
  }
  return own.flatMap(([name, judged]) =>
    isMeasureName(name)
      ? [{ name, direction: judged.direction ?? measureOf(name).better, tolerance: judged.tolerance ?? tolerance }]
      : [],
  );
}

/**
 * A search asks each profile for other rates, so only its answer can be compared. Conditions ask all profiles for the same
 * rates, so that served requests can be; latency over several rates would mix them.
 */
function defaultMeasures(form: Pick<SuiteForm, "objective" | "conditions">): readonly MeasureName[] {
  if (form.objective !== undefined) return ["sustainableRatePerSecond"];
  return form.conditions === undefined ? judgedByDefault : ["sustainedPerSecond"];
}

/** The search with its defaults. `load.rate` is the first rate unless the suite says otherwise. */
export function buildObjective(form: ObjectiveForm, loadPerSecond: number): SearchObjective {
  const own = typeof form === "string" ? {} : form["sustainable-rate"];
  const fromPerSecond = own.from ?? loadPerSecond;
  return {
    kind: "sustainable-rate",
    fromPerSecond,
    toPerSecond: own.to ?? Math.min(16 * fromPerSecond, highestPerSecond),
    precision: own.precision ?? 0.05,
    holdingMs: own.holding ?? 10_000,
    rampMs: own.ramp ?? 1000,
    steps: own.steps ?? 14,
  };
}

/** Highest rate that a suite can write. */
const highestPerSecond = 999_999;

export function buildConditions(form: ConditionsForm): Condition[] {
  return Object.entries(form).map(([name, { rate, lasting, actions, goals }]) => ({
    name,
    perSecond: rate,
    lastingMs: lasting,
    actions: (actions ?? []).map(buildAction).toSorted((a, b) => a.atMs - b.atMs),
    goals: goals ?? [],
  }));
}

function buildAction(form: ActionForm): ConditionAction {
  const atMs = form.at;
  if ("kill" in form) {
    return {
      kind: "kill",
      part: form.kill,
      replica: form.replica ?? 1,
      atMs,
      restartAfterMs: form.restartAfter ?? null,
    };
  }
  if ("pause" in form) {
    return { kind: "pause", part: form.pause, replica: form.replica ?? 1, atMs, lastingMs: form.lasting };
  }
  return { kind: "latency", part: form.part, atMs, lastingMs: form.lasting, addedMs: form.latency };
}
