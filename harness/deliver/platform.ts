import type { FileObject } from "./objects.ts";
import type { Selection } from "./selection.ts";

/** What the user's file says: objects to be merged with. */
export interface FromFile {
  /** As messages name it. */
  name: string;
  text: string;
  /** Name of the group of nodes that is meant, where the file has several. */
  group?: string;
  /** Name of the workload that is meant, or KIND/NAME, where the file has several. */
  workload?: string;
}

/** A file of a delivery. */
export interface DeliveryFile {
  /** Relative to the delivery's folder; begins with its place in the order of things. */
  name: string;
  text: string;
}

/** Where in a file something goes. */
export interface FileLocation {
  file: string;
  /** Path of keys: `spec.kubelet.allowedUnsafeSysctls`. */
  at: string;
}

/** What must be done with a platform's nodes. All sentences are Markdown. */
export interface NodePlan {
  files: DeliveryFile[];
  /** Where the pods' allowlist goes, if one is needed. */
  allowlistIn?: FileLocation[];
  /** Where the node's own settings go, if there are any; left out where no file takes them. */
  nodeSettingsIn?: FileLocation[];
  /** How to begin with one node or pool, before all others. */
  first: string;
  /** In order. */
  steps: string[];
  /** Which nodes are replaced, rebooted or started again. */
  nodes: string;
  verify: string[];
  undo: string[];
  security?: string[];
  /** What looks as if it would do, and does not. */
  traps?: string[];
  /** What the user's file had, and what came of it: sentences. */
  notes?: string[];
}

/**
 * Whose settings a platform sets: those that a cluster's pods ask for, those that a kubelet gives to each pod of its node, a machine's own,
 * or those of containers that no cluster starts.
 */
export type Reaches = "pods" | "kubelet" | "machine" | "container";

export function isInCluster(reaches: Reaches): boolean {
  return reaches === "pods" || reaches === "kubelet";
}

/** One platform's way of letting pods set unsafe sysctls, and of setting its nodes' own. */
export interface Platform {
  title: string;
  reaches: Reaches;
  /** What --from takes, and whether a text is YAML which may hold the user's workloads too. */
  from: { what: string; isYaml(text: string): boolean };
  /** Whether an object of the user's file is the platform's, and no part of the workload's. */
  owns(object: FileObject): boolean;
  /** Of pods only where a node must be changed. Throws InputError where `from` can't be merged with. */
  plan(selection: Selection, from: FromFile | null): NodePlan;
}
