import { join } from "node:path";
import type { Environment } from "../environments/environment.ts";
import { ExpectedError } from "../errors.ts";
import { bundleScript } from "../load/bundle-script.ts";
import type { Plan } from "../plan/make-plan.ts";
import type { ProgressListener } from "../results/progress.ts";
import type { RunRecord } from "../results/run.ts";
import { markRunning, unmarkRunning } from "../results/running.ts";
import type { TrialRecord } from "../results/trial.ts";
import { createRun, discardRun, writeRun } from "../results/write.ts";
import type { Suite } from "../suite/suite.ts";
import { copySuite, digestSuite, type SuiteCopy } from "./copy-suite.ts";
import { newRunRecord } from "./run-record.ts";
import { runTrial } from "./run-trial.ts";

/** What a run is made of; checked (preflight) before. */
export interface ExecuteRequest {
  suite: Suite;
  plan: Plan;
  environment: Environment;
  cluster: string;
  k6: { path: string; version: string };
  /** Folder that holds runs, absolute. */
  out: string;
  listener: ProgressListener;
  /** Aborted by Ctrl-C: the trial under way is discarded, finished ones stay. */
  abort: AbortSignal;
}

/** How the run ended. `notUndone` names what could not be cleaned up. */
export interface ExecuteResult {
  folder: string;
  run: RunRecord;
  trials: TrialRecord[];
  notUndone: string[];
  /** Why the run ended before its plan was carried out (a full disk, a setting refused); null where it did not. */
  failure: ExpectedError | null;
}

/**
 * Carries out a plan, trial by trial, into results/<run-id>/. Throws InputError for a script that can't be bundled and
 * IncompleteError where not even the run's folder can be made; a trial that fails does not end the run.
 */
export async function executeRun(request: ExecuteRequest): Promise<ExecuteResult> {
  const { suite, plan, listener } = request;
  const copy = digestSuite({ folder: suite.folder, file: suite.file, named: namedFiles(suite), out: request.out });
  const run = newRunRecord(request, copy);
  const folder = createRun(request.out, run);
  const scriptFile = await prepare(folder, request, copy);
  const result: ExecuteResult = { folder, run, trials: [], notUndone: [], failure: null };
  listener.on({
    kind: "run-started",
    runId: run.id,
    folder,
    trials: plan.order.length,
    expectedSeconds: plan.expectedSeconds,
  });
  try {
    await runTrials(request, result, scriptFile);
  } catch (error) {
    if (error instanceof ExpectedError) result.failure = error;
    end(request, result, "failed", (error as Error).message);
    if (result.failure !== error) throw error;
    return result;
  }
  if (request.abort.aborted) end(request, result, "interrupted", null);
  else end(request, result, "done", null);
  return result;
}

/** Puts all that the trials share into the run's folder; the script as k6 takes it. What fails here leaves no run behind. */
async function prepare(folder: string, { suite, out }: ExecuteRequest, copy: SuiteCopy): Promise<string> {
  const outFile = join(folder, "load.bundle.js");
  try {
    markRunning(folder);
    await bundleScript({ scriptFile: join(suite.folder, suite.load.script), outFile });
    copySuite(copy, suite.folder, join(folder, "suite"));
    return outFile;
  } catch (error) {
    discardRun(out, folder);
    throw error;
  }
}

async function runTrials(request: ExecuteRequest, result: ExecuteResult, scriptFile: string): Promise<void> {
  const { suite, plan, environment, k6, listener, abort } = request;
  const shared = {
    suite,
    profiles: plan.profiles,
    run: result.run,
    runFolder: result.folder,
    environment,
    listener,
    abort,
    notUndone: result.notUndone,
  };
  const of = plan.order.length;
  for (const planned of plan.order) {
    if (abort.aborted) return;
    const stopAfterSeconds = suite.stop.afterMs / 1000;
    listener.on({ kind: "trial-started", ...planned, of, stopAfterSeconds });
    const record = await runTrial(
      { ...shared, k6Path: k6.path, scriptFile },
      { ...planned, attempt: 1, purpose: "compare", step: null },
    );
    if (record === null) return;
    result.trials.push(record);
    listener.on({ kind: "trial-ended", of, ...summaryOf(record) });
  }
}

function summaryOf(record: TrialRecord) {
  return {
    sequence: record.sequence,
    profile: record.profile,
    outcome: record.outcome,
    invalidReason: record.invalidReason,
    requests: record.requests,
    faults: record.faults.reduce((sum, fault) => sum + fault.count, 0),
    seconds: record.loadSeconds,
  };
}

function end(
  request: ExecuteRequest,
  result: ExecuteResult,
  reason: "done" | "interrupted" | "failed",
  detail: string | null,
) {
  result.run = { ...result.run, ended: { at: new Date().toISOString(), reason, detail } };
  try {
    writeRun(result.folder, result.run);
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    // run.json then says what it said before: that the run did not end, which is how it looks after SIGKILL as well.
    result.failure ??= error;
  }
  unmarkRunning(result.folder);
  const valid = result.trials.filter((trial) => trial.valid).length;
  request.listener.on({ kind: "run-ended", reason, valid, of: request.plan.order.length });
}

/** What the suite names: the script, and the words of all commands, of which some are files of its folder. */
function namedFiles(suite: Suite): string[] {
  const parts = [suite.target, ...Object.values(suite.upstreams), ...suite.profiles];
  return [suite.load.script, ...parts.flatMap(({ command }) => command ?? [])];
}
