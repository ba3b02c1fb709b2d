import type { TrialEvent } from "../../harness/results/events.ts";
import type { Benchmark } from "./figures.ts";
import { type StoredTrial, smallTrials } from "./small-run.ts";

/** How soon the generator is idle once the windows that decide are in. */
export const stopBenchmark: Benchmark = {
  name: "stop",
  about: "from the wall to an idle generator, in trials that run out of ports",
  async run() {
    const trials = await smallTrials();
    return [
      { what: "deciding window's end to idle", unit: "s", values: trials.map(decidedToIdle), goal: { atMost: 1 } },
      {
        what: "stop decided to idle",
        unit: "s",
        values: trials.map((trial) => idleMs(trial) / 1000 - stopSeconds(trial)),
        goal: null,
      },
      { what: "first fault's window to idle", unit: "s", values: trials.map(faultToIdle), goal: null },
    ];
  },
};

/** The deciding window is the last one that had ended when the stop was decided. */
function decidedToIdle(stored: StoredTrial): number {
  const ends = stored.windows.map(({ endMs }) => endMs).filter((endMs) => endMs <= stopSeconds(stored) * 1000);
  return (idleMs(stored) - Math.max(...ends)) / 1000;
}

function faultToIdle(stored: StoredTrial): number {
  const first = stored.windows.find(({ faults }) => faults.length > 0);
  if (first === undefined) throw new Error(`trial ${stored.trial.sequence} met no fault`);
  return (idleMs(stored) - first.startMs) / 1000;
}

function idleMs(stored: StoredTrial): number {
  return eventMs(stored, "generator-idle");
}

function stopSeconds(stored: StoredTrial): number {
  return eventMs(stored, "stop-decided") / 1000;
}

function eventMs({ events, trial }: StoredTrial, kind: TrialEvent["kind"]): number {
  const event = events.find((candidate) => candidate.kind === kind);
  if (event === undefined) throw new Error(`trial ${trial.sequence} has no event ${kind}`);
  return event.atMs;
}
