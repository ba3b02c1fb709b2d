import { closeSync, constants, fstatSync, openSync, readSync, statSync } from "node:fs";

/** What may be read at most, and whether through a link. */
export interface ReadBounds {
  mostBytes?: number;
  /** false: a link in the file's place is refused. */
  throughLink?: boolean;
}

const mebibyte = 2 ** 20;
const chunkBytes = 64 * 1024;

/** The text of a file of ours, never through a link; null where it is not there (any more), or can't be read. */
export function ownText(file: string): string | null {
  try {
    return readRegular(file, { throughLink: false }).toString("utf8");
  } catch {
    return null;
  }
}

/**
 * The bytes of a regular file. A pipe would wait for a writer and a device has no end; some files of /proc call themselves regular and
 * have none either (/proc/self/pagemap), so what is read is counted and not what stat says. Throws Error with the code of the file
 * system, EINVAL for what is no regular file, EFBIG past the bound.
 */
export function readRegular(file: string, bounds: ReadBounds = {}): Buffer {
  const { mostBytes = 256 * mebibyte, throughLink = true } = bounds;
  // Only to open some devices has consequences.
  if (!statSync(file).isFile()) throw notRegular();
  const handle = opened(file, throughLink);
  try {
    if (!fstatSync(handle).isFile()) throw notRegular();
    return readAtMost(handle, mostBytes);
  } finally {
    closeSync(handle);
  }
}

function opened(file: string, throughLink: boolean): number {
  try {
    return openSync(file, constants.O_RDONLY | constants.O_NONBLOCK | (throughLink ? 0 : constants.O_NOFOLLOW));
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === "ELOOP" ? coded("ELOOP", "it is a link") : error;
  }
}

function readAtMost(handle: number, mostBytes: number): Buffer {
  const chunks: Buffer[] = [];
  let bytes = 0;
  while (true) {
    const chunk = Buffer.allocUnsafe(chunkBytes);
    const read = readSync(handle, chunk);
    if (read === 0) return Buffer.concat(chunks);
    bytes += read;
    if (bytes > mostBytes) throw coded("EFBIG", `it has more than ${mostBytes} bytes`);
    chunks.push(chunk.subarray(0, read));
  }
}

function notRegular(): Error {
  return coded("EINVAL", "it is no regular file");
}

function coded(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}
