import { formatChosen, formatRate } from "../core/units.ts";
import { listWords } from "../core/words.ts";
import type { PredictedWalls } from "../results/run.ts";
import type { Doubt } from "../results/trial.ts";
import { msForRequests } from "../suite/rate.ts";
import type { SearchObjective, Suite } from "../suite/suite.ts";
import { calmConditions } from "./measured-load.ts";
import { timeWaitMs } from "./ports.ts";

interface PlannedLoad {
  suite: Suite;
  predictions: PredictedWalls[];
}

/** What the arithmetic says against a search. */
export function searchDoubts({ suite, predictions }: PlannedLoad): Doubt[] {
  const { objective } = suite;
  if (objective === null) return [];
  return [...hiddenWalls(objective, predictions), ...tooFewSteps(objective), ...tooCoarse(objective, suite)];
}

/** Ports are given back after a TIME_WAIT's 60 s: a rate that is held for less can look sustainable and is not. */
function hiddenWalls({ holdingMs, toPerSecond }: SearchObjective, predictions: PredictedWalls[]): Doubt[] {
  if (holdingMs >= timeWaitMs) return [];
  const hidden = predictions.filter(
    ({ wallPorts, sustainablePerSecond }) => wallPorts !== null && toPerSecond > sustainablePerSecond,
  );
  if (hidden.length === 0) return [];
  const ceilings = hidden.map(({ profile, sustainablePerSecond }) => {
    return `${profile} (${formatRate(Math.floor(sustainablePerSecond))})`;
  });
  const message = `each rate is held for ${formatChosen(holdingMs / 1000, "s")}, less than a TIME_WAIT's ${formatChosen(timeWaitMs / 1000, "s")}: if every request opens a connection, a rate above what the ports sustain (usable ports / 60 s) may be found, for its wall comes later, for ${ceilings.join(", ")}; hold for 60s, or end the search there`;
  return [{ code: "search-hides-wall", message }];
}

/** Doublings from the lowest rate to the highest, halvings of the last doubling down to the precision, and a confirmation. */
function tooFewSteps({ fromPerSecond, toPerSecond, precision, steps }: SearchObjective): Doubt[] {
  const doublings = Math.ceil(Math.log2(toPerSecond / fromPerSecond)) + 1;
  const halvings = Math.max(0, Math.ceil(Math.log2(Math.LN2 / Math.log1p(precision))));
  const needed = doublings + halvings + 1;
  if (steps >= needed) return [];
  const message = `a search from ${formatChosen(fromPerSecond, "1/s")} to ${formatChosen(toPerSecond, "1/s")} may need ${needed} steps to be ${formatChosen(precision, "fraction")} precise, and has ${steps}: begin higher, or allow more`;
  return [{ code: "too-few-steps", message }];
}

/** Two searches differ by nothing or by a whole step: what is finer than a step can't be called the same. */
function tooCoarse({ precision }: SearchObjective, { judged, profiles }: Suite): Doubt[] {
  const tolerance = judged.find(({ name }) => name === "sustainableRatePerSecond")?.tolerance ?? precision;
  if (profiles.length < 2 || precision <= tolerance) return [];
  const message = `a search tells rates apart from ${formatChosen(precision, "fraction")} on, and the tolerance is ${formatChosen(tolerance, "fraction")}: no profile can be called the same as the baseline; search more precisely, or allow more`;
  return [{ code: "search-too-coarse", message }];
}

/** What may end the load while conditions are still to come. Only the bounds do where something is done to parts (decideStop). */
export function conditionsDoubts({ suite }: PlannedLoad): Doubt[] {
  const { conditions, stop, load } = suite;
  if (conditions.length === 0) return [];
  const wholeMs = conditions.reduce((sum, { lastingMs }) => sum + lastingMs, 0);
  const calm = calmConditions(conditions);
  const walls = (["fault", "latency", "cliff"] as const).flatMap((end) =>
    stop[end] === null || calm.length === 0 ? [] : [`stop.${end}`],
  );
  const ends = [
    ...walls,
    ...(stop.requests === null || msForRequests(load.rate, stop.requests) >= wholeMs ? [] : ["stop.requests"]),
  ];
  if (ends.length === 0) return [];
  const sparing = walls.length > 0 && calm.length < conditions.length;
  const spared = sparing ? ` (conditions with actions are spared by ${listWords(walls)})` : "";
  const message = `${listWords(ends)} may end the load before its conditions are over${spared}: those that did not come have no numbers`;
  return [{ code: "conditions-cut-short", message }];
}
