import { existsSync, linkSync, renameSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { InputError } from "../core/errors.ts";
import { startTicks } from "../core/process-start.ts";
import { ownText } from "../core/read-regular.ts";
import { partialName, writeNew, writing } from "./write.ts";

/** File in a run's folder that names the process which writes there. After SIGKILL it stays, and names nobody alive. */
export const runningMark = ".running";

/**
 * Marks a run's folder as written by this process alone: its pid, and its start in clock ticks since boot, since the pid may
 * be another process's later. The mark of a dead process is replaced. Throws InputError where a live one holds it, and
 * IncompleteError where it can't be written.
 */
export function markRunning(folder: string): void {
  const mark = join(folder, runningMark);
  const own = partialName(mark);
  const text = `${process.pid} ${startTicks(process.pid)}`;
  writing(folder, () => {
    writeNew(own, text);
    try {
      if (!linked(own, mark)) replaceDead(folder, own);
    } finally {
      rmSync(own, { force: true });
    }
  });
}

/** Throws InputError where another process writes the run. */
export function assertNotRunning(folder: string): void {
  if (isRunning(folder)) throw underWay(folder);
}

/** Takes the mark away: the run has ended. On a disk that became read-only it stays, and names nobody alive soon. */
export function unmarkRunning(folder: string): void {
  try {
    rmSync(join(folder, runningMark), { force: true });
  } catch {
    // nobody takes it for a run under way once this process is gone
  }
}

/** Whether the process that writes the run is alive. */
export function isRunning(folder: string): boolean {
  return isAlive(ownText(join(folder, runningMark)));
}

function isAlive(text: string | null): boolean {
  const [, pid, start] = /^(\d+) (\d+)$/.exec(text ?? "") ?? [];
  return pid !== undefined && startTicks(Number(pid)) === start;
}

/** A hard link is made or not: of two processes one gets it. */
function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/**
 * Puts the own mark in place of a dead process's. Who may do so is who holds the claim to that one mark, a hard link under its name; a claim
 * whose holder died too is claimed in the same way. So of two processes that saw the same dead mark one gets it, and none ever moves
 * a live one.
 */
function replaceDead(folder: string, own: string): void {
  const mark = join(folder, runningMark);
  if (!existsSync(mark) && linked(own, mark)) return;
  const found = ownText(mark);
  const claims: string[] = [];
  let dead = found;
  do {
    if (isAlive(dead)) throw underWay(folder);
    claims.unshift(`${mark}.of-${dead?.replace(/\D+/g, "-").slice(0, 40) ?? "unknown"}`);
    if (linked(own, claims[0] as string)) break;
    dead = ownText(claims[0] as string);
    // Its holder was quicker, and is done.
    if (dead === null) throw underWay(folder);
  } while (claims.length < mostClaims);
  try {
    if (ownText(mark) !== found) throw underWay(folder);
    renameSync(own, mark);
  } finally {
    for (const claim of claims) rmSync(claim, { force: true });
  }
}

/** One for each process that died just while it replaced a mark. */
const mostClaims = 100;

function underWay(folder: string): InputError {
  return new InputError(`the run ${basename(folder)} is under way in another process`, {
    hint: "wait for its end, or end it (Ctrl-C) first",
  });
}
