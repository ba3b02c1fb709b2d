import type { ReportInput } from "./report-input.ts";

/** Says that a run is not whole: interrupted, failed, or killed before it could say so; null where it is done. */
export function runState({ run, trials }: ReportInput): string | null {
  if (run.ended?.reason === "done") return null;
  const how = run.ended === null ? "did not end" : run.ended.reason === "failed" ? "failed" : "was interrupted";
  const why = run.ended?.detail ?? null;
  return `This run ${how}${why === null ? "" : ` (${why})`}: ${trials.length} of ${run.order.length} planned trials are here.`;
}
