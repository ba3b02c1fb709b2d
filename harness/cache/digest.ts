import { createHash } from "node:crypto";
import { open, readFile, stat, writeFile } from "node:fs/promises";

/** Read into the same memory again and again: through a stream a program of 46 MB takes as much of it, and twice the CPU time. */
const atATimeBytes = 1 << 20;

/** A change of a file within a tick of the kernel's clock (10 ms at most) may leave its time as it was. */
export const settledMs = 50;

/** What this process has read, by its path. */
const known = new Map<string, { stamp: string; digest: string }>();

/** sha256 of a file, in hex. Asked for again by the same process (a run asks twice for its k6) it is read again only if it has changed. */
export async function digestOf(path: string): Promise<string> {
  const stamp = await stampOf(path);
  const before = known.get(path);
  if (stamp !== null && before?.stamp === stamp) return before.digest;
  const digest = await readDigest(path);
  if (stamp !== null) known.set(path, { stamp, digest });
  return digest;
}

/**
 * sha256 of a large program, kept beside it with the stamp of the file that was read: it is read again once anything of that has changed.
 * Where nothing can be written, each process reads it.
 */
export async function keptDigestOf(path: string): Promise<string> {
  const stamp = await stampOf(path);
  const keptIn = `${path}.digest`;
  const [, of, kept] = /^(.*) ([0-9a-f]{64})\n$/.exec(await readFile(keptIn, "utf8").catch(() => "")) ?? [];
  if (of === stamp && kept !== undefined) return kept;
  const digest = await digestOf(path);
  if (stamp !== null) await writeFile(keptIn, `${stamp} ${digest}\n`).catch(() => {});
  return digest;
}

/** What tells whether a file was written or replaced, taken before it is read; null of what was changed just now. Not ctime: a further link changes it. */
async function stampOf(path: string): Promise<string | null> {
  const { dev, ino, size, mtimeNs, mtimeMs } = await stat(path, { bigint: true });
  return Date.now() - Number(mtimeMs) > settledMs ? [dev, ino, size, mtimeNs].join(" ") : null;
}

async function readDigest(path: string): Promise<string> {
  const hash = createHash("sha256");
  const buffer = Buffer.allocUnsafe(atATimeBytes);
  await using file = await open(path);
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, atATimeBytes);
    if (bytesRead === 0) return hash.digest("hex");
    hash.update(buffer.subarray(0, bytesRead));
  }
}
