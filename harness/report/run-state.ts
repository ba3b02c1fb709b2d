import type { TrialRecord } from "../results/trial.ts";
import type { ReportInput } from "./report-input.ts";
import { runEndWords } from "./words/run-end.ts";

/** Says that a run is not whole: interrupted, failed, or killed before it could say so; null where it carried out its plan. */
export function runState({ run, trials }: ReportInput): string | null {
  const why = runEndWords(run.ended?.why ?? []);
  const isHopeless = run.ended?.why.some(({ code }) => code === "hopeless") === true;
  if (isHopeless) return `This run was ended: ${why}. tunebench try shows what was answered.`;
  if (run.ended?.reason === "done") return why === "" ? null : `This run is done: ${why}.`;
  const how = run.ended === null ? "did not end" : run.ended.reason === "failed" ? "failed" : "was interrupted";
  if (run.experiment.kind === "find")
    return `This find ${how}${why === "" ? "" : ` (${why})`}: what is said here is what is known so far.`;
  const places = storedPlaces(trials);
  const what = run.experiment.kind !== "search" ? "planned trials are here" : "searches came to their end";
  return `This run ${how}${why === "" ? "" : ` (${why})`}: ${places} of ${run.order.length} ${what}.`;
}

/** How a run came to its end, or that it has not. */
export const runStates = ["done", "interrupted", "failed", "running", "cut off"] as const;

/** Places of the plan, a profile in a block each, of which a trial is there. */
export function storedPlaces(trials: TrialRecord[]): number {
  const compared = trials.filter(({ purpose }) => purpose === "compare");
  return new Set(compared.map(({ block, profile }) => `${block} ${profile}`)).size;
}
