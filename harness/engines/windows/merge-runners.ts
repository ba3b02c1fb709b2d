import type { Window } from "../../results/window.ts";
import { mergeWindows } from "./windows.ts";

/** Merges the windows of several generators that share one load. Pure: all moments come in, on the trial's clock. */
export interface RunnersMerge {
  /** A runner began its schedule. Slots are counted from the first one's begin. */
  began(atMs: number): void;
  /** Something came from a runner, numbers or not; what that completes. */
  heard(runner: number, atMs: number): Window[];
  /** A window of a runner, whose windows come in order; what that completes. */
  take(runner: number, window: Window): Window[];
  /** The load is being ended: from now on silence means nothing. */
  ending(): void;
  /** All that is left, complete or not. */
  flush(): Window[];
  /** Runners that fell silent while others were heard, or of which no window ever came; 0-based, ascending. */
  missing(): number[];
}

/** The generators' export interval (k6-program.ts, tunebench_counts.py): from one window's end to the next. */
const intervalMs = 500;
/** Five exports that did not come: such a runner is no longer waited for. */
const silentMs = 2500;
/** How much of a deviation from its phase a runner's phase follows: clocks drift, single exports are late. */
const phaseFollows = 1 / 16;

interface RunnerState {
  heardMs: number;
  /** Where the end of slot 0 lies for this runner; null before its first window. */
  phaseMs: number | null;
  /** The last slot that it delivered. */
  slot: number;
  virtualUsers: number;
  missing: boolean;
}

/** Windows that belong to one stretch of time, and where each runner's own ended. */
interface Slot {
  windows: Window[];
  ends: Map<number, number>;
}

/**
 * Runners export at phases of their own, up to an interval apart. Windows belong together by the number of intervals since the first
 * runner's begin, each runner's counted at its own phase: an export that comes late, or not at all, does not shift those after it. A
 * merged window ends at the mean of its runners' ends and begins where the one before ended, so it is as long as theirs are. Each
 * request is counted once: in its own slot or, where that is out already, in the next. A slot is out as soon as every runner that is
 * not missing has delivered it or a later one.
 */
export function createRunnersMerge(count: number): RunnersMerge {
  const runners: RunnerState[] = Array.from({ length: count }, () => ({
    heardMs: Number.NEGATIVE_INFINITY,
    phaseMs: null,
    slot: -1,
    virtualUsers: 0,
    missing: false,
  }));
  const slots = new Map<number, Slot>();
  let originMs: number | null = null;
  let next = 0;
  let endMs: number | null = null;
  let isEnding = false;

  const stateOf = (runner: number): RunnerState => {
    const state = runners[runner];
    if (state === undefined) throw new RangeError(`runner ${runner} of ${count}`);
    return state;
  };

  const put = (runner: number, window: Window) => {
    const state = stateOf(runner);
    originMs ??= window.startMs;
    state.phaseMs ??= phaseOf(window.endMs, originMs);
    const own = Math.round((window.endMs - state.phaseMs) / intervalMs);
    state.phaseMs += (window.endMs - state.phaseMs - own * intervalMs) * phaseFollows;
    state.slot = Math.max(state.slot, own);
    state.virtualUsers = window.virtualUsers;
    const slot: Slot = slots.get(Math.max(next, own)) ?? { windows: [], ends: new Map() };
    slots.set(Math.max(next, own), slot);
    slot.windows.push(window);
    if (own >= next) slot.ends.set(runner, window.endMs);
  };

  /** The mean of the runners' ends; one that has no window in the slot would have ended it at its phase. */
  const borderOf = (slot: Slot, place: number): number => {
    const ends = runners.flatMap(({ phaseMs, missing }, runner) => {
      const own = slot.ends.get(runner);
      if (own !== undefined) return [own];
      return phaseMs === null || missing ? [] : [phaseMs + place * intervalMs];
    });
    const all = ends.length > 0 ? ends : slot.windows.map((window) => window.endMs);
    return all.reduce((sum, end) => sum + end, 0) / all.length;
  };

  const mergeSlot = (slot: Slot, place: number): Window => {
    const startMs = endMs ?? slot.windows.reduce((sum, window) => sum + window.startMs, 0) / slot.windows.length;
    endMs = Math.max(startMs, borderOf(slot, place));
    const virtualUsers = runners.reduce((sum, runner) => sum + runner.virtualUsers, 0);
    return mergeWindows(slot.windows, { startMs, endMs, virtualUsers });
  };

  const emit = (isDue: (place: number) => boolean): Window[] => {
    const due: Window[] = [];
    while (slots.size > 0 && isDue(next)) {
      const slot = slots.get(next);
      if (slot !== undefined) due.push(mergeSlot(slot, next));
      slots.delete(next);
      next += 1;
    }
    return due;
  };

  const complete = (place: number) => runners.every((state) => state.missing || state.slot >= place);

  return {
    began(atMs) {
      originMs ??= atMs;
    },
    heard(runner, atMs) {
      stateOf(runner).heardMs = atMs;
      const sinceMs = originMs;
      if (sinceMs === null || isEnding) return [];
      for (const state of runners) state.missing ||= atMs - Math.max(state.heardMs, sinceMs) > silentMs;
      return emit(complete);
    },
    take(runner, window) {
      put(runner, window);
      return emit(complete);
    },
    ending() {
      isEnding = true;
    },
    flush: () => emit(() => true),
    missing: () => runners.flatMap(({ missing, slot }, runner) => (missing || slot < 0 ? [runner] : [])),
  };
}

/** End of slot 0 for a runner whose first window ended then: slots are counted from the origin, the first interval is 0. */
function phaseOf(firstEndMs: number, originMs: number): number {
  const slot = Math.max(0, Math.ceil((firstEndMs - originMs) / intervalMs) - 1);
  return firstEndMs - slot * intervalMs;
}
