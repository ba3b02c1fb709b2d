import type { Selection } from "./selection.ts";

/** What the user's file says: an object to be merged with. */
export interface FromFile {
  name: string;
  text: string;
}

/** A file of a delivery. */
export interface DeliveryFile {
  /** Relative to the delivery's folder; begins with its place in the order of things. */
  name: string;
  text: string;
}

/** What must be done with a platform's nodes. All sentences are Markdown. */
export interface NodePlan {
  files: DeliveryFile[];
  /** In order. */
  steps: string[];
  /** Which nodes are replaced, rebooted or started again. */
  nodes: string;
  verify: string[];
  undo: string[];
  security: string[];
  /** What looks as if it would do, and does not. */
  traps: string[];
}

/** One platform's way of letting pods set unsafe sysctls, and of setting its nodes' own. */
export interface Platform {
  title: string;
  /** What --from takes, and whether it is YAML, which may hold the user's workloads too; null = nothing to merge with. */
  from: { what: string; yaml: boolean } | null;
  /** Only where a node must be changed. Throws InputError where `from` can't be merged with. */
  plan(selection: Selection, from: FromFile | null): NodePlan;
}
