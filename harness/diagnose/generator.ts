import type { TrialRecord } from "../results/trial.ts";
import { fact, type Rule, type TrialFinding } from "./rule.ts";

/** The generator was the limit (see GeneratorHealth): the trial says what k6 could do here, not what the target can. */
export const generatorBound: Rule = { rule: "generator-bound", find: findBoundGenerator };

function findBoundGenerator(trial: TrialRecord): TrialFinding | null {
  const { bound, reasons, droppedIterations, maxVirtualUsers, cpuCores } = trial.generator;
  if (!bound) return null;
  const why = reasons.length > 0 ? `: ${reasons.join("; ")}` : "";
  return {
    side: "generator",
    bottleneck: `The load generator was the limit, not the target${why}. The target's capacity is at least what was measured.`,
    evidence: [
      fact("dropped iterations", droppedIterations, "iterations"),
      fact("virtual users", maxVirtualUsers, null),
      ...(cpuCores === null ? [] : [fact("generator's CPU", cpuCores, "cores")]),
      ...trial.faults
        .filter(({ side }) => side === "generator")
        .map(({ kind, count }) => fact(`${kind} in the generator's own dials`, count, "requests")),
    ],
    remedy:
      `Give the generator ${more(trial)}; where its own ports ran out, keep its ` +
      "connections open or widen net.ipv4.ip_local_port_range in its namespace.",
  };
}

function more({ platform }: TrialRecord): string {
  if (platform === null) return "more virtual users, CPUs of its own, or another machine";
  return "more virtual users, more pods (load.runners), or nodes beside the target's own";
}
