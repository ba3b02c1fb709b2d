import { measureOf } from "../core/measures.ts";
import { formatCount } from "../core/numbers.ts";
import { formatChosen } from "../core/units.ts";
import { counted } from "../core/words.ts";
import type { Goal } from "../results/goals.ts";
import type { Doubt } from "../results/trial.ts";
import { peakPerSecond } from "../suite/rate.ts";
import type { Profile, Suite } from "../suite/suite.ts";
import { suiteFor } from "../suite/suite-for.ts";
import { leastMeasuredMs, measuredLoad, stretchOf } from "./measured-load.ts";

interface Asked {
  suite: Suite;
  profiles: Profile[];
}

/** Goals that this load can't keep, or can't be judged by. */
export function goalDoubts({ suite, profiles }: Asked): Doubt[] {
  return [...loadsOf(suite, profiles).flatMap((load) => load.goals.flatMap((goal) => doubtsOf(goal, load)))]
    .concat(shortConditions(suite))
    .filter(({ message }, i, all) => all.findIndex((other) => other.message === message) === i);
}

/** A load with goals of its own: a condition, a search's first step, or a profile's trials. */
interface LoadWithGoals {
  goals: Goal[];
  what: string;
  perSecond: number;
  requests: number;
  bursts: boolean;
}

function loadsOf(suite: Suite, profiles: Profile[]): LoadWithGoals[] {
  const { conditions, objective, goals } = suite;
  if (conditions.length > 0) {
    return conditions.map((condition) => ({
      goals: condition.goals,
      what: `condition ${condition.name}`,
      perSecond: condition.perSecond,
      requests: stretchOf(condition).requests,
      bursts: false,
    }));
  }
  return profiles.map((profile) => {
    const { rate } = suiteFor(suite, profile).load;
    return {
      goals,
      what: objective !== null ? "search's first step" : profile.load === null ? "load" : `load of ${profile.name}`,
      perSecond: objective === null ? peakPerSecond(rate) : objective.fromPerSecond,
      requests: measuredLoad(suite, profile).requests,
      bursts: rate.repeats,
    };
  });
}

function doubtsOf({ measure, limit }: Goal, { what, perSecond, requests, bursts }: LoadWithGoals): Doubt[] {
  if (measure === "sustainedPerSecond" && bursts) {
    const message = `the ${what} comes in bursts, which have no sustained rate: its goal for sustainedPerSecond can't be judged`;
    return [{ code: "bursts-without-rate", message }];
  }
  if (measure === "sustainedPerSecond" && limit > perSecond) {
    const message = `the ${what} asks for ${formatChosen(perSecond, "1/s")}: the goal of ${formatChosen(limit, "1/s")} can't be kept`;
    return [{ code: "goal-above-load", message }];
  }
  const needed = measureOf(measure).minRequests;
  if (requests >= needed) return [];
  const message = `the ${what} has ${counted(Math.floor(requests), "request")} at most to judge ${measure} by: with fewer than ${formatCount(needed)} some slow ones decide it`;
  return [{ code: "few-requests-for-goal", message }];
}

function shortConditions({ conditions }: Suite): Doubt[] {
  const short = conditions.filter(({ lastingMs }) => lastingMs < leastMeasuredMs);
  return short.map(({ name, lastingMs }) => {
    const message = `condition ${name} lasts ${formatChosen(lastingMs, "ms")}: it has numbers only where one of the generator's windows (0.5 s) lies wholly within it; ${formatChosen(leastMeasuredMs / 1000, "s")} would do`;
    return { code: "condition-too-short", message };
  });
}
