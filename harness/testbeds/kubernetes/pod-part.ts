import { PassThrough } from "node:stream";
import type { Scope } from "../../core/scope.ts";
import { abortable } from "../../core/waits.ts";
import type { Exit } from "../../engines/engine.ts";
import { PartFailure } from "../failures.ts";
import { OutputLog } from "../output.ts";
import type { RunningPart } from "../testbed.ts";
import { watchEnd } from "./api/await-pod.ts";
import type { ClusterWork } from "./cluster-work.ts";
import { followText } from "./runners/follow-text.ts";

/** A container that is a part of the experiment. */
export interface PodPart {
  role: string;
  pod: string;
  container: string;
  logFile: string;
  /** Takes how the pod was taken away, where it did not end by itself: "it was deleted". */
  onTakenAway: (words: string) => void;
}

/** How long the last lines of a container that has ended are waited for. */
const lastLinesMs = 5000;

/**
 * Follows a container that was made: its end, and its output into the part's log. Both go on until the scope is over. A pod that is taken away
 * is no end of its program, which would be a result: onTakenAway hears of it in its place.
 */
export function followPart(work: ClusterWork, part: PodPart, scope: Scope): RunningPart {
  const { api, openLog } = work;
  const { role, pod, container } = part;
  const { signal } = scope;
  scope.defer(`the log of ${role}`, async () => {
    await log;
    lines.end();
    await output.close();
  });
  const output = new OutputLog(part.logFile);
  const lines = new PassThrough();
  output.follow(lines);
  let hasEnded = false;
  const ended = watchEnd(api, pod, container, signal)
    .catch(() => null)
    .then((end): Exit | Promise<never> => {
      // Told to nobody: the pod is being taken away, or the API is.
      if (end === null) return new Promise<never>(() => {});
      hasEnded = true;
      if (end.takenAway) {
        part.onTakenAway(end.reason === "Deleted" ? end.words : `${end.reason}: ${end.words}`);
        return new Promise<never>(() => {});
      }
      return { exitCode: end.exitCode, signal: end.signal };
    });
  const log = followText({
    openLog,
    pod,
    container,
    onLine: (line) => void lines.write(`${line}\n`),
    isOver: () => hasEnded,
    patienceMs: lastLinesMs,
    signal,
  });
  return {
    role,
    ended: ended.then(async (end) => {
      await log;
      return end;
    }),
    onLine: (listener) => output.onLine(listener),
    onLogLoss: (listener) => {
      output.onLoss(listener);
      void log.then((words) => words !== null && listener(words));
    },
    lastLines: () => output.lastLines(),
  };
}

/** Waits until a part writes a line with this text. Rejects with PartFailure where it ends before, or does not in time; with the signal's reason. */
export async function untilSaid(part: RunningPart, text: string, withinMs: number, signal: AbortSignal): Promise<void> {
  const said = Promise.withResolvers<void>();
  part.onLine((line) => void (line.includes(text) && said.resolve()));
  if (part.lastLines().some((line) => line.includes(text))) return;
  const fail = (what: string) => said.reject(new PartFailure(part.role, what, part.lastLines()));
  const late = () => fail(`did not write ${JSON.stringify(text)} within ${withinMs / 1000} s`);
  const timer = setTimeout(late, withinMs);
  void part.ended.then(() => fail(`ended before it wrote ${JSON.stringify(text)}`));
  try {
    await abortable(said.promise, signal);
  } finally {
    clearTimeout(timer);
  }
}

/** An upstream that is there already: it does not end, and says nothing. */
export function externalPart(role: string): RunningPart {
  return {
    role,
    ended: new Promise(() => {}),
    onLine: () => {},
    onLogLoss: () => {},
    lastLines: () => [],
  };
}
