import type { Caveat } from "../results/caveats.ts";
import type { Sample } from "../results/samples.ts";
import type { TrialPlatform } from "../results/trial.ts";
import type { TrialInput } from "./trial-input.ts";

/** Reservations about a trial whose parts were pods: what can't be watched from beside them, and what they shared. */
export function clusterCaveats(input: TrialInput): Caveat[] {
  const { platform, samples } = input;
  if (platform === null) return [];
  const generatorSeen = samples.some((sample) => sample.kind === "roleCpu" && sample.role === "generator");
  return [
    ...sharedNode(platform),
    ...notFresh(platform),
    ...watchedInPart(platform, generatorSeen),
    ...limitsNotSeen(samples),
    ...nodeNotWatched(platform, input),
  ];
}

function sharedNode({ node, runnerNodes }: TrialPlatform): Caveat[] {
  return runnerNodes.includes(node) ? [{ code: "shared-node", node }] : [];
}

/** What the target had already, before any profile. */
function notFresh({ node, defaultPodSysctls, installed }: TrialPlatform): Caveat[] {
  const settings = Object.entries(defaultPodSysctls ?? {}).map(([key, value]) => ({ key, value }));
  return [
    ...(installed === null ? [] : [{ code: "installed-target", ...installed } as const]),
    ...(settings.length === 0 ? [] : [{ code: "node-default-sysctls", node, settings } as const]),
  ];
}

/** Its drops are counted for all runners, and its own failures too; its CPU is that of one. */
function watchedInPart({ runners }: TrialPlatform, seen: boolean): Caveat[] {
  return runners < 2 || !seen ? [] : [{ code: "generator-watched-in-part", runners }];
}

/** From the container beside it a part that is another user's shows neither its descriptors nor the files of its cgroup. */
function limitsNotSeen(samples: Sample[]): Caveat[] {
  const looks = Map.groupBy(
    samples.filter((sample) => sample.kind === "process").filter(({ role }) => role !== "generator"),
    ({ role }) => role,
  );
  const rolesWithout = (field: "openFiles" | "oomKills") =>
    [...looks].filter(([, own]) => own.every((look) => look[field] === null)).map(([role]) => role);
  const [descriptors, memory] = [rolesWithout("openFiles"), rolesWithout("oomKills")];
  return descriptors.length + memory.length === 0 ? [] : [{ code: "own-limits-not-seen", descriptors, memory }];
}

function nodeNotWatched({ node, nodeObserved }: TrialPlatform, { samples }: TrialInput): Caveat[] {
  if (nodeObserved) return [];
  const receiveWorkSeen = samples.some(({ kind }) => kind === "node");
  return [{ code: "node-not-watched", node, receiveWorkSeen }, ...tableMayBeFull(node, samples)];
}

/** What kube-proxy raises nf_conntrack_max to at least (its conntrack.min). */
const usualConntrackMax = 131_072;

/** The node may track every connection of the trial for 120 s after its end; whether its table was full is then not known. */
function tableMayBeFull(node: string, samples: Sample[]): Caveat[] {
  const connections = openedBy(samples);
  const read = lastOf(samples.flatMap((sample) => (sample.kind === "node" ? (sample.conntrackMax ?? []) : [])));
  const limit = read ?? usualConntrackMax;
  if (connections <= limit / 2) return [];
  return [{ code: "conntrack-unknown", node, connections, limit, isUsualLimit: read === undefined }];
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
