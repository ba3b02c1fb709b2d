import { setTimeout as wait } from "node:timers/promises";
import { createClock } from "../../../lines/clock.ts";
import { createLineReader, type Gap } from "../../../lines/line-reader.ts";
import type { LogRequest } from "../api/log.ts";

/** Follows a container's log: whole lines, until the stream ends for whatever reason. openLog with its API bound. */
export type OpenLog = (request: LogRequest) => AsyncIterable<string>;

export interface LinesRequest<M> {
  openLog: OpenLog;
  pod: string;
  container: string;
  /** Of whom the lines are, for sentences: "the relay". */
  whose: string;
  /** Each message once and in order; `at` tells the writer's moments on this process's performance.now(). */
  onMessage: (message: M, at: (writerMs: number) => number) => void;
}

/** A log of numbered lines that is followed. */
export interface LineFollow {
  /** A sentence for each stretch of lines that never came, in order. */
  losses(): string[];
  /** Why the log can't be had now; null while it comes. */
  trouble(): string | null;
  /** Ends the follow; what waits for lines that are missing is handed on first. */
  stop(): void;
}

/** Writers beat each second: a log without a line for longer is no longer followed by the cluster, whatever the stream says. */
const silentMs = 3000;
const againMs = 250;
/** The log's stamps are whole seconds where they are asked for, and a line is stamped after it was written. */
const marginMs = 2000;

/**
 * Follows until stop(). A stream that ends, falls silent (rotation ends some without a word) or jumps over lines is taken up
 * again a little before the last line that was handed on: lines that came already are dropped, and those that a stream jumped over
 * are looked for once more before they count as lost.
 */
export function followLines<M extends { ms: number; unixMs?: number }>(request: LinesRequest<M>): LineFollow {
  const { openLog, pod, container, onMessage } = request;
  const reader = createLineReader();
  const clock = createClock();
  const ended = new AbortController();
  let lastUnixMs: number | null = null;
  let trouble: string | null = null;

  const handOn = (messages: object[]) => {
    for (const message of messages as M[]) {
      if (message.unixMs !== undefined) lastUnixMs = message.unixMs;
      clock.see(message.ms, performance.now());
      onMessage(message, clock.at);
    }
  };

  const follow = async () => {
    const attempt = new AbortController();
    const silence = setTimeout(() => {
      trouble = `nothing came for ${silentMs / 1000} s`;
      attempt.abort();
    }, silentMs);
    const since = lastUnixMs === null ? {} : { sinceTime: secondsText(lastUnixMs - marginMs) };
    reader.begin();
    try {
      const signal = AbortSignal.any([ended.signal, attempt.signal]);
      for await (const line of openLog({ pod, container, ...since, signal })) {
        silence.refresh();
        trouble = null;
        handOn(reader.take(line));
        if (reader.jumped) return;
      }
    } catch (error) {
      trouble = (error as Error).message;
    } finally {
      clearTimeout(silence);
      attempt.abort();
    }
  };

  const followOn = async () => {
    while (!ended.signal.aborted) {
      await follow();
      await wait(againMs, undefined, { signal: ended.signal }).catch(() => {});
    }
  };
  void followOn();

  return {
    losses: () => reader.faults.gaps.map((gap) => gapSentence(request.whose, gap)),
    trouble: () => trouble,
    stop() {
      if (ended.signal.aborted) return;
      ended.abort();
      handOn(reader.giveUp());
    },
  };
}

function gapSentence(whose: string, { from, to }: Gap): string {
  const lines = from === to ? `line ${from}` : `lines ${from} to ${to}`;
  return `${lines} of ${whose} never came: the log was cut or rotated away before it was read`;
}

function secondsText(unixMs: number): string {
  return `${new Date(unixMs).toISOString().slice(0, 19)}Z`;
}
