import { crc32 } from "node:zlib";

/** Writes messages as numbered, checksummed lines. */
export interface LineWriter {
  /** Writes one message; resolves once the line was handed to the system. Lines keep the order of the calls. */
  write(message: object): Promise<void>;
}

/**
 * Numbers lines from 1 without a gap: `<number> <sum> <JSON>`. What is on the way through a log may
 * be cut, repeated or lost: the number and the sum let the reader (createLineReader) tell. Resolves late where `out` is full: a
 * caller that waits passes the pressure on, one that does not loses nothing but memory.
 */
export function createLineWriter(out: Pick<NodeJS.WritableStream, "write">): LineWriter {
  let number = 0;
  return {
    write(message) {
      number += 1;
      const line = lineOf(number, message);
      return new Promise((resolve, reject) => {
        out.write(line, "utf8", (error) => (error ? reject(error) : resolve()));
      });
    },
  };
}

/** One line as it is written, its end included. */
export function lineOf(number: number, message: object): string {
  const json = JSON.stringify(message);
  return `${number} ${sumOf(`${number} ${json}`)} ${json}\n`;
}

/** CRC-32 of a text's UTF-8 bytes, 8 hex digits. A line's is that of `<number> <JSON>`: any one changed byte is found, a cut but for one in 4 billion. */
export function sumOf(text: string): string {
  return crc32(text).toString(16).padStart(8, "0");
}
