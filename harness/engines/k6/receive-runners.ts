import type { Window } from "../../results/window.ts";
import { decodeOtlp, type OtlpPoint } from "./decode-otlp.ts";
import { createRunnersMerge } from "./merge-runners.ts";
import { collectedUnixMs, firstCarry, lastWindow, toWindow, type WindowCarry } from "./windows.ts";

/** One OTLP export of a runner. Structurally an environment's RunnerExport. */
export interface ExportOfRunner {
  /** 0-based. */
  runner: number;
  body: Uint8Array;
  /** Wall clock of whoever received it, ms since 1970. */
  unixMs: number;
  /** The same moment on this process's performance.now(). */
  atMs: number;
}

export interface ReceiveRunnersRequest {
  count: number;
  /** A moment of this process's performance.now() on the trial's clock, ms. */
  at: (performanceMs: number) => number;
  /** Windows of all runners together: they follow one another without overlap. */
  onWindow: (window: Window) => void;
}

/** Takes the exports of several k6 that share one load, and hands on their windows as if they were one. */
export interface RunnersReceiver {
  /** Exports of one runner come in order. */
  take(message: ExportOfRunner): void;
  /** Exports that could be read, and those that could not. */
  readonly received: number;
  readonly failed: number;
  /** The load is being ended: a runner that falls silent from here on is not missing. */
  ending(): void;
  /** Runners that fell silent for more than 2.5 s while others were heard, or of which no window came; 0-based. Any makes the trial invalid. */
  missing(): number[];
  /** Time between the first runner's begin and the last one's, ms; null where fewer than two are known. */
  skewMs(): number | null;
  /** Hands on what was left open. */
  close(): void;
}

interface RunnerCarry {
  carry: WindowCarry;
  /** Least time seen from a runner's stamp to the reception: what its node's clock differs by, and the quickest way. */
  leastDelayMs: number;
  beganMs: number | null;
}

/** @throws RangeError from take() for a runner that is not one of `count` */
export function receiveRunners(request: ReceiveRunnersRequest): RunnersReceiver {
  const counts = { received: 0, failed: 0 };
  const merge = createRunnersMerge(request.count);
  const runners: RunnerCarry[] = Array.from({ length: request.count }, () => ({
    carry: firstCarry,
    leastDelayMs: Number.POSITIVE_INFINITY,
    beganMs: null,
  }));

  const handOn = (windows: Window[]) => {
    for (const window of windows) request.onWindow(window);
  };

  const takePoints = (points: OtlpPoint[], { runner, unixMs, atMs }: ExportOfRunner) => {
    const state = runners[runner];
    if (state === undefined) throw new RangeError(`runner ${runner} of ${request.count}`);
    const ms = request.at(atMs);
    // Clocks of nodes differ: a stamp is told by how much later than the quickest export of its runner it came.
    if (points.length > 0) state.leastDelayMs = Math.min(state.leastDelayMs, unixMs - collectedUnixMs(points));
    const received = { unixMs: points.length > 0 ? unixMs - state.leastDelayMs : unixMs, ms };
    const begun = points.find((point) => point.metric === "tunebench_started");
    if (begun?.kind === "gauge" && state.beganMs === null) {
      state.beganMs = ms - (received.unixMs - begun.value);
      merge.began(state.beganMs);
    }
    handOn(merge.heard(runner, ms));
    const next = toWindow({ points, carry: state.carry, received });
    state.carry = next.carry;
    if (next.window !== null) handOn(merge.take(runner, next.window));
  };

  return {
    take(message) {
      const points = decoded(message.body);
      counts[points === null ? "failed" : "received"] += 1;
      if (points !== null) takePoints(points, message);
    },
    get received() {
      return counts.received;
    },
    get failed() {
      return counts.failed;
    },
    ending: merge.ending,
    missing: merge.missing,
    skewMs() {
      const begun = runners.flatMap(({ beganMs }) => (beganMs === null ? [] : [beganMs]));
      return begun.length < 2 ? null : Math.max(...begun) - Math.min(...begun);
    },
    close() {
      for (const [runner, state] of runners.entries()) {
        const last = lastWindow(state.carry, request.at(performance.now()));
        state.carry = firstCarry;
        if (last !== null) handOn(merge.take(runner, last));
      }
      handOn(merge.flush());
    },
  };
}

function decoded(body: Uint8Array): OtlpPoint[] | null {
  try {
    return decodeOtlp(body);
  } catch {
    return null;
  }
}
