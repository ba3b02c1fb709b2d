import { endsWithin } from "../core/waits.ts";
import type { LineWriter } from "../lines/line-writer.ts";
import type { Registration, RunnerName, ToldToEnd } from "./relay-requests.ts";

/** From the last runner's registration, which is ready then, to the common start: until the harness has heard of it, and listens. */
const leadMs = 2000;
/** A trial of which nothing was heard for so long is no longer told in beats. */
const forgottenMs = 60_000;
/** So long a runner that is to be stopped is waited for; what asks beside its generator tries as long. */
const toldMs = 30_000;

/** What an answer to a runner says: when to begin, or why it may not. */
export type Admission = { startUnixMs: number } | { refused: string };

interface TrialState {
  count: number | null;
  runners: Map<number, RunnerState>;
  startUnixMs: number | null;
  heardMs: number;
  waiting: ((answer: Admission) => void)[];
  stopped: boolean;
  onStop: PromiseWithResolvers<void>;
}

interface RunnerState {
  /** null until it has registered. */
  pod: string | null;
  exports: number;
  /** How many of its connections wait for the word to stop; null before the first. */
  waits: number | null;
  /** When its generator confirmed (performance.now()); null where it did not. */
  told: PromiseWithResolvers<number | null>;
}

/** What the relay knows of the trials of its run. */
export interface Trials {
  /** Answers once all of the trial's runners are there. A runner may ask again, from the pod in which it was. */
  register(registration: Registration): Promise<Admission>;
  /** An export came: its number among those of its runner, from 1. A generator exports from its own start on, before it registers. */
  count(runner: RunnerName): number;
  /** Resolves once the trial's runners are to end; the signal says that the runner waits no more. */
  untilStop(runner: RunnerName, gone: AbortSignal): Promise<void>;
  /** A runner's generator was told to end. */
  told(told: ToldToEnd): void;
  /** Nobody of this trial is let in from now on, and its runners are to end: when each confirmed (runner -> performance.now()); null where it is over already or can't be told. */
  stop(trial: string): Promise<Record<string, number | null>>;
  names(): string[];
  /** Trial -> runner -> exports so far. */
  counts(): Record<string, Record<string, number>>;
}

/** Says who registered and when a trial starts. */
export function createTrials(lines: LineWriter): Trials {
  const trials = new Map<string, TrialState>();

  const stateOf = (trial: string): TrialState => {
    const state = trials.get(trial) ?? newTrial();
    trials.set(trial, state);
    state.heardMs = performance.now();
    return state;
  };
  const runnerOf = ({ trial, runner }: RunnerName): RunnerState => {
    const { runners } = stateOf(trial);
    const state = runners.get(runner) ?? newRunner();
    runners.set(runner, state);
    return state;
  };

  const startWhenAll = (trial: string, state: TrialState) => {
    if (registeredIn(state) < (state.count ?? Number.POSITIVE_INFINITY) || state.startUnixMs !== null) return;
    const unixMs = Date.now();
    const startUnixMs = unixMs + leadMs;
    state.startUnixMs = startUnixMs;
    void lines.write({ kind: "start", ms: performance.now(), unixMs, trial, startUnixMs });
    for (const answer of state.waiting.splice(0)) answer({ startUnixMs });
  };

  return {
    async register({ trial, runner, count, pod, node }) {
      const state = stateOf(trial);
      state.count ??= count;
      const known = state.runners.get(runner)?.pod ?? null;
      if (state.stopped) return { refused: `trial ${trial} was stopped` };
      if (runner >= state.count) return { refused: `trial ${trial} has ${state.count} runners` };
      if (known !== null && known !== pod) return { refused: `runner ${runner} is ${known}` };
      if (known === null) {
        runnerOf({ trial, runner }).pod = pod;
        void lines.write({ kind: "registered", ms: performance.now(), trial, runner, pod, node });
      }
      if (state.startUnixMs !== null) return { startUnixMs: state.startUnixMs };
      const answer = new Promise<Admission>((resolve) => state.waiting.push(resolve));
      startWhenAll(trial, state);
      return await answer;
    },
    count(runner) {
      const state = runnerOf(runner);
      state.exports += 1;
      return state.exports;
    },
    async untilStop(runner, gone) {
      const state = runnerOf(runner);
      state.waits = (state.waits ?? 0) + 1;
      gone.addEventListener("abort", () => {
        state.waits = (state.waits ?? 0) - 1;
      });
      await stateOf(runner.trial).onStop.promise;
    },
    told: ({ confirmed, ...runner }) => runnerOf(runner).told.resolve(confirmed ? performance.now() : null),
    async stop(trial) {
      const state = stateOf(trial);
      state.stopped = true;
      for (const answer of state.waiting.splice(0)) answer({ refused: `trial ${trial} was stopped` });
      const answers = [...state.runners].map(
        async ([runner, each]) => [String(runner), await untilTold(each)] as const,
      );
      state.onStop.resolve();
      return Object.fromEntries(await Promise.all(answers));
    },
    names: () => [...trials.keys()],
    counts() {
      const recent = [...trials].filter(([, { heardMs }]) => performance.now() - heardMs < forgottenMs);
      return Object.fromEntries(recent.map(([trial, { runners }]) => [trial, exportsOf(runners)]));
    },
  };
}

function newTrial(): TrialState {
  return {
    count: null,
    runners: new Map(),
    startUnixMs: null,
    heardMs: 0,
    waiting: [],
    stopped: false,
    onStop: Promise.withResolvers(),
  };
}

function newRunner(): RunnerState {
  return { pod: null, exports: 0, waits: null, told: Promise.withResolvers() };
}

function registeredIn({ runners }: TrialState): number {
  return [...runners.values()].filter(({ pod }) => pod !== null).length;
}

/** One that waited for the word and waits no more has ended. */
async function untilTold({ waits, told }: RunnerState): Promise<number | null> {
  if (waits === 0 || !(await endsWithin(told.promise, toldMs))) return null;
  return await told.promise;
}

function exportsOf(runners: TrialState["runners"]): Record<string, number> {
  return Object.fromEntries([...runners].map(([runner, { exports }]) => [String(runner), exports]));
}
