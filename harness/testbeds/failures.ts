import { IncompleteError } from "../core/errors.ts";

/** A part died while it was awaited, or was not ready in time. `lastLines` are the end of its output: untrusted text. */
export class PartFailure extends IncompleteError {
  readonly role: string;
  readonly lastLines: string[];
  /** The message without the last lines. */
  readonly summary: string;

  constructor(role: string, what: string, lastLines: string[], hint?: string) {
    const quoted = lastLines.map((line) => `  | ${line}`).join("\n");
    super(`${role} ${what}${quoted === "" ? " (it wrote nothing)" : `; its last lines:\n${quoted}`}`, { hint });
    this.role = role;
    this.lastLines = lastLines;
    this.summary = `${role} ${what}`;
  }
}
