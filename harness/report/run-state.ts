import type { ReportInput } from "./report-input.ts";

/** Says that a run is not whole: interrupted, failed, or killed before it could say so; null where it carried out its plan. */
export function runState({ run, trials }: ReportInput): string | null {
  if (run.ended?.reason === "done")
    return run.ended.detail === null ? null : `This run ended early: ${run.ended.detail}.`;
  const how = run.ended === null ? "did not end" : run.ended.reason === "failed" ? "failed" : "was interrupted";
  const why = run.ended?.detail ?? null;
  return `This run ${how}${why === null ? "" : ` (${why})`}: ${trials.length} of ${run.order.length} planned trials are here.`;
}
