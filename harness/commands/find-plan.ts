import { findSuite } from "../experiment/find-suite.ts";
import { makePlan, type Plan } from "../plan/make-plan.ts";
import type { Find } from "../results/find.ts";
import type { Cluster } from "../suite/cluster.ts";
import type { Suite } from "../suite/suite.ts";

/** The plan of a find: its baseline, and a time. Which trials there will be follows from what is seen. `suite` as findSuite gives it. */
export function findPlan(suite: Suite, { seed, budgetMs }: Find, memoryBytes: number, cluster: Cluster | null): Plan {
  const plan = makePlan(suite, { seed, memoryBytes, cluster });
  return { ...plan, blocks: 0, order: [], expectedSeconds: budgetMs / 1000 };
}

/** What a trial of it takes at most, s: the plan of the baseline alone has one. `suite` as it is written. */
export function findTrialSeconds(suite: Suite, find: Find, memoryBytes: number, cluster: Cluster | null): number {
  return makePlan(findSuite(suite, find), { seed: find.seed, memoryBytes, cluster }).expectedSeconds;
}
