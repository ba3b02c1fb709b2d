import { PassThrough } from "node:stream";
import { OutputLog } from "../../output.ts";
import { generatorContainer } from "../objects/runners.ts";
import type { OpenLog } from "./follow-lines.ts";
import { followText } from "./follow-text.ts";
import type { RunnerPods } from "./runner-pods.ts";

/** What all generators of a load write, each line with its runner's number before it: "[3] ...", from 1 on. Untrusted text. */
export interface RunnersLog {
  onLine(listener: (line: string, atMs: number) => void): void;
  lastLines(): string[];
  /** Resolves when all that ended runners wrote is in the file; with a sentence for each whose log could not be had. */
  close(): Promise<string[]>;
  /** Reads on no more: for runners that are being taken away. */
  abandon(): void;
}

/** After a runner's end its log is asked for so long. */
const patienceMs = 5000;

/** Follows each runner's generator from its begin to its end, into one file. */
export function keepRunnersLog(openLog: OpenLog, pods: RunnerPods, file: string): RunnersLog {
  const log = new OutputLog(file);
  const lines = new PassThrough();
  log.follow(lines);
  const follows = new Map<number, Promise<string | null>>();
  const closed = new AbortController();

  const follow = async (runner: number, pod: string): Promise<string | null> => {
    const trouble = await followText({
      openLog,
      pod,
      container: generatorContainer,
      onLine: (line) => void lines.write(`[${runner + 1}] ${line}\n`),
      isOver: () => pods.seen.get(runner)?.end !== null,
      patienceMs,
      signal: closed.signal,
    });
    return trouble === null
      ? null
      : `the log of runner ${runner} (pod ${pod}) could not be read to its end: ${trouble}`;
  };
  pods.onChange(({ runner, name, began }) => {
    if (began && !follows.has(runner)) follows.set(runner, follow(runner, name));
  });

  return {
    onLine: (listener) => log.onLine(listener),
    lastLines: () => log.lastLines(),
    abandon: () => closed.abort(),
    async close() {
      const late = setTimeout(() => closed.abort(), 2 * patienceMs);
      const troubles = await Promise.all(follows.values());
      clearTimeout(late);
      lines.end();
      await log.close();
      return troubles.flatMap((trouble) => trouble ?? []);
    },
  };
}
