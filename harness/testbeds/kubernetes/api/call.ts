import type { IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import { ApiRefusal, type ApiStatus, remedyOf, statusOf } from "./refusal.ts";
import { type Failure, isCut, nextWaitMs, retryAfterMs } from "./retry.ts";
import type { ApiRequest, Transport } from "./transport.ts";
import { CredentialsMissing, codeOf, unreachable } from "./unreachable.ts";

/** What a call needs to know beside its request. */
export interface Caller {
  transport: Transport;
  context: string;
  namespace: string;
  /** For one attempt's answer. */
  requestMs: number;
  /** false: the first connection, whose failure is told at once. */
  patient: boolean;
  /** Called with each answer's head. */
  onAnswer: (answer: IncomingMessage) => void;
}

export interface Outcome<T> {
  answer: IncomingMessage;
  value: T;
  /** An attempt before this one ended without an answer, so it may have been carried out. */
  uncertain: boolean;
}

/** A call whose whole answer is JSON. Rejects as `call` does. */
export async function callForJson(caller: Caller, doing: string, request: ApiRequest): Promise<Outcome<unknown>> {
  return await call(caller, doing, request, async (answer) => JSON.parse(await text(answer)));
}

/** A call whose answer is read as it comes; the signal ends it. Rejects as `call` does. */
export async function callForStream(
  caller: Caller,
  doing: string,
  request: ApiRequest,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return (await call(caller, doing, request, (answer) => Promise.resolve(answer), signal)).value;
}

/**
 * Sends a request until the server has answered with success; `retry.ts` says how often. Rejects with ApiRefusal,
 * Unreachable or CredentialsMissing, or with the signal's reason. `take` reads the answer, within the time of its
 * attempt.
 */
async function call<T>(
  caller: Caller,
  doing: string,
  request: ApiRequest,
  take: (answer: IncomingMessage) => Promise<T>,
  signal: AbortSignal = new AbortController().signal,
): Promise<Outcome<T>> {
  const began = performance.now();
  let uncertain = false;
  for (let attempts = 1; ; attempts++) {
    const result = await attempt(caller, request, take, signal);
    if ("value" in result) return { ...result, uncertain };
    const history = { attempts, elapsedMs: performance.now() - began, wasAway: uncertain };
    const waitMs = caller.patient ? nextWaitMs(result.failure, history, Math.random()) : null;
    if (waitMs === null) throw errorOf(caller, doing, result, uncertain);
    uncertain ||= isCut(result.failure);
    await wait(waitMs, undefined, { signal });
  }
}

/** Why an attempt had no success. */
interface Miss {
  failure: Failure;
  /** The server's answer; null where there was none. */
  said: ApiStatus | null;
  error: unknown;
}

async function attempt<T>(
  caller: Caller,
  request: ApiRequest,
  take: (answer: IncomingMessage) => Promise<T>,
  signal: AbortSignal,
): Promise<{ answer: IncomingMessage; value: T } | Miss> {
  signal.throwIfAborted();
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), caller.requestMs);
  try {
    const answer = await caller.transport.send(request, AbortSignal.any([late.signal, signal]));
    caller.onAnswer(answer);
    const status = answer.statusCode ?? 0;
    if (status < 300) return { answer, value: await take(answer) };
    const retryMs = retryAfterMs(answer.headers["retry-after"]);
    return {
      failure: { status, code: null, retryAfterMs: retryMs },
      said: statusOf(status, await text(answer)),
      error: null,
    };
  } catch (error) {
    if (error instanceof CredentialsMissing) throw error;
    signal.throwIfAborted();
    const code = late.signal.aborted ? "TIMEOUT" : codeOf(error);
    return { failure: { status: null, code, retryAfterMs: null }, said: null, error };
  } finally {
    clearTimeout(timer);
  }
}

function errorOf(caller: Caller, doing: string, miss: Miss, uncertain: boolean): Error {
  const { transport, context, requestMs, namespace } = caller;
  if (miss.said !== null) return new ApiRefusal(doing, miss.said, { hint: remedyOf(miss.said, namespace), uncertain });
  const words = miss.error instanceof Error ? miss.error.message : String(miss.error);
  return unreachable(miss.failure.code ?? "", words, { server: transport.server, context, requestMs });
}
