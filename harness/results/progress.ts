import type { Outcome } from "./trial.ts";

/** What a run says while it goes; listeners show it, nothing is decided by it. Times in seconds. */
export type ProgressEvent =
  | { kind: "run-started"; runId: string; folder: string; trials: number; expectedSeconds: number }
  | { kind: "trial-started"; sequence: number; of: number; profile: string; block: number; stopAfterSeconds: number }
  | {
      kind: "trial-progress";
      sequence: number;
      elapsedSeconds: number;
      /** Requests a second and faults in the last window. */
      ratePerSecond: number;
      faults: number;
      /** Target's TIME_WAITs over its usable ports: the cliff is at 0.5, the hard wall at 1. null before the first sample. */
      portUseRatio: number | null;
    }
  | {
      kind: "trial-ended";
      sequence: number;
      of: number;
      profile: string;
      outcome: Outcome;
      invalidReason: string | null;
      requests: number;
      faults: number;
      seconds: number;
    }
  | { kind: "note"; text: string }
  | { kind: "run-ended"; reason: "done" | "interrupted" | "failed"; valid: number; of: number };

/** Shows a run's progress. close() ends a live display, leaving the terminal as it was. */
export interface ProgressListener {
  on(event: ProgressEvent): void;
  close(): void;
}
