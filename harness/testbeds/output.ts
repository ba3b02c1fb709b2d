import { createWriteStream, type WriteStream } from "node:fs";
import { StringDecoder } from "node:string_decoder";

const bytesKept = 50 * 1024 * 1024;
const lastLinesKept = 20;
/** A program that never ends a line is cut into pieces of this many characters. */
const longestLine = 16_384;

/** A part's output: a bounded file, its last lines, and listeners for each line. All text is untrusted. */
export class OutputLog {
  readonly #file: WriteStream;
  readonly #bytesKept: number;
  readonly #listeners: ((line: string, atMs: number) => void)[] = [];
  readonly #lossListeners: ((words: string) => void)[] = [];
  #loss: string | null = null;
  #written = 0;
  #last: string[] = [];

  constructor(path: string, bytes = bytesKept) {
    this.#file = createWriteStream(path, { flags: "a", mode: 0o600 });
    // A full disk must not end the load: the lines still reach the listeners, and the file ends here.
    this.#file.on("error", (error) => {
      this.#loss = error.message;
      for (const listener of this.#lossListeners) listener(error.message);
    });
    this.#bytesKept = bytes;
  }

  /** Takes a stream's bytes; stdout and stderr each need their own, so that half lines don't mix. */
  follow(stream: NodeJS.ReadableStream): void {
    const decoder = new StringDecoder("utf8");
    let rest = "";
    stream.on("data", (chunk: Buffer) => {
      this.#keep(chunk);
      rest = this.#takeLines(rest + decoder.write(chunk));
    });
    stream.once("close", () => {
      if (rest !== "") this.#line(rest);
      rest = "";
    });
    stream.on("error", () => {});
  }

  onLine(listener: (line: string, atMs: number) => void): void {
    this.#listeners.push(listener);
  }

  /** Called once with the reason where the file could not be written to its end; at once where that was so already. */
  onLoss(listener: (words: string) => void): void {
    if (this.#loss === null) this.#lossListeners.push(listener);
    else listener(this.#loss);
  }

  lastLines(): string[] {
    return [...this.#last];
  }

  /** Resolves when the file is whole on disk. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#file.closed || this.#file.destroyed) return resolve();
      this.#file.once("close", () => resolve());
      this.#file.end();
    });
  }

  #takeLines(text: string): string {
    const lines = text.split("\n");
    let rest = lines.pop() ?? "";
    for (const line of lines) this.#line(line.endsWith("\r") ? line.slice(0, -1) : line);
    while (rest.length > longestLine) {
      this.#line(rest.slice(0, longestLine));
      rest = rest.slice(longestLine);
    }
    return rest;
  }

  #line(whole: string): void {
    const line = whole.slice(0, longestLine);
    this.#last = [...this.#last.slice(1 - lastLinesKept), line];
    const atMs = performance.now();
    for (const listener of this.#listeners) listener(line, atMs);
  }

  #keep(chunk: Buffer): void {
    if (this.#written >= this.#bytesKept || this.#file.writableEnded) return;
    const room = this.#bytesKept - this.#written;
    this.#written += chunk.length;
    this.#file.write(chunk.length <= room ? chunk : chunk.subarray(0, room));
    if (chunk.length >= room) this.#file.write(`\n[tunebench: output past ${this.#bytesKept} bytes is not kept]\n`);
  }
}
