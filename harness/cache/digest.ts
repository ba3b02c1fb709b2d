import { createHash } from "node:crypto";
import { open, readFile, stat, writeFile } from "node:fs/promises";

/** Read into the same memory again and again: through a stream a program of 46 MB takes as much of it, and twice the CPU time. */
const atATimeBytes = 1 << 20;

/** sha256 of a file, in hex. */
export async function digestOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  const buffer = Buffer.allocUnsafe(atATimeBytes);
  await using file = await open(path);
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, atATimeBytes);
    if (bytesRead === 0) return hash.digest("hex");
    hash.update(buffer.subarray(0, bytesRead));
  }
}

/** A change of a file within a tick of the kernel's clock (10 ms at most) may leave its time as it was. */
export const settledMs = 50;

/**
 * sha256 of a large program, kept beside it with the stamp of the file that was read: it is read again once anything of that has changed.
 * Where nothing can be written, it is read each time.
 */
export async function keptDigestOf(path: string): Promise<string> {
  const { ino, size, mtimeNs, mtimeMs } = await stat(path, { bigint: true });
  // Not ctime: a further link to the file changes it.
  const stamp = [ino, size, mtimeNs].join(" ");
  const keptIn = `${path}.digest`;
  const [, of, known] = /^(.*) ([0-9a-f]{64})\n$/.exec(await readFile(keptIn, "utf8").catch(() => "")) ?? [];
  if (of === stamp && known !== undefined) return known;
  const isSettled = Date.now() - Number(mtimeMs) > settledMs;
  const digest = await digestOf(path);
  if (isSettled) await writeFile(keptIn, `${stamp} ${digest}\n`).catch(() => {});
  return digest;
}
