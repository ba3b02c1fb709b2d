/**
 * The library: what stored runs say, as `tunebench report` and `gate` have it. Reading is all that it does: it runs nothing and writes
 * nothing.
 *
 *     import { analyze, findRun, gate, readRun } from "tunebench";
 *     const stored = readRun(findRun("latest", "results"));
 *     analyze(stored).profiles;
 *     gate([stored], { candidate: "new-build" }).decision;
 */
export type { Analysis } from "./analysis/analysis.ts";
export { analyzeStored as analyze } from "./analysis/analyze.ts";
export type { Gate } from "./analysis/gate-record.ts";
export { type GateChoice, gate } from "./analysis/gate-stored.ts";
export { InputError } from "./core/errors.ts";
export type { Finding } from "./diagnose/finding.ts";
export type { Caveat } from "./results/caveats.ts";
export { findRun, readRun, readSeries, runIds, type StoredRun, type StoredSeries } from "./results/read.ts";
export type { RunRecord } from "./results/run.ts";
export { schemaVersion } from "./results/schema-version.ts";
export type { TrialRecord } from "./results/trial.ts";
