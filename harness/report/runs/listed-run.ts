import type { AnalysedRun } from "../../analysis/trends.ts";
import { printable } from "../../core/text.ts";
import { wrap } from "../../core/words.ts";
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
  /** Places of its plan, a profile in a block each, of which a trial is there; and all of them. */
  measured: number;
  planned: number;
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
    measured: storedPlaces(trials),
    planned: run.order.length,
    verdict: told?.headline ?? null,
    effects: told?.effects ?? [],
  };
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

/** "done, 40 of 40 trials" */
export function stateText({ state, measured, planned }: ListedRun): string {
  return `${state}, ${measured} of ${planned} trials`;
}

function indented(text: string, width: number): string[] {
  return wrap(printable(text), width, "  ");
}
