import type { LineWriter } from "../lines/line-writer.ts";
import type { Registration } from "./messages.ts";

/** From the last runner's registration to the common start: k6 reads its script, makes its virtual users, and waits for the rest. */
const leadMs = 5000;
/** A trial of which nothing was heard for so long is no longer told in beats. */
const forgottenMs = 60_000;

/** What an answer to a runner says: when to begin, or why it may not. */
export type Admission = { startUnixMs: number } | { refused: string };

interface TrialState {
  count: number;
  runners: Map<number, { address: string; exports: number }>;
  startUnixMs: number | null;
  stopped: boolean;
  heardMs: number;
  waiting: ((answer: Admission) => void)[];
}

/** What the relay knows of the trials of its run. */
export interface Trials {
  /** Answers once all of the trial's runners are there. A runner may ask again, from where it was. */
  register(registration: Registration): Promise<Admission>;
  /** An export came: its number among those of its runner, from 1. */
  count(trial: string, runner: number): number;
  /** No runner of this trial is let in from now on; those that are, with where k6 is told, and whether it was ever heard. */
  stop(trial: string): Map<number, { address: string; exports: number }>;
  names(): string[];
  /** Trial -> runner -> exports so far. */
  counts(): Record<string, Record<string, number>>;
}

/** Says who registered and when a trial starts. */
export function createTrials(lines: LineWriter): Trials {
  const trials = new Map<string, TrialState>();

  const stateOf = (trial: string, count: number): TrialState => {
    const known = trials.get(trial);
    const state = known ?? { ...nothing(), count };
    if (known === undefined) trials.set(trial, state);
    if (state.count === 0) state.count = count;
    state.heardMs = performance.now();
    return state;
  };

  const startWhenAll = (trial: string, state: TrialState) => {
    if (state.runners.size < state.count || state.startUnixMs !== null) return;
    const unixMs = Date.now();
    const startUnixMs = unixMs + leadMs;
    state.startUnixMs = startUnixMs;
    void lines.write({ kind: "start", ms: performance.now(), unixMs, trial, startUnixMs });
    for (const answer of state.waiting.splice(0)) answer({ startUnixMs });
  };

  return {
    async register({ trial, runner, count, address, node }) {
      const state = stateOf(trial, count);
      const known = state.runners.get(runner);
      if (state.stopped) return { refused: `trial ${trial} was stopped` };
      if (runner >= state.count) return { refused: `trial ${trial} has ${state.count} runners` };
      if (known !== undefined && known.address !== address)
        return { refused: `runner ${runner} is at ${known.address}` };
      if (known === undefined) {
        state.runners.set(runner, { address, exports: 0 });
        void lines.write({ kind: "registered", ms: performance.now(), trial, runner, address, node });
      }
      if (state.startUnixMs !== null) return { startUnixMs: state.startUnixMs };
      const answer = new Promise<Admission>((resolve) => state.waiting.push(resolve));
      startWhenAll(trial, state);
      return await answer;
    },
    count(trial, runner) {
      const state = stateOf(trial, 0);
      const known = state.runners.get(runner) ?? { address: "", exports: 0 };
      known.exports += 1;
      state.runners.set(runner, known);
      return known.exports;
    },
    stop(trial) {
      const state = stateOf(trial, 0);
      state.stopped = true;
      for (const answer of state.waiting.splice(0)) answer({ refused: `trial ${trial} was stopped` });
      return state.runners;
    },
    names: () => [...trials.keys()],
    counts() {
      const recent = [...trials].filter(([, { heardMs }]) => performance.now() - heardMs < forgottenMs);
      return Object.fromEntries(recent.map(([trial, { runners }]) => [trial, exportsOf(runners)]));
    },
  };
}

function nothing(): Omit<TrialState, "count"> {
  return { runners: new Map(), startUnixMs: null, stopped: false, heardMs: 0, waiting: [] };
}

function exportsOf(runners: TrialState["runners"]): Record<string, number> {
  return Object.fromEntries([...runners].map(([runner, { exports }]) => [String(runner), exports]));
}
