import { setTimeout as sleep } from "node:timers/promises";
import { exitCodes } from "../core/errors.ts";
import { type Screen, screenOf } from "../core/screen.ts";
import { printable } from "../core/text.ts";
import type { Observation } from "../observe/observation.ts";
import { observe } from "../observe/observe.ts";
import { observationRecord } from "../report/observe/observe-json.ts";
import { verdictWords } from "../report/words/observe.ts";
import type { LiveLook } from "../subjects/look.ts";
import { lookMs, type ObserveOptions, observeExitCode, render, show } from "./observe-output.ts";

/** A terminal is repainted so often: the eye needs no more, and each costs a few ms. */
const repaintMs = 2000;

const home = "\u001B[H";
const eraseLine = "\u001B[K";
const eraseBelow = "\u001B[J";

export interface WatchRequest {
  options: ObserveOptions;
  open: () => Promise<LiveLook>;
  screen: Screen;
  signal: AbortSignal;
}

/**
 * Looks until it is interrupted, or the processes end. A terminal is repainted, and again when its size changes; elsewhere each look is a line (of JSON
 * with --format json), or the file of --out anew. Gives the exit code of the last look.
 */
export async function watch(request: WatchRequest): Promise<number> {
  const { options, screen } = request;
  const repaints = screen.isTTY && options.format === "terminal" && options.out === undefined;
  const painter = repaints ? createPainter() : null;
  const paint = (observation: Observation) =>
    painter === null ? line(observation, options, screen) : painter.paint(observation);
  try {
    return options.node === true ? await watchAll(request, paint) : await watchOne(request, paint, repaints);
  } finally {
    painter?.close();
  }
}

/** One look goes on; what is told is always of its last seconds. */
async function watchOne({ options, open, signal }: WatchRequest, paint: Paint, repaints: boolean): Promise<number> {
  const look = await open();
  let code: number = exitCodes.done;
  let hasEnded = false;
  void look.ended.then(() => {
    hasEnded = true;
  });
  while (!signal.aborted && !hasEnded) {
    const done = new AbortController();
    const until = AbortSignal.any([signal, done.signal]);
    await Promise.race([look.ended, rest(repaints ? repaintMs : lookMs(options), until)]);
    done.abort();
    if (signal.aborted) break;
    const observation = observe(look.input(lookMs(options)));
    code = observeExitCode(observation);
    paint(observation);
  }
  await look.close();
  return code;
}

/** Namespaces come and go: each look begins anew. */
async function watchAll({ options, open, signal }: WatchRequest, paint: Paint): Promise<number> {
  let code: number = exitCodes.done;
  while (!signal.aborted) {
    const look = await open();
    await rest(lookMs(options), signal);
    await look.close();
    if (signal.aborted) break;
    const observation = observe(look.input(Number.POSITIVE_INFINITY));
    code = observeExitCode(observation);
    paint(observation);
  }
  return code;
}

type Paint = (observation: Observation) => void;

async function rest(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}

/** When, and the verdict; for programs all of it on one line. */
function line(observation: Observation, options: ObserveOptions, screen: Screen): void {
  if (options.out !== undefined) show(observation, options, screen);
  else if (options.format === "json")
    screen.write(`${JSON.stringify({ at: new Date().toISOString(), ...observationRecord(observation) })}\n`);
  else screen.write(`${new Date().toISOString()} ${printable(verdictWords(observation))}\n`);
}

/** Draws from the screen's upper left, as many lines as there are, and erases what was there; draws again when the size changes. */
function createPainter(): { paint: Paint; close(): void } {
  let last: Observation | null = null;
  const draw = () => {
    if (last === null) return;
    const screen = screenOf(process.stdout);
    const lines = render(last, "terminal", screen).trimEnd().split("\n");
    const rows = Math.max(1, (process.stdout.rows ?? 24) - 1);
    screen.write(
      `${home}${lines
        .slice(0, rows)
        .map((text) => `${text}${eraseLine}\n`)
        .join("")}${eraseBelow}`,
    );
  };
  process.stdout.on("resize", draw);
  return {
    paint: (observation) => {
      last = observation;
      draw();
    },
    close: () => void process.stdout.off("resize", draw),
  };
}
