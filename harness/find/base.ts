import type { Finding } from "../diagnose/finding.ts";
import type { Arm } from "../results/find.ts";
import type { ObservedTrial } from "./observed-trial.ts";
import { commonStanding, type Response, responseOf, type Standing } from "./standing.ts";

/** Where a find stands: the arm that everything is tried on top of, and what its trials show. */
export interface Base {
  arm: Arm;
  ratePerSecond: number | null;
  trials: ObservedTrial[];
  standing: Standing;
  response: Response;
  /** What limits it; null where nothing is known to. */
  finding: Finding | null;
}

export function baseOf(arm: Arm, ratePerSecond: number | null, trials: ObservedTrial[]): Base {
  return {
    arm,
    ratePerSecond,
    trials,
    standing: commonStanding(trials),
    response: responseOf(trials),
    finding: mainFinding(trials),
  };
}

/** Whether something keeps it from serving what is asked, or a rule says so. */
export function isBound({ standing, finding }: Base): boolean {
  return standing !== "held" || finding !== null;
}

/** These stand beside a cause, and explain no failure. */
const beside = ["time-wait-bucket-overflow", "receive-work-on-one-cpu"];

/** The most telling finding that most of the trials show; that the generator was the limit counts where nothing broke. */
function mainFinding(trials: readonly ObservedTrial[]): Finding | null {
  const broke = trials.some(({ outcome }) => outcome === "broke");
  const shown = trials.flatMap(({ findings }) => findings).filter(({ consequenceOf }) => consequenceOf === null);
  const isCommon = ({ rule }: Finding) => shown.filter((other) => other.rule === rule).length * 2 > trials.length;
  const common = shown.filter((finding) => isCommon(finding) && !(broke && finding.rule === "generator-bound"));
  return common.find(({ rule }) => !beside.includes(rule)) ?? null;
}
