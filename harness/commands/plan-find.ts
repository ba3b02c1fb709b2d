import { totalmem } from "node:os";
import { jsonText } from "../core/text.ts";
import { describeFind, trialsInBudget } from "../report/plan/describe-find.ts";
import type { Cluster } from "../suite/cluster.ts";
import type { Suite } from "../suite/suite.ts";
import { type FindOptions, findChoice, findOf } from "./find-choice.ts";
import { findTrialSeconds } from "./find-plan.ts";
import type { TextFormat } from "./formats.ts";

/** What `tunebench find` would do, and what fits into its budget; what this machine or cluster refuses is not tried here. */
export function findPlanText(
  suite: Suite,
  cluster: Cluster | null,
  options: FindOptions & { format: TextFormat },
  width: number,
): string {
  const find = findOf(suite, findChoice(suite, cluster, options), []);
  const trialSeconds = findTrialSeconds(suite, find, totalmem(), cluster);
  if (options.format === "terminal") return describeFind(suite, find, { width, trialSeconds });
  return jsonText({ suite: suite.name, find, trialSeconds, trials: trialsInBudget(find, trialSeconds) });
}
