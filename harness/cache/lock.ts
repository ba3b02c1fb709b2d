import { once } from "node:events";
import { CapabilityError } from "../core/errors.ts";

/** A held lock; release() gives it to whoever waits. */
export interface HeldLock {
  release(): Promise<void>;
}

/**
 * Waits until nobody else holds the lock on a file (made if missing), then holds it; the signal ends the wait. The kernel's lock
 * belongs to a child (flock, util-linux) that lives as long as its stdin is open, so it can't outlive this process, SIGKILL included.
 */
export async function lockFile(file: string, onWait: () => void, signal?: AbortSignal): Promise<HeldLock> {
  const cancel = signal === undefined ? {} : { cancelSignal: signal };
  // As in go.ts: only who makes something needs it.
  const { execa } = await import("execa");
  const holder = execa("flock", [file, "cat"], { reject: false, buffer: false, ...cancel });
  // Resolves false where flock could not even be started.
  const held = Promise.race([once(holder.stdout, "data").then(() => true), holder.then(() => false)]);
  const waiting = setTimeout(onWait, 500);
  // flock starts cat only once the lock is held: the byte comes back then.
  holder.stdin.write("\n");
  holder.stdin.on("error", () => {});
  const gotIt = await held;
  clearTimeout(waiting);
  if (!gotIt) {
    const { shortMessage } = await holder;
    throw new CapabilityError(`${file} could not be locked: ${shortMessage ?? "flock ended"}`, {
      hint: "flock is part of util-linux",
    });
  }
  return {
    async release() {
      holder.stdin.end();
      await holder;
    },
  };
}
