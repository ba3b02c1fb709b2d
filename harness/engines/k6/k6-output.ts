import type { Complaint, Exit } from "../engine.ts";
import { responseIn } from "../response-in.ts";

/** Whether k6 came to a proper end: its schedule was over, or it was told to stop. Source: k6 v2.2.0, errext/exitcodes/codes.go. */
export function isProperEnd({ exitCode, signal }: Exit): boolean {
  return signal === null && exitCode !== null && [0, 103, 105].includes(exitCode);
}

/**
 * What a line of k6's log says against the trial: an export that was lost (k6 logs one such line for each and goes on; the numbers in it are
 * gone, so the trial is invalid, not quiet), or the error that the script threw; null where the line is about something else.
 */
export function complaintIn(line: string): Complaint | null {
  if (isExportFailure(line)) return { kind: "export-failed", line };
  const words = scriptErrorIn(line);
  return words === null ? null : { kind: "script-error", words };
}

function isExportFailure(line: string): boolean {
  return /failed to upload metrics|can't shutdown OpenTelemetry metric provider|can't flush some metrics/.test(line);
}

/**
 * With its place in the source, from the script's folder: k6 has the bundle from its standard input, and takes the names in its source map for
 * paths from the root. It goes on with the next iteration and ends with 0, so a script that throws before its first request looks
 * like a quiet target. What a script says as it aborts the test has no place.
 */
export function scriptErrorIn(line: string): string | null {
  const message = line.includes("level=error") ? fieldOf(line, "msg") : null;
  if (message === null) return null;
  const isThrown = /\(?(?:file|remote:https):\/\//.test(message) || message.startsWith("test aborted");
  return isThrown ? message.replaceAll("file:///", "").replaceAll("remote:https://", "https://") : null;
}

/** What a line says to people: the message, and the error where one is beside it. null where it only tells the harness, or that k6 was told to end. */
export function saidIn(line: string): string | null {
  if (responseIn(line) !== null || toldToEnd.test(line)) return null;
  const [message, error] = [fieldOf(line, "msg"), fieldOf(line, "error")];
  return message === null ? line : [message, ...(error === null ? [] : [error])].join(": ");
}

/** By a signal at home, over REST in a pod. */
const toldToEnd = /test run (?:was aborted because k6 received a 'interrupt' signal|stopped from REST API)/;

/** A quoted field of a line of k6's log, as it was before it was quoted. */
function fieldOf(line: string, name: "msg" | "error"): string | null {
  const quoted = new RegExp(`\\b${name}="((?:[^"\\\\]|\\\\.)*)"`).exec(line)?.[1];
  return quoted === undefined ? null : quoted.replace(/\\n/g, "\n").replace(/\\t/g, "  ").replace(/\\"/g, '"').trim();
}
