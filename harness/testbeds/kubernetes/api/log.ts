import { IncompleteError } from "../../../core/errors.ts";
import type { ClusterApi } from "./cluster-api.ts";
import { pathOf } from "./kinds.ts";
import { readLines } from "./read-lines.ts";

export interface LogRequest {
  pod: string;
  container: string;
  /** Only what was written from then on, as RFC 3339; lines of the same second may come again. */
  sinceTime?: string;
  /** Ends it. */
  signal: AbortSignal;
}

/** A line of the relay holds an export of k6, in base64. */
const longestLine = 8 * 1024 * 1024;

/**
 * Follows a container's log: whole lines, as they come. Ends when the stream ends, which is at the container's end, and
 * sometimes before it (a rotation). Throws ApiRefusal where it can't be had (400: the container has not started),
 * Unreachable, or IncompleteError where the stream is cut.
 */
export async function* openLog(api: ClusterApi, request: LogRequest): AsyncGenerator<string, void, undefined> {
  const { pod, container, sinceTime, signal } = request;
  const query = { container, follow: "true", ...(sinceTime === undefined ? {} : { sinceTime }) };
  try {
    yield* readLines(await api.open(pathOf("Pod", api.namespace, pod, "log"), query, signal), longestLine);
  } catch (error) {
    if (signal.aborted) return;
    throw inWords(error, request);
  }
}

/**
 * The last lines that a container wrote, by default 20; of a container that is started again, those of its earlier
 * life.
 */
export async function readLog(
  api: ClusterApi,
  request: { pod: string; container: string; tailLines?: number; previous?: boolean },
): Promise<string[]> {
  const query = {
    container: request.container,
    tailLines: String(request.tailLines ?? 20),
    ...(request.previous === true ? { previous: "true" } : {}),
  };
  const stream = await api.open(pathOf("Pod", api.namespace, request.pod, "log"), query, AbortSignal.timeout(10_000));
  const lines: string[] = [];
  for await (const line of readLines(stream, longestLine)) lines.push(line);
  return lines;
}

function inWords(error: unknown, { pod, container }: LogRequest): unknown {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string" || "exitCode" in error)
    return error;
  return new IncompleteError(`the log of ${container} in ${pod} was cut (${error.code})`);
}
