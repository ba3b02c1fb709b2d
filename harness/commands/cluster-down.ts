import { takeDown } from "../../clusters/one-node/down.ts";
import { lockCluster } from "../../clusters/one-node/lock.ts";
import { CapabilityError, exitCodes } from "../core/errors.ts";
import { checkOwnCluster } from "./own-clusters.ts";

/** `tunebench cluster down NAME`: ends it, whole or half-started, and leaves nothing of it; exit 4 with what could not be removed. */
export async function clusterDown(name: string): Promise<number> {
  checkOwnCluster(name);
  requireRoot();
  const lock = await lockCluster((line) => process.stderr.write(`${line}\n`));
  try {
    const was = await takeDown();
    process.stderr.write(was ? `the cluster ${name} is down\n` : `the cluster ${name} was not up\n`);
  } finally {
    await lock.release();
  }
  return exitCodes.done;
}

/** The cluster's processes and files are root's. */
export function requireRoot(): void {
  if (process.geteuid?.() === 0) return;
  throw new CapabilityError("the cluster is root's, and this is another user", {
    hint: "run tunebench as root (sudo)",
  });
}
