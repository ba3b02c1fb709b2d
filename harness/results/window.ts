import type { Histogram } from "../core/histogram.ts";

/** Who is at fault, or whose limit it was. `node` is the machine underneath. */
export type Side = "generator" | "target" | "upstream" | "node";

/** Failures of one kind within one window. */
export interface FaultCount {
  /** An errno name (EADDRNOTAVAIL), `HTTP 503`, or a kind that the suite declares. */
  kind: string;
  side: Side;
  count: number;
}

/**
 * What the generator completed between two exports. Windows of one trial follow one another without overlap.
 * Times are milliseconds on the trial's clock (the harness's monotonic clock, 0 = load started).
 */
export interface Window {
  startMs: number;
  endMs: number;
  /** Requests completed, failed ones included. */
  requests: number;
  /** Failed requests; `requests` minus their sum succeeded. */
  faults: FaultCount[];
  /** Of successful requests only, the wait for a connection included; null where none succeeded. */
  latencyMs: Histogram | null;
  /** Iterations that the open model wanted and no virtual user was free for. */
  droppedIterations: number;
  /** Virtual users in existence at the window's end. */
  virtualUsers: number;
}
