import { firstRequestMs } from "../detect/windows.ts";
import type { LoadWindow } from "../engines/engine.ts";
import type { TrialEvent } from "../results/events.ts";
import type { Sample } from "../results/samples.ts";
import type { Telemetry } from "../testbeds/testbed.ts";

/** Everything seen during one trial, on one clock, which is monotonic. */
export interface Recording extends Telemetry {
  readonly windows: LoadWindow[];
  readonly samples: Sample[];
  readonly events: TrialEvent[];
  /**
   * The load is over. From here on events are left out: how the parts end once all is taken away is no part of the trial. Samples come into
   * the order of their time: samplers elsewhere have clocks of their own, which become known better and better.
   */
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
    window: (window) => void recording.windows.push(window),
    sample: (sample) => void recording.samples.push(sample),
    event: (happening) => {
      if (!ended) recording.events.push({ atMs: recording.now(), ...happening });
    },
    end: () => {
      ended = true;
      recording.samples.sort((a, b) => a.atMs - b.atMs);
    },
  };
  return recording;
}

/** Seconds since the load's first request; 0 before it. */
export function secondsIntoLoad(recording: Recording): number {
  const now = recording.now();
  return Math.max(0, now - (firstRequestMs(recording.windows) ?? now)) / 1000;
}
