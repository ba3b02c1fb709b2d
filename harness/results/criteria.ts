/** What ends a trial's load and what counts as a fault; part of a run's record, so that analysis can read it again. */

/** Text by which a fault is known: in a response's body, or in the target's output. Case is ignored. */
export interface FaultSignature {
  kind: string;
  match: string;
  in: "body" | "log";
}

/** When a trial's load ends. All that are set are watched; the first to come decides. */
export interface StopCriteria {
  /** Share of requests that failed by this kind (null = any fault) in each of `windows` consecutive windows. */
  fault: { kind: string | null; ratio: number; windows: number } | null;
  requests: number | null;
  afterMs: number;
  /** A percentile above a ceiling in each of `windows` consecutive windows. */
  latency: { quantile: "p50" | "p90" | "p99"; aboveMs: number; windows: number } | null;
  /** Stop once the scan cliff has lasted `windows` windows; null = go on to the hard wall. */
  cliff: { windows: number } | null;
}
