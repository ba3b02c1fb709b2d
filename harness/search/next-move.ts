import type { JudgedStep, SearchObjective, SearchRecord, SearchStep } from "../results/goals.ts";
import { type Bounds, boundsOf } from "./bounds.ts";
import { searchCaveats } from "./caveats.ts";

/** The next trial of a search, or what the search came to. */
export type SearchMove = { kind: "step"; step: SearchStep } | { kind: "end"; record: SearchRecord };

/** Steps that are here, in the order they were run; invalid trials are left out. */
export type SearchHistory = readonly JudgedStep[];

/** What a search does next: a pure function of its steps, so that a resumed run goes on where it was. */
export type NextMove = (objective: SearchObjective, steps: SearchHistory) => SearchMove;

/** Halvings below the first rate before a search gives up: its floor is a 32nd of that rate. */
const mostHalvings = 5;

/** Neighbouring rates of a bisection are told apart by three digits. */
const rateDigits = 3;

/**
 * Exponential search as Nighthawk's adaptive load controller does it: the rate doubles until a goal is missed, the gap
 * between kept and missed is halved (in ratio) down to the precision, and the answer is tried once more. Other than there, a
 * first rate that is missed is halved, and a confirmation that fails lowers the upper bound, so that the search goes on.
 * It ends within `objective.steps` whatever the answers are; no rate is above `toPerSecond`.
 */
export const nextMove: NextMove = (objective, steps) => {
  const bounds = boundsOf(steps);
  const left = objective.steps - steps.length;
  const last = steps.at(-1);
  if (last?.phase === "confirm" && last.kept) return end(objective, steps, last.ratePerSecond);
  if (left <= 0) return end(objective, steps, null);
  if (bounds.kept === null) return steps.length === 0 ? firstStep(objective) : stepDown(objective, steps, bounds, left);
  const between = rateBetween(objective, bounds);
  if (between === null || left === 1) return step(bounds.kept, "confirm");
  return step(between, bounds.missed === null ? "ramp" : "bisect");
};

function firstStep({ fromPerSecond, toPerSecond }: SearchObjective): SearchMove {
  return step(Math.min(fromPerSecond, toPerSecond), "ramp");
}

/** The last step is no use here: what it kept could not be confirmed any more. */
function stepDown(objective: SearchObjective, steps: SearchHistory, bounds: Bounds, left: number): SearchMove {
  const { fromPerSecond, toPerSecond } = objective;
  const next = (bounds.missed ?? fromPerSecond) / 2;
  const tooLow = next < Math.min(fromPerSecond, toPerSecond) / 2 ** mostHalvings;
  return tooLow || left === 1 ? end(objective, steps, null) : step(next, "ramp");
}

/** The next rate above what was kept; null where the search is done. */
function rateBetween({ toPerSecond, precision }: SearchObjective, { kept, missed }: Bounds): number | null {
  if (kept === null) return null;
  if (missed === null) return kept >= toPerSecond ? null : Math.min(2 * kept, toPerSecond);
  if (missed - kept <= precision * kept) return null;
  const middle = Math.sqrt(kept * missed);
  const inside = [Number(middle.toPrecision(rateDigits)), middle].find((rate) => rate > kept && rate < missed);
  return inside ?? null;
}

function step(ratePerSecond: number, phase: SearchStep["phase"]): SearchMove {
  return { kind: "step", step: { ratePerSecond, phase } };
}

function end(objective: SearchObjective, steps: SearchHistory, confirmed: number | null): SearchMove {
  const { missed, missedByGenerator } = boundsOf(steps);
  const record: SearchRecord = {
    steps: [...steps],
    sustainableRatePerSecond: confirmed,
    lowerBound: confirmed !== null && (missed === null || missedByGenerator),
    caveats: searchCaveats(objective, steps, confirmed),
  };
  return { kind: "end", record };
}
