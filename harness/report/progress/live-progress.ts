import { styleText } from "node:util";
import type { Screen } from "../../core/screen.ts";
import type { ProgressEvent, ProgressListener } from "../../results/progress.ts";
import { eventLine } from "./event-line.ts";
import { type LiveState, liveBlock } from "./live-block.ts";
import { createTimeLeft } from "./time-left.ts";

/** Between two redraws inside a trial: four a second are enough for the eye and cost nothing. */
const redrawMs = 250;

const eraseBelow = "\u001B[J";

/** Finished trials as lines that stay, below them a block about the running one that is redrawn in place. */
export function createLiveProgress(screen: Screen, nowMs: () => number): ProgressListener {
  const left = createTimeLeft();
  let state: LiveState | null = null;
  let drawnLines = 0;
  let drawnAtMs = Number.NEGATIVE_INFINITY;

  function erase(): string {
    const up = drawnLines === 0 ? "" : `\u001B[${drawnLines}A\r${eraseBelow}`;
    drawnLines = 0;
    return up;
  }

  function draw(above: string | null): void {
    const lines = state === null ? [] : liveBlock(state, left.seconds(), screen);
    const kept = above === null ? "" : `${above}\n`;
    const block = lines.length === 0 ? "" : `${lines.join("\n")}\n`;
    screen.write(`${erase()}${kept}${block}`);
    drawnLines = lines.length;
    drawnAtMs = nowMs();
  }

  return {
    on(event) {
      left.on(event);
      state = nextState(state, event);
      if (event.kind !== "trial-progress") draw(keptLine(event, screen));
      else if (nowMs() - drawnAtMs >= redrawMs) draw(null);
    },
    close() {
      state = null;
      const end = erase();
      if (end !== "") screen.write(end);
    },
  };
}

/** What stays on the screen: everything but the start of a trial, which the block shows. */
function keptLine(event: ProgressEvent, { color }: Screen): string | null {
  const line = event.kind === "trial-started" ? null : eventLine(event);
  const invalid = event.kind === "trial-ended" && event.invalidReason !== null;
  return line !== null && invalid && color ? styleText("red", line, { validateStream: false }) : line;
}

function nextState(state: LiveState | null, event: ProgressEvent): LiveState | null {
  if (event.kind === "trial-started") return { trial: event, latest: null };
  if (event.kind === "trial-progress") return state === null ? null : { ...state, latest: event };
  return event.kind === "note" ? state : null;
}
