import { analyze } from "../../harness/analysis/analyze.ts";
import type { AnalysedRun } from "../../harness/analysis/trends.ts";
import type { RunRecord } from "../../harness/results/run.ts";
import { keepAliveRun, type StoredRun } from "./stories.ts";

/** The healthy story as it was run on a day of November 2026, on a machine of that kernel. */
export function runOnDay(day: number, kernel: string, changes: Partial<RunRecord> = {}): StoredRun {
  const { run, trials } = keepAliveRun(2);
  const id = `202611${String(day).padStart(2, "0")}T080225Z-${changes.suite ?? run.suite}-3f9a`;
  const startedAt = `2026-11-${String(day).padStart(2, "0")}T08:02:25.000Z`;
  const dated = { ...run, id, startedAt, provenance: { ...run.provenance, kernel }, ...changes };
  return { run: dated, trials: trials.map((trial) => ({ ...trial, runId: id, startedAt })) };
}

export function analysed({ run, trials }: StoredRun): AnalysedRun {
  return { run, trials, analysis: analyze(run, trials) };
}
