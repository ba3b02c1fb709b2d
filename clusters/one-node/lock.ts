import { type HeldLock, lockFile } from "../../harness/cache/lock.ts";
import { places } from "./places.ts";

/**
 * Held by whoever brings the cluster up or takes it down, one at a time on a machine. It is the lock of a folder that is
 * always there (flock takes folders too), so that no lock file stays, and none is removed under a waiting one.
 */
export async function lockCluster(onProgress: (line: string) => void): Promise<HeldLock> {
  return await lockFile("/var/lib", () =>
    onProgress(`waiting for another tunebench that works on the cluster ${places.name}`),
  );
}
