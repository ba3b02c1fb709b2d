/** When a call of the API is tried again, and after how long. Pure. */

/** What became of one attempt. `code` is Node's ("ECONNREFUSED" ...), null where the server answered. */
export interface Failure {
  status: number | null;
  code: string | null;
  /** As the Retry-After header has it, ms. */
  retryAfterMs: number | null;
}

/** Of all attempts at one call so far. */
export interface History {
  /** Attempts made; 1 after the first. */
  attempts: number;
  /** Since the first began. */
  elapsedMs: number;
  /** An attempt before ended with a cut or refused connection: the server was away. */
  wasAway: boolean;
}

/** For how long a call is tried where the server is away: an API server that is restarted is back well before that. */
export const patienceMs = 45_000;
const longestWaitMs = 3_000;

/** The server itself may stand in the way for a moment; more of these in a row are its answer. */
const answersTried = 4;

/** Connections that are refused or cut, and waits for an answer that ran out ("TIMEOUT" is ours). */
const cuts = [
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EAI_AGAIN",
  "TIMEOUT",
];

/** Whether the connection was cut or refused, or no answer came in time. */
export function isCut(failure: Failure): boolean {
  return failure.code !== null && cuts.includes(failure.code);
}

/**
 * ms to wait before the next attempt; null = give up. `chance` in 0..1 spreads the waits (half to all of the doubling
 * one), so that many calls do not come back at once. Just after a restart a server may refuse rights that it has not
 * read yet: after a cut, 401 and 403 are tried again as well.
 */
export function nextWaitMs(failure: Failure, history: History, chance: number): number | null {
  if (history.elapsedMs >= patienceMs || !isWorthTrying(failure, history)) return null;
  const doubledMs = Math.min(longestWaitMs, 100 * 2 ** history.attempts);
  return Math.max(failure.retryAfterMs ?? 0, doubledMs * (0.5 + chance / 2));
}

function isWorthTrying(failure: Failure, history: History): boolean {
  if (isCut(failure)) return true;
  if (history.wasAway && [401, 403, 500, 503, 504].includes(failure.status ?? 0)) return true;
  return [429, 500, 503, 504].includes(failure.status ?? 0) && history.attempts < answersTried;
}

/** Retry-After in seconds, as ms; a date in it, which the API server doesn't write, counts as none. */
export function retryAfterMs(header: string | undefined): number | null {
  return header !== undefined && /^\d{1,4}$/.test(header) ? Number(header) * 1000 : null;
}
