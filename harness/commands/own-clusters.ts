import { InputError } from "../core/errors.ts";
import { didYouMean } from "../core/nearest.ts";

/** Clusters that tunebench itself can start. */
const ownClusters = ["one-node"] as const;

/** Whether tunebench itself can start a cluster of this name. */
export function isOwnCluster(name: string): boolean {
  return (ownClusters as readonly string[]).includes(name);
}

/** Throws InputError for a name that is none of them. */
export function checkOwnCluster(name: string): void {
  if (isOwnCluster(name)) return;
  throw new InputError(`tunebench can't start a cluster ${name}${didYouMean(name, ownClusters)}`, {
    hint: `those that it can: ${ownClusters.join(", ")}`,
  });
}
