import type { Doubt, TrialPlatform } from "../results/trial.ts";
import type { TrialInput } from "./trial-input.ts";

/** Reservations about a trial whose parts were pods: what can't be watched from beside them, and what they shared. */
export function clusterDoubts({ platform, samples }: TrialInput): Doubt[] {
  if (platform === null) return [];
  const seen = {
    node: samples.some(({ kind }) => kind === "node"),
    generator: samples.some((sample) => sample.kind === "roleCpu" && sample.role === "generator"),
  };
  return [...sharedNode(platform), ...watchedInPart(platform, seen.generator), ...nodeNotWatched(platform, seen.node)];
}

function sharedNode({ node, runnerNodes }: TrialPlatform): Doubt[] {
  if (!runnerNodes.includes(node)) return [];
  const message = `k6 ran on ${node}, the target's own node: each can slow the other`;
  return [{ code: "shared-cpus", message }];
}

/** Its drops are counted for all runners, and its own failures too; its CPU is that of one. */
function watchedInPart({ runners }: TrialPlatform, seen: boolean): Doubt[] {
  if (runners < 2 || !seen) return [];
  const message = `the generator's CPU was watched at 1 of ${runners} runners: another one may have been at its limit`;
  return [{ code: "generator-watched-in-part", message }];
}

function nodeNotWatched({ node }: TrialPlatform, seen: boolean): Doubt[] {
  if (seen) return [];
  const message = `interrupts, receive work per CPU and connection tracking of ${node} were not watched (observeNode in the cluster file does)`;
  return [{ code: "node-not-watched", message }];
}
