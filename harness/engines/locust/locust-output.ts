import { printable } from "../../core/text.ts";
import type { Complaint, Exit } from "../engine.ts";
import { responseIn } from "../response-in.ts";

/** Whether Locust came to a proper end: its schedule was over, or it was told to stop. Requests that failed are none of its failures. */
export function isProperEnd({ exitCode, signal }: Exit): boolean {
  return signal === null && exitCode === 0;
}

/** What our listener says against the trial: a window that was lost, or an error that the locustfile threw; null for any other line. */
export function complaintIn(line: string): Complaint | null {
  if (line.startsWith("tunebench-export-failed ")) return { kind: "export-failed", line };
  const told = /^tunebench-error (\S+)$/.exec(line)?.[1];
  const words = told === undefined ? null : decoded(told);
  return words === null ? null : { kind: "script-error", words };
}

/** A locustfile could write such a line itself: it is read as any text of unknown origin. */
function decoded(told: string): string | null {
  try {
    return printable(String(JSON.parse(decodeURIComponent(told))));
  } catch {
    return null;
  }
}

/** What a line says to people: all but what only tells the harness. */
export function saidIn(line: string): string | null {
  return complaintIn(line) === null && responseIn(line) === null ? line : null;
}
