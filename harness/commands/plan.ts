import { randomInt } from "node:crypto";
import { totalmem } from "node:os";
import { screenOf } from "../core/screen.ts";
import { makePlan, type Plan } from "../plan/make-plan.ts";
import { describePlan } from "../report/plan/describe-plan.ts";
import type { Cluster } from "../suite/cluster.ts";
import { loadSuite } from "../suite/load-suite.ts";
import type { Suite } from "../suite/suite.ts";
import { chosenCluster } from "./chosen-cluster.ts";

/** What the user chose of a suite. */
export interface PlanOptions {
  profiles?: string[];
  blocks?: number;
  seed?: number;
}

/** `tunebench plan`: prints the plan; touches nothing. */
export async function plan(path: string, options: PlanOptions & { cluster?: string }): Promise<number> {
  const suite = await loadSuite(path);
  const cluster = await chosenCluster(suite, options.cluster);
  process.stdout.write(describePlan(suite, planOf(suite, options, cluster), { width: screenOf(process.stdout).width }));
  return 0;
}

/** The plan of a suite with the user's choices; without a seed anywhere one is drawn, and recorded. */
export function planOf(suite: Suite, options: PlanOptions, cluster: Cluster | null = null): Plan {
  const seed = options.seed ?? suite.seed ?? randomInt(2 ** 32);
  const chosen = {
    ...(options.profiles === undefined ? {} : { profiles: options.profiles }),
    ...(options.blocks === undefined ? {} : { blocks: options.blocks }),
  };
  return makePlan(suite, { ...chosen, seed, memoryBytes: totalmem(), cluster });
}
