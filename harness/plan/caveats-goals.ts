import { measureOf } from "../core/measures.ts";
import { distinctCaveats } from "../results/caveat-keys.ts";
import type { Caveat } from "../results/caveats.ts";
import type { GoalLoad } from "../results/caveats-plan.ts";
import type { Goal } from "../results/goals.ts";
import { conditionsOf } from "../results/goals-of.ts";
import { peakPerSecond } from "../suite/rate.ts";
import { type Profile, type Suite, suiteFor } from "../suite/suite.ts";
import { leastMeasuredMs, measuredLoad, phaseOf } from "./measured-load.ts";

interface Asked {
  suite: Suite;
  profiles: Profile[];
}

/** Goals that this load can't keep, or can't be judged by. */
export function goalCaveats({ suite, profiles }: Asked): Caveat[] {
  const ofGoals = loadsOf(suite, profiles).flatMap((load) => load.goals.flatMap((goal) => caveatsOf(goal, load)));
  return distinctCaveats([...ofGoals, ...shortConditions(suite)]);
}

/** A load with goals of its own: a condition, a search's first step, or a profile's trials. */
interface LoadWithGoals {
  goals: Goal[];
  load: GoalLoad;
  perSecond: number;
  requests: number;
  bursts: boolean;
}

function loadsOf(suite: Suite, profiles: Profile[]): LoadWithGoals[] {
  const { experiment } = suite;
  if (experiment.kind === "conditions") {
    return experiment.conditions.map((condition) => ({
      goals: condition.goals,
      load: { kind: "condition", condition: condition.name },
      perSecond: condition.perSecond,
      requests: phaseOf(condition).requests,
      bursts: false,
    }));
  }
  return profiles.map((profile) => {
    const { rate } = suiteFor(suite, profile).load;
    return {
      goals: experiment.goals,
      load: goalLoadOf(suite, profile),
      perSecond: experiment.kind === "search" ? experiment.objective.fromPerSecond : peakPerSecond(rate),
      requests: measuredLoad(suite, profile).requests,
      bursts: rate.repeats,
    };
  });
}

function goalLoadOf({ experiment }: Suite, profile: Profile): GoalLoad {
  if (experiment.kind === "search") return { kind: "first-step" };
  return profile.load === null ? { kind: "suite" } : { kind: "profile", profile: profile.name };
}

function caveatsOf({ measure, limit }: Goal, { load, perSecond, requests, bursts }: LoadWithGoals): Caveat[] {
  if (measure === "sustainedPerSecond" && bursts) return [{ code: "goal-in-bursts", load }];
  if (measure === "sustainedPerSecond" && limit > perSecond) {
    return [{ code: "goal-above-load", load, loadPerSecond: perSecond, goalPerSecond: limit }];
  }
  const neededRequests = measureOf(measure).minRequests;
  if (requests >= neededRequests) return [];
  return [{ code: "few-requests-for-goal", load, measure, requests: Math.floor(requests), neededRequests }];
}

function shortConditions({ experiment }: Suite): Caveat[] {
  const short = conditionsOf(experiment).filter(({ lastingMs }) => lastingMs < leastMeasuredMs);
  const neededSeconds = leastMeasuredMs / 1000;
  return short.map(({ name, lastingMs }) => {
    return { code: "condition-too-short", condition: name, lastingMs, neededSeconds };
  });
}
