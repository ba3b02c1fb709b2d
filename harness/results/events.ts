import type { ConditionAction } from "./goals.ts";
import type { Role } from "./samples.ts";
import type { StopReason } from "./trial.ts";

/** What is done to parts on purpose. */
export type ActionKind = ConditionAction["kind"];

/**
 * What can happen in a trial. `line` and `words` are a part's or the system's own: untrusted text. `condition` is the name of the
 * condition that asked for an action.
 */
export type Happening =
  /** `runners`: the pods that share the load; null where k6 is one process of this machine. */
  | { kind: "load-started"; runners: number | null }
  | { kind: "stop-decided"; criterion: StopReason["criterion"] }
  | { kind: "generator-idle" }
  /** The target wrote a line that a fault's signature matches; `fault` is that fault's kind. */
  | { kind: "fault-logged"; role: Role; fault: string; line: string }
  /** A part's log ends before the part does: a full disk. */
  | { kind: "log-lost"; role: Role; words: string }
  /** k6 could not deliver an export. */
  | { kind: "export-failed"; line: string }
  | { kind: "script-error"; words: string }
  | { kind: "part-died"; role: Role; how: string }
  | ({ kind: "action-started"; role: Role; condition: string } & (
      | { action: "kill" | "pause" }
      | { action: "latency"; addedMs: number }
    ))
  /** Undone. A killed part is ready again: `awayMs` after its end, `startMs` of which it took to start; null where it stays away. */
  | ({ kind: "action-ended"; role: Role; condition: string } & (
      | { action: "kill"; restart: { awayMs: number; startMs: number } | null }
      | { action: "pause" | "latency" }
    ))
  /** The part was not running. */
  | { kind: "action-skipped"; role: Role; condition: string; action: ActionKind }
  /** It could not be undone. */
  | { kind: "action-failed"; role: Role; condition: string; action: ActionKind; words: string };

/** Something that happened at a moment on the trial's clock: a line of events.ndjson. */
export type TrialEvent = { atMs: number } & Happening;

/** The events of one kind, in their order. */
export function eventsOf<K extends Happening["kind"]>(
  events: readonly TrialEvent[],
  kind: K,
): Extract<TrialEvent, { kind: K }>[] {
  return events.filter((event): event is Extract<TrialEvent, { kind: K }> => event.kind === kind);
}
