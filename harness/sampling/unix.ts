import type { UnixSample } from "../results/samples.ts";
import type { ObserveRequest } from "./observer.ts";
import { readProc } from "./proc.ts";
import type { Look } from "./sampler.ts";

/** Looks at the listening Unix sockets of every role's namespace. A role that has none gives no sample. */
export function createUnixLook({ roles, now, onSample }: ObserveRequest): Look {
  return () => {
    for (const { role, namespacePid } of roles) {
      const listeners = parseUnix(readProc(`/proc/${namespacePid}/net/unix`) ?? "");
      if (listeners.length > 0) onSample({ kind: "unix", atMs: now(), role, listeners });
    }
    return true;
  };
}

/** Flag of a socket that listens (__SO_ACCEPTCON), and the state of one that nobody has accepted yet (SS_CONNECTING). */
const listening = "00010000";
const unaccepted = "02";

/**
 * Rows are `Num: RefCount Protocol Flags Type St Inode Path`. A connection that waits to be accepted is a row of its own with its
 * listener's path, connected but without a socket of a program, which is shown as connecting. Source: net/unix/af_unix.c unix_seq_show.
 */
export function parseUnix(text: string): UnixSample["listeners"] {
  const rows = text.split("\n").map((line) => line.trim().split(/\s+/));
  const paths = rows.flatMap(([, , , flags, , , , path]) => (flags === listening && path !== undefined ? [path] : []));
  return [...new Set(paths)].map((path) => ({
    path,
    queued: rows.filter((row) => row[7] === path && row[3] !== listening && row[5] === unaccepted).length,
  }));
}
