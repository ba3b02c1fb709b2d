import { PassThrough } from "node:stream";
import { IncompleteError } from "../../core/errors.ts";
import { OutputLog } from "../output.ts";
import type { PartEnd, RunningPart, Teardown } from "../testbed.ts";
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
 * Follows a container that was made: its end, and its output into the part's log. Both go on until the teardown. A pod that is taken away
 * is no end of its program, which would be a result: onTakenAway hears of it in its place.
 */
export function followPart(work: ClusterWork, part: PodPart, teardown: Teardown): RunningPart {
  const { api, openLog } = work;
  const { role, pod, container } = part;
  const over = new AbortController();
  teardown.add(`the log of ${role}`, async () => {
    over.abort();
    await log;
    lines.end();
    await output.close();
  });
  const output = new OutputLog(part.logFile);
  const lines = new PassThrough();
  output.follow(lines);
  let hasEnded = false;
  const ended = watchEnd(api, pod, container, over.signal)
    .catch(() => null)
    .then((end): PartEnd | Promise<never> => {
      // Told to nobody: the teardown takes the pod away, or the API is.
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
    signal: over.signal,
  });
  return {
    role,
    pid: null,
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
    signal: (name) => refuse(role, name),
    signalAll: (name) => refuse(role, name),
  };
}

/** Actions of conditions are refused before a run in a cluster begins. */
function refuse(role: string, signal: string): never {
  throw new IncompleteError(`${role} runs in a pod, which can't be sent ${signal}`);
}

/** An upstream that is there already: it does not end, and says nothing. */
export function externalPart(role: string): RunningPart {
  return {
    role,
    pid: null,
    ended: new Promise(() => {}),
    onLine: () => {},
    onLogLoss: () => {},
    lastLines: () => [],
    signal: (name) => refuse(role, name),
    signalAll: (name) => refuse(role, name),
  };
}
