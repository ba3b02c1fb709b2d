import type { AnalysedRun } from "../../analysis/trends.ts";
import { printable } from "../../core/text.ts";
import { counted, wrap } from "../../core/words.ts";
import { type runStates, storedPlaces } from "../run-state.ts";
import type { ProfileEffect } from "../words/effect.ts";
import { verdictOf } from "../words/verdict.ts";

/** A run as `tunebench list --runs` has it. */
export interface ListedRun {
  id: string;
  folder: string;
  suite: string;
  kind: "experiment" | "calibration";
  startedAt: string;
  /** done, interrupted, failed; running: a process writes it; cut off: none does, and it did not come to its end. */
  state: (typeof runStates)[number];
  /** Places of its plan, a profile in a block each, of which a trial is there; and all of them. A find plans as it goes: all its trials, and null. */
  measured: number;
  planned: number | null;
  /** The answer in a sentence; null without a trial. */
  verdict: string | null;
  /** What each other profile does; [] where that is not told by profiles. */
  effects: ProfileEffect[];
}

/** A folder that has a run's name and can't be read. */
export interface UnreadableRun {
  id: string;
  folder: string;
  /** Why, in the reader's words. */
  unreadable: string;
}

export function listedRun({ run, analysis, trials }: AnalysedRun, folder: string, isRunning: boolean): ListedRun {
  const told = trials.length === 0 ? null : verdictOf(run, analysis);
  return {
    id: run.id,
    folder,
    suite: run.suite,
    kind: run.kind,
    startedAt: run.startedAt,
    state: run.ended?.reason ?? (isRunning ? "running" : "cut off"),
    ...howFar(run, trials),
    verdict: told?.headline ?? null,
    effects: told?.effects ?? [],
  };
}

function howFar(
  { experiment, order }: AnalysedRun["run"],
  trials: AnalysedRun["trials"],
): Pick<ListedRun, "measured" | "planned"> {
  if (experiment.kind === "find") return { measured: trials.length, planned: null };
  return { measured: storedPlaces(trials), planned: order.length };
}

/** Runs as lines, in their order: the id, how far it came, and what it says. */
export function listedRunsText(runs: (ListedRun | UnreadableRun)[], width: number): string {
  return runs
    .map((run) => [printable(run.id), ...bodyOf(run).flatMap((text) => indented(text, width)), ""].join("\n"))
    .join("");
}

function bodyOf(run: ListedRun | UnreadableRun): string[] {
  if ("unreadable" in run) return [`can't be read: ${run.unreadable}`];
  return [`${stateText(run)}${run.kind === "calibration" ? ", calibration" : ""}`, run.verdict ?? "no trial yet"];
}

/** "done, 40 of 40 trials", of a find "done, 10 trials" */
export function stateText({ state, measured, planned }: ListedRun): string {
  return planned === null ? `${state}, ${counted(measured, "trial")}` : `${state}, ${measured} of ${planned} trials`;
}

function indented(text: string, width: number): string[] {
  return wrap(printable(text), width, "  ");
}
