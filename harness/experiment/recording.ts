import { firstRequestMs } from "../detect/windows.ts";
import type { Happening, TrialEvent } from "../results/events.ts";
import type { Sample } from "../results/samples.ts";
import type { Window } from "../results/window.ts";

/** Everything seen during one trial, on one clock. */
export interface Recording {
  readonly windows: Window[];
  readonly samples: Sample[];
  readonly events: TrialEvent[];
  /** Milliseconds since the load was started; negative before start(). Monotonic. */
  now(): number;
  /** A moment of this process's performance.now() on the trial's clock. */
  at(performanceMs: number): number;
  /** Sets the clock's zero: called just before the load is started. */
  start(): void;
  event(happening: Happening): void;
  /** From here on events are left out: the parts' ends in the teardown are no part of the trial. */
  end(): void;
}

/** An empty recording whose clock starts now, until start() sets its zero again. */
export function createRecording(): Recording {
  let zero = performance.now();
  let ended = false;
  const recording: Recording = {
    windows: [],
    samples: [],
    events: [],
    now: () => performance.now() - zero,
    at: (performanceMs) => performanceMs - zero,
    start: () => {
      zero = performance.now();
    },
    event: (happening) => {
      if (!ended) recording.events.push({ atMs: recording.now(), ...happening });
    },
    end: () => {
      ended = true;
    },
  };
  return recording;
}

/** Seconds since the load's first request; 0 before it. */
export function secondsIntoLoad(recording: Recording): number {
  const now = recording.now();
  return Math.max(0, now - (firstRequestMs(recording.windows) ?? now)) / 1000;
}
