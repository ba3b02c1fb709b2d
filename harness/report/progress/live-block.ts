import { styleText } from "node:util";
import { formatCount, formatSpan } from "../../core/numbers.ts";
import type { Screen } from "../../core/screen.ts";
import { formatPercent, formatRate } from "../../core/units.ts";
import type { ProgressEvent } from "../../results/progress.ts";
import { shorten } from "../text-table.ts";
import { trialText } from "./event-line.ts";
import { portBar } from "./port-bar.ts";

/** The running trial and its latest window. */
export interface LiveState {
  trial: Extract<ProgressEvent, { kind: "trial-started" }>;
  latest: Extract<ProgressEvent, { kind: "trial-progress" }> | null;
}

/** The block's lines, each narrower than the screen: a line that wrapped could not be redrawn in place. */
export function liveBlock(state: LiveState, leftSeconds: number | null, screen: Screen): string[] {
  const { trial, latest } = state;
  const cut = (line: string) => shorten(line, Math.max(1, screen.width - 1));
  const of = trial.of === null ? "" : ` of ${trial.upTo ? "up to " : ""}${trial.of}`;
  const name = `trial ${trial.sequence}${of}  ${trialText(trial)}`;
  const left =
    leftSeconds === null ? "" : `; ${trial.upTo ? "at most" : "about"} ${formatSpan(leftSeconds)} left in the run`;
  if (latest === null) return [paint("bold", cut(`${name}  starting${left}`), screen)];
  const elapsed = `${formatSpan(latest.elapsedSeconds)} of at most ${formatSpan(trial.stopAfterSeconds)}`;
  const head = paint("bold", cut(`${name}  ${elapsed}`), screen);
  const load = cut(`  ${formatRate(latest.ratePerSecond)}, ${formatCount(latest.faults)} faults${left}`);
  const lines = [head, latest.faults > 0 ? paint("red", load, screen) : load];
  return latest.portUseRatio === null ? lines : [...lines, portsLine(latest.portUseRatio, screen, cut)];
}

function portsLine(useRatio: number, screen: Screen, cut: (line: string) => string): string {
  const words = `${formatPercent(useRatio).padStart(6)} of the ports; cliff at |, wall at ]`;
  const cells = Math.min(40, screen.width - words.length - 8);
  const line = cut(
    cells >= 10 ? `  ${portBar(useRatio, cells)} ${words}` : `  ports ${formatPercent(useRatio)} in use`,
  );
  return useRatio >= 0.995 ? paint("red", line, screen) : useRatio >= 0.5 ? paint("yellow", line, screen) : line;
}

function paint(style: "bold" | "red" | "yellow", text: string, { color }: Screen): string {
  return color ? styleText(style, text, { validateStream: false }) : text;
}
