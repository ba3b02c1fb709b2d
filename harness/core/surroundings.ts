import { readFileSync } from "node:fs";
import { CapabilityError, InputError } from "./errors.ts";

/** A run opens some 100 files at once (pipes of parts, logs, samplers' tables); with 48 a spawn failed in the first trial. */
const neededFiles = 256;

/** Throws where nothing could go well: InputError in a folder that was deleted, CapabilityError where too few files may be open at once. */
export function checkSurroundings(): void {
  try {
    process.cwd();
  } catch (cause) {
    throw new InputError("the working folder was deleted", { hint: "change into one that is there", cause });
  }
  const most = mostOpenFiles();
  if (most >= neededFiles) return;
  throw new CapabilityError(`at most ${most} files may be open at once here, and ${neededFiles} are needed`, {
    hint: `ulimit -n ${neededFiles}`,
  });
}

/** RLIMIT_NOFILE, the soft limit (proc(5), /proc/PID/limits); infinite where it is not told. */
function mostOpenFiles(): number {
  try {
    const soft = /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8"))?.[1];
    return soft === undefined ? Number.POSITIVE_INFINITY : Number(soft);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
