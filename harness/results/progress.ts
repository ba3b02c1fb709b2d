import type { OtherCpu } from "./disturbance.ts";
import type { JudgedStep, SearchRecord } from "./goals.ts";
import type { InvalidReason } from "./invalid-reason.ts";
import type { ScheduledTrial } from "./run.ts";
import type { TrialOutcome } from "./trial.ts";

/** What a run says while it goes; listeners show it, nothing is decided by it. Times in seconds. */
export type ProgressEvent =
  | {
      kind: "run-started";
      runId: string;
      folder: string;
      /** In all; null where that is not known before, `upTo` where it may end after fewer. `finished` are there already, from before an interruption. */
      trials: number | null;
      upTo: boolean;
      finished: number;
      /** Nothing is compared: the suite has no profile beside its baseline, or none was asked for. */
      baselineOnly: boolean;
      /** Of what is left to do, at most. */
      expectedSeconds: number;
    }
  | ({
      kind: "trial-started";
      /** The profile that is run at the same time; null but in a duet. */
      beside: string | null;
      of: number | null;
      upTo: boolean;
      stopAfterSeconds: number;
      /** What is left of the run's budget; null where it has none. */
      leftSeconds: number | null;
    } & ScheduledTrial)
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
      of: number | null;
      upTo: boolean;
      profile: string;
      outcome: TrialOutcome;
      invalidReason: InvalidReason | null;
      requests: number;
      faults: number;
      seconds: number;
      /** Whether a valid step of a search kept its rate; null for any other trial. */
      step: JudgedStep | null;
      /** What the search came to that this trial ended; null for any other. */
      search: SearchRecord | null;
    }
  /** The trial that begins next repeats one that others disturbed so. */
  | { kind: "disturbed-again"; profile: string; block: number; otherCpu: OtherCpu }
  /** In the testbed's words. */
  | { kind: "note"; text: string }
  /** Planned trials (or searches) with a valid outcome, of those that were to be run; an early end by a look needs no more. */
  | { kind: "run-ended"; reason: "done" | "interrupted" | "failed"; valid: number; of: number };

/** Shows a run's progress. close() ends a live display, leaving the terminal as it was. */
export interface ProgressListener {
  on(event: ProgressEvent): void;
  close(): void;
}
