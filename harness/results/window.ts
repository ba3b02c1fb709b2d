import * as z from "zod";
import { histogramShape } from "./histogram.ts";
import { scriptCountsShape } from "./script-counts.ts";
import { thresholdSeriesShape } from "./threshold-series.ts";

export const sideShape = z.enum(["generator", "target", "upstream", "node"]);

/** Who is at fault, or whose limit it was. `node` is the machine underneath. */
export type Side = z.infer<typeof sideShape>;

export const faultCountShape = z.object({
  /** An errno name (EADDRNOTAVAIL), `HTTP 503`, or a kind that the suite declares. */
  kind: z.string(),
  side: sideShape,
  count: z.number(),
  /** The response's status, where that is all that is known of these failures; not there where anything else names their kind. */
  status: z.exactOptional(z.number()),
});

/** Failures of one kind within one window. */
export type FaultCount = z.infer<typeof faultCountShape>;

/** Failures of which only the response's status is known. */
export function statusFault(status: number, count: number): FaultCount {
  return { kind: `HTTP ${status}`, side: "target", count, status };
}

/** A line of windows.ndjson. Times are milliseconds on the trial's clock (the harness's monotonic clock, 0 = load started). */
export const windowShape = z.object({
  startMs: z.number(),
  endMs: z.number(),
  /** Requests completed, failed ones included. */
  requests: z.number(),
  /** Failed requests; `requests` minus their sum succeeded. */
  faults: z.array(faultCountShape),
  /** Of successful requests only, the wait for a connection included; null where none succeeded. */
  latencyMs: histogramShape.nullable(),
  /** How long iterations took that came to their end, the script's own time included; null where none did, or they were not timed. */
  iterationMs: histogramShape.nullable(),
  /** Iterations that were due and that no virtual user was free for; of a closed model those that did not begin within a second of their time. */
  droppedIterations: z.number(),
  /** Iterations that began, where the generator counts them: of a closed model, whose users begin when they can. Else as many as the schedule asks. */
  begunIterations: z.exactOptional(z.number()),
  script: scriptCountsShape,
  /** One for each threshold of the script that is evaluated (run.json, script.thresholds). */
  thresholds: z.array(thresholdSeriesShape),
  /** Virtual users in existence at the window's end. */
  virtualUsers: z.number(),
});

/** What the generator completed between two exports. Windows of one trial follow one another without overlap. */
export type Window = z.infer<typeof windowShape>;
