import type { Role } from "../results/samples.ts";
import type { StopReason } from "../results/trial.ts";
import type { TrialInput } from "./trial-input.ts";

/** Roles that ended unasked: the load's stop says whether under load; what ends later ended of the stop itself (k6 resets its connections). */
export function deathsOf({ deaths, stop }: Pick<TrialInput, "deaths" | "stop">): { underLoad: Role[]; later: Role[] } {
  const roles = Object.keys(deaths);
  const underLoad = roles.filter((role) => stop?.criterion === criterionOf(role));
  return { underLoad, later: roles.filter((role) => !underLoad.includes(role)) };
}

function criterionOf(role: Role): StopReason["criterion"] {
  if (role === "target") return "target-died";
  return role === "generator" ? "generator-died" : "upstream-died";
}
