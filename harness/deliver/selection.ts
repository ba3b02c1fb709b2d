import type { Reach } from "../knowledge/kubernetes.ts";

/** One setting of the target, and how it reaches a pod. */
export interface DeliveredSetting {
  key: string;
  /** As it is written; of several, all of them for people: "4096 or 65535". */
  value: string;
  /** One, but of a test pool's setting each that a profile asks for. */
  values: string[];
  reach: Reach;
  /** What the run says of it by itself; null where it says nothing. */
  evidence: string | null;
}

/** Kubernetes 1.34, where nobody says which. */
export const assumedMinor = 34;

/** One thing that a profile changes beside the target's settings. */
export interface OtherChange {
  /** environment, command, image: the program's own. elsewhere: another role's, the node's interface, the load. */
  kind: "environment" | "command" | "image" | "elsewhere";
  /** `BACKLOG=65535` */
  text: string;
}

/** The half of a profile that no setting can be: what its program must be given. */
export interface OtherHalf {
  changes: OtherChange[];
  /** What the run says of the settings without it; unmeasured: nothing. */
  without: "helps" | "nothing" | "unmeasured";
  /** The profile of the settings alone; null where none was run. */
  profile: string | null;
}

/** Where a selection comes from. */
export type Origin =
  | { kind: "run"; id: string; profile: string; baseline: string }
  | { kind: "suite"; name: string; profile: string | null };

/** What is to be delivered, whatever the platform. */
export interface Selection {
  /** rollout: a measured profile. test-pool: nodes on which a suite can be measured at all. */
  purpose: "rollout" | "test-pool";
  /** What it is, for a title: "profile reuse of run 2026...". */
  subject: string;
  /** Name of the objects, the label's and the taint's value: a DNS label beginning with tunebench-, unique to a suite and its profile. */
  name: string;
  /** Kubernetes 1.`minor` is delivered to. */
  minor: number;
  /** Whether that is what the run's cluster had; else it is assumed. */
  isMeasuredOn: boolean;
  settings: DeliveredSetting[];
  origin: Origin;
  /** What the experiment set for the target under its baseline too: not delivered. */
  conditions: { key: string; value: string }[];
  /** What must be done in the program for the settings to do anything; null where a profile changes settings only. */
  otherHalf: OtherHalf | null;
  /** Ports that the target was seen to listen on, rising. */
  listeners: number[];
  /** Limit of the target's accept queue that the profile's trials had, connections; null where none was seen. */
  queueLimit: number | null;
  /** Keys that are not delivered, each with the reason. */
  leftOut: (Pick<DeliveredSetting, "key" | "value" | "values"> & { why: string })[];
  /** What the profile changes beside the target's settings: sentences. */
  elsewhere: string[];
  /** What the run says of the whole: sentences; [] for a suite. */
  evidence: string[];
  /** The best profile made of safe keys only, as a sentence; null where this one is made of such. */
  beside: string | null;
  caveats: string[];
}

/** Keys that a node's kubelet must allow, sorted. */
export function unsafeKeys({ settings }: Selection): string[] {
  return [...new Set(settings.filter(({ reach }) => reach.kind === "unsafe").map(({ key }) => key))].sort();
}

/** What the pod itself asks for. */
export function podSettings({ settings }: Selection): DeliveredSetting[] {
  return settings.filter(({ reach }) => reach.kind !== "node");
}

/** What only the node can be given. */
export function nodesSettings({ settings }: Selection): DeliveredSetting[] {
  return settings.filter(({ reach }) => reach.kind === "node");
}

/** Whether any node must be changed. */
export function needsNodes(selection: Selection): boolean {
  return selection.settings.some(({ reach }) => reach.kind !== "safe");
}
