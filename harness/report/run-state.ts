import type { ReportInput } from "./report-input.ts";

/** Says that a run is not whole: interrupted, failed, or killed before it could say so; null where it carried out its plan. */
export function runState({ run, trials }: ReportInput): string | null {
  if (run.ended?.reason === "done") return run.ended.detail === null ? null : `This run is done: ${run.ended.detail}.`;
  const how = run.ended === null ? "did not end" : run.ended.reason === "failed" ? "failed" : "was interrupted";
  const why = run.ended?.detail ?? null;
  const places = new Set(
    trials.filter(({ purpose }) => purpose === "compare").map(({ block, profile }) => `${block} ${profile}`),
  ).size;
  const what = run.experiment.kind !== "search" ? "planned trials are here" : "searches came to their end";
  return `This run ${how}${why === null ? "" : ` (${why})`}: ${places} of ${run.order.length} ${what}.`;
}
