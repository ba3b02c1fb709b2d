import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "../../cache/folder.ts";
import { type HeldLock, lockFile } from "../../cache/lock.ts";
import { places } from "./places.ts";

/** Held by whoever brings the cluster up or takes it down; the lock's file is in the cache, which outlives the cluster. */
export async function lockCluster(env: NodeJS.ProcessEnv, onProgress: (line: string) => void): Promise<HeldLock> {
  await mkdir(cacheFolder(env), { recursive: true });
  return await lockFile(join(cacheFolder(env), `${places.name}.lock`), () =>
    onProgress(`waiting for another tunebench that works on the cluster ${places.name}`),
  );
}
