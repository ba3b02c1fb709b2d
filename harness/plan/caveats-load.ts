import type { Caveat } from "../results/caveats.ts";
import type { SearchObjective } from "../results/goals.ts";
import { conditionsOf } from "../results/goals-of.ts";
import type { PredictedWalls } from "../results/prediction.ts";
import { msForRequests } from "../suite/rate.ts";
import type { Suite } from "../suite/suite.ts";
import { calmConditions } from "./measured-load.ts";
import { timeWaitMs } from "./port-budget.ts";

interface PlannedLoad {
  suite: Suite;
  predictions: PredictedWalls[];
}

/** What the arithmetic says against a search. */
export function searchLoadCaveats({ suite, predictions }: PlannedLoad): Caveat[] {
  if (suite.experiment.kind !== "search") return [];
  const { objective } = suite.experiment;
  return [...hiddenWalls(objective, predictions), ...tooFewSteps(objective), ...tooCoarse(objective, suite)];
}

/** Ports are given back after a TIME_WAIT's 60 s: a rate that is held for less can look sustainable and is not. */
function hiddenWalls({ holdingMs, toPerSecond }: SearchObjective, predictions: PredictedWalls[]): Caveat[] {
  if (holdingMs >= timeWaitMs) return [];
  const hidden = predictions.filter(
    ({ wallPorts, sustainablePerSecond }) => wallPorts !== null && toPerSecond > sustainablePerSecond,
  );
  if (hidden.length === 0) return [];
  const ceilings = hidden.map(({ profile, sustainablePerSecond }) => ({ profile, perSecond: sustainablePerSecond }));
  const [heldSeconds, timeWaitSeconds] = [holdingMs / 1000, timeWaitMs / 1000];
  return [{ code: "search-hides-wall", heldSeconds, timeWaitSeconds, ceilings }];
}

/** Doublings from the lowest rate to the highest, halvings of the last doubling down to the precision, and a confirmation. */
function tooFewSteps({ fromPerSecond, toPerSecond, precision, steps }: SearchObjective): Caveat[] {
  const doublings = Math.ceil(Math.log2(toPerSecond / fromPerSecond)) + 1;
  const halvings = Math.max(0, Math.ceil(Math.log2(Math.LN2 / Math.log1p(precision))));
  const neededSteps = doublings + halvings + 1;
  if (steps >= neededSteps) return [];
  return [{ code: "too-few-steps", fromPerSecond, toPerSecond, precision, steps, neededSteps }];
}

/** Two searches differ by nothing or by a whole step: what is finer than a step can't be called the same. */
function tooCoarse({ precision }: SearchObjective, { judged, profiles }: Suite): Caveat[] {
  const tolerance = judged.find(({ name }) => name === "sustainableRatePerSecond")?.tolerance ?? precision;
  if (profiles.length < 2 || precision <= tolerance) return [];
  return [{ code: "search-too-coarse", precision, tolerance }];
}

/** What may end the load while conditions are still to come. Only the bounds do where something is done to parts (decideStop). */
export function conditionsCaveats({ suite }: PlannedLoad): Caveat[] {
  const { stop, load } = suite;
  const conditions = conditionsOf(suite.experiment);
  if (conditions.length === 0) return [];
  const wholeMs = conditions.reduce((sum, { lastingMs }) => sum + lastingMs, 0);
  const calm = calmConditions(conditions);
  const walls = (["fault", "latency", "cliff", "saturated"] as const).filter(
    (end) => stop[end] !== null && calm.length > 0,
  );
  const isBounded = stop.requests !== null && msForRequests(load.rate, stop.requests) < wholeMs;
  const criteria = [...walls, ...(isBounded ? (["requests"] as const) : [])];
  if (criteria.length === 0) return [];
  const sparesActions = walls.length > 0 && calm.length < conditions.length;
  return [{ code: "conditions-may-be-cut-short", criteria, sparesActions }];
}
