import { formatCount } from "../core/numbers.ts";
import type { Sample } from "../results/samples.ts";
import type { Doubt, TrialPlatform } from "../results/trial.ts";
import type { TrialInput } from "./trial-input.ts";

/** Reservations about a trial whose parts were pods: what can't be watched from beside them, and what they shared. */
export function clusterDoubts(input: TrialInput): Doubt[] {
  const { platform, samples } = input;
  if (platform === null) return [];
  const generatorSeen = samples.some((sample) => sample.kind === "roleCpu" && sample.role === "generator");
  return [...sharedNode(platform), ...watchedInPart(platform, generatorSeen), ...nodeNotWatched(platform, input)];
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

function nodeNotWatched({ node, nodeObserved }: TrialPlatform, { samples }: TrialInput): Doubt[] {
  if (nodeObserved) return [];
  const seenFromPod = samples.some(({ kind }) => kind === "node");
  const what = seenFromPod ? "interrupts and" : "interrupts, receive work per CPU and";
  const message = `${what} connection tracking of ${node} were not watched (observeNode in the cluster file does), nor was the CPU that others used there`;
  return [{ code: "node-not-watched", message }, ...tableMayBeFull(node, samples)];
}

/** What kube-proxy raises nf_conntrack_max to at least (its conntrack.min). */
const usualConntrackMax = 131_072;

/** The node may track every connection of the trial for 120 s after its end; whether its table was full is then not known. */
function tableMayBeFull(node: string, samples: Sample[]): Doubt[] {
  const opened = openedBy(samples);
  const limit = lastOf(samples.flatMap((sample) => (sample.kind === "node" ? (sample.conntrackMax ?? []) : [])));
  if (opened <= (limit ?? usualConntrackMax) / 2) return [];
  const limitWords = limit === undefined ? `${formatCount(usualConntrackMax)} on most nodes` : formatCount(limit);
  const message = `${formatCount(opened)} connections were opened from and to the target, and ${node} may track them all: its limit is ${limitWords}, and whether it was reached was not watched`;
  return [{ code: "conntrack-unknown", message }];
}

/** Connections that the target opened and took during the trial, by its own counters. */
function openedBy(samples: Sample[]): number {
  const rows = samples.flatMap((sample) =>
    sample.kind === "counters" && sample.role === "target" ? [sample.values] : [],
  );
  const [first, last] = [rows[0], lastOf(rows)];
  const rise = (name: string) => (last?.[name] ?? 0) - (first?.[name] ?? 0);
  return rise("ActiveOpens") + rise("PassiveOpens");
}

function lastOf<T>(list: T[]): T | undefined {
  return list.at(-1);
}
