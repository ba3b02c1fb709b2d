import * as z from "zod";
import { partDeathShape, stopCriterionShape } from "./stop-reason.ts";

/** What is done to parts on purpose. */
const actionKindShape = z.enum(["kill", "pause", "latency"]);

/** A response that the load's script got, or what came in place of one. `url` has no value of a query and no password in it. */
export const seenResponseShape = z.object({
  method: z.string(),
  url: z.string(),
  /** 0: none came, and `error` says why, in the generator's words. */
  status: z.number(),
  error: z.string(),
  /** How it begins, and how long it is in all; null where that was not asked for, or is no text. */
  body: z.string().nullable(),
  characters: z.number().nullable(),
});

/** A response that the load's script got, or what came in place of one. */
export type SeenResponse = z.infer<typeof seenResponseShape>;

const action = { role: z.string(), condition: z.string() };

/**
 * What can happen in a trial. `line` and `words` are a part's or the system's own: untrusted text. `condition` is the name of the
 * condition that asked for an action.
 */
const happeningShape = z.discriminatedUnion("kind", [
  /** `runners`: the pods that share the load; null where k6 is one process of this machine. */
  z.object({ kind: z.literal("load-started"), runners: z.number().nullable() }),
  z.object({ kind: z.literal("stop-decided"), criterion: stopCriterionShape }),
  z.object({ kind: z.literal("generator-idle") }),
  /** A part wrote a line that a fault's signature matches; `fault` is that fault's kind. */
  z.object({ kind: z.literal("fault-logged"), role: z.string(), fault: z.string(), line: z.string() }),
  /** At the stop: the line of an error that a part had written most often, numbers and ids aside. */
  z.object({ kind: z.literal("line-repeated"), role: z.string(), line: z.string(), lines: z.number() }),
  /** A part's log ends before the part does: a full disk. */
  z.object({ kind: z.literal("log-lost"), role: z.string(), words: z.string() }),
  /** Seen at its end: the harness did not run since `fromMs`. `lastedMs` holds what the machine slept, which the trial's clock does not. */
  z.object({ kind: z.literal("harness-stood-still"), fromMs: z.number(), lastedMs: z.number() }),
  /** k6 could not deliver an export. */
  z.object({ kind: z.literal("export-failed"), line: z.string() }),
  z.object({ kind: z.literal("script-error"), words: z.string() }),
  /** One of the first of its status. */
  z.object({ kind: z.literal("response-seen"), ...seenResponseShape.shape }),
  /** In a cluster: somebody without the run's secret asked its relay, and was turned away. */
  z.object({ kind: z.literal("unauthenticated-requests"), requests: z.number() }),
  z.object({ kind: z.literal("part-died"), role: z.string(), death: partDeathShape }),
  z.discriminatedUnion("action", [
    z.object({ kind: z.literal("action-started"), ...action, action: z.enum(["kill", "pause"]) }),
    z.object({ kind: z.literal("action-started"), ...action, action: z.literal("latency"), addedMs: z.number() }),
  ]),
  /** Undone. A killed part is ready again: `awayMs` after its end, `startMs` of which it took to start; null where it stays away. */
  z.discriminatedUnion("action", [
    z.object({
      kind: z.literal("action-ended"),
      ...action,
      action: z.literal("kill"),
      restart: z.object({ awayMs: z.number(), startMs: z.number() }).nullable(),
    }),
    z.object({ kind: z.literal("action-ended"), ...action, action: z.enum(["pause", "latency"]) }),
  ]),
  /** The part was not running. */
  z.object({ kind: z.literal("action-skipped"), ...action, action: actionKindShape }),
  /** It could not be undone. */
  z.object({ kind: z.literal("action-failed"), ...action, action: actionKindShape, words: z.string() }),
]);

/** What can happen in a trial. */
export type Happening = z.infer<typeof happeningShape>;

/** A line of events.ndjson. */
export const trialEventShape = z.intersection(z.object({ atMs: z.number() }), happeningShape);

/** Something that happened at a moment on the trial's clock. */
export type TrialEvent = z.infer<typeof trialEventShape>;

/** The events of one kind, in their order. */
export function eventsOf<K extends Happening["kind"]>(
  events: readonly TrialEvent[],
  kind: K,
): Extract<TrialEvent, { kind: K }>[] {
  return events.filter((event): event is Extract<TrialEvent, { kind: K }> => event.kind === kind);
}
