import type { Window } from "../../results/window.ts";
import type { GeneratorExport, ReceiveSharedRequest, SharedReceiver } from "../engine.ts";
import { decodeOtlp, type OtlpPoint } from "./decode-otlp.ts";
import { createRunnersMerge } from "./merge-runners.ts";
import { collectedUnixMs, firstCarry, lastWindow, toWindow, type WindowCarry } from "./windows.ts";

interface RunnerCarry {
  carry: WindowCarry;
  /** Least time seen from a runner's stamp to the reception: what its node's clock differs by, and the quickest way. */
  leastDelayMs: number;
  beganMs: number | null;
}

/**
 * Takes the exports of several generators that share one load, and hands on their windows as if they were one; one that is silent for 2.5 s while
 * others are heard is missing.
 * @throws RangeError from take() for a runner that is not one of `count`
 */
export function receiveRunners(request: ReceiveSharedRequest): SharedReceiver {
  const first: WindowCarry = { ...firstCarry, thresholds: request.thresholds ?? [] };
  const counts = { received: 0, failed: 0 };
  const merge = createRunnersMerge(request.count);
  const runners: RunnerCarry[] = Array.from({ length: request.count }, () => ({
    carry: first,
    leastDelayMs: Number.POSITIVE_INFINITY,
    beganMs: null,
  }));

  const handOn = (windows: Window[]) => {
    for (const window of windows) request.onWindow(window);
  };

  const takePoints = (points: OtlpPoint[], { runner, unixMs, atMs }: GeneratorExport) => {
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
    async close() {
      for (const [runner, state] of runners.entries()) {
        const last = lastWindow(state.carry, request.at(performance.now()));
        state.carry = first;
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
