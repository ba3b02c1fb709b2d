import { homedir } from "node:os";
import { join } from "node:path";

/** Folder in the user's cache that holds built programs and nothing else: $XDG_CACHE_HOME or ~/.cache, then tunebench. */
export function cacheFolder(env: NodeJS.ProcessEnv): string {
  return join(env.XDG_CACHE_HOME || join(env.HOME || homedir(), ".cache"), "tunebench");
}
