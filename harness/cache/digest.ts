import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";

/** Read into the same memory again and again: through a stream a program of 46 MB takes as much of it, and twice the CPU time. */
const atATimeBytes = 1 << 20;

/** What was read before, by its path. */
const known = new Map<string, { state: string; digest: string }>();

/** What was changed so recently may be changed again at what the kernel's coarse clock takes for the same moment (as git has it of its index). */
const settledMs = 2000;

/**
 * sha256 of a file, in hex. Asked for again by the same process it is not read again unless it was replaced or written since (by its inode,
 * size, mtime, and ctime, which no program can set): a run asks twice for its k6, and for each file of its Locust.
 */
export async function digestOf(path: string): Promise<string> {
  await using file = await open(path);
  // Before it is read: what is written meanwhile makes another state.
  const state = await stateOf(file);
  const before = known.get(path);
  if (state !== null && before?.state === state) return before.digest;
  const digest = await readDigest(file);
  if (state !== null) known.set(path, { state, digest });
  return digest;
}

/** null of what was changed just now. */
async function stateOf(file: FileHandle): Promise<string | null> {
  const { dev, ino, size, mtimeNs, ctimeNs, ctimeMs } = await file.stat({ bigint: true });
  return Date.now() - Number(ctimeMs) < settledMs ? null : [dev, ino, size, mtimeNs, ctimeNs].join(" ");
}

async function readDigest(file: FileHandle): Promise<string> {
  const hash = createHash("sha256");
  const buffer = Buffer.allocUnsafe(atATimeBytes);
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, atATimeBytes);
    if (bytesRead === 0) return hash.digest("hex");
    hash.update(buffer.subarray(0, bytesRead));
  }
}
