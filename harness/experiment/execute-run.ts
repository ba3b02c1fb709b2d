import { ExpectedError, IncompleteError } from "../core/errors.ts";
import { inScope, openScope, type Scope } from "../core/scope.ts";
import { abortable } from "../core/waits.ts";
import type { ResponsesTold } from "../engines/engine.ts";
import { isDisturbed } from "../results/disturbance.ts";
import { changedSince, digestsOnDisk } from "../results/held-digests.ts";
import type { ProgressEvent, ProgressListener } from "../results/progress.ts";
import type { RunEndNote, RunRecord, ScheduledTrial } from "../results/run.ts";
import { unmarkRunning } from "../results/running.ts";
import type { TrialRecord } from "../results/trial.ts";
import { type Digests, writeRun } from "../results/write.ts";
import { judgeStep } from "../search/judge-step.ts";
import type { Profile, Suite } from "../suite/suite.ts";
import type { RunBed, Testbed } from "../testbeds/testbed.ts";
import { armProfiles, elapsedMs, withArms } from "./find-trials.ts";
import type { Judge } from "./judge.ts";
import type { RunState } from "./open-run.ts";
import { repeatsDisturbed, samePlace } from "./place.ts";
import { type RunContext, runTrials } from "./run-trial.ts";
import { nextTrial, outcomesOf, trialsInAll, trialsTogether } from "./schedule.ts";
import { suiteOfTrial } from "./trial-suite.ts";

/** What carries a run on from its state; checked (preflight) before. */
export interface ExecuteRequest {
  open: RunState;
  suite: Suite;
  /** Those of the run's record, with all that the suite says of them. */
  profiles: Profile[];
  /** Of all its trials, at most. */
  expectedSeconds: number;
  testbed: Testbed;
  judge: Judge;
  /** Which responses the script's records have; left out: the first failed ones. */
  responses?: ResponsesTold;
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
  /** Of all trials as they were written, or stood there before; held against the disk at the end. */
  digests: Digests;
  /** Why the run ended before its plan was carried out (a full disk, a setting refused); null where it did not. */
  failure: ExpectedError | null;
}

/**
 * Runs trial after trial as the schedule says, new runs and those that were cut off alike, until nothing is left to do, it is
 * told to stop or something fails; a trial that fails does not end the run.
 */
export async function executeRun(request: ExecuteRequest): Promise<ExecuteResult> {
  const { folder, run, trials } = request.open;
  const result: ExecuteResult = {
    folder,
    run,
    trials: [...trials],
    notUndone: [],
    failure: null,
    digests: digestsOnDisk(folder),
  };
  tellStart(request);
  try {
    const why = await betweenSetUpAndTeardown(request, result);
    end(request, result, request.abort.aborted ? "interrupted" : "done", why);
  } catch (error) {
    if (error instanceof ExpectedError) result.failure = error;
    end(request, result, "failed", [{ code: "error", words: (error as Error).message }]);
    if (result.failure !== error) throw error;
  }
  return result;
}

function tellStart({ open, expectedSeconds, listener }: ExecuteRequest): void {
  const { of, upTo } = trialsInAll(open.run, open.trials);
  const finished = open.trials.length;
  listener.on({
    kind: "run-started",
    runId: open.run.id,
    folder: open.folder,
    trials: of,
    upTo,
    finished,
    baselineOnly: of !== null && open.run.profiles.length === 1,
    expectedSeconds: of === null ? leftOfBudget(open) : (expectedSeconds * Math.max(0, of - finished)) / of,
  });
}

/** What the trials share is taken away again, whatever becomes of them; on an abort at once, however far it had come. */
function betweenSetUpAndTeardown(request: ExecuteRequest, result: ExecuteResult): Promise<RunEndNote[]> {
  const { testbed, abort } = request;
  const work = async (scope: Scope) => {
    const bed = await abortable(testbed.begin(result.run.id, scope), abort).catch((error: unknown) => {
      if (abort.aborted) return null;
      throw error;
    });
    return bed === null ? [] : await runAll(request, result, bed, scope);
  };
  return inScope(openScope(), work, (left) => result.notUndone.push(left));
}

/** Why the run ended before the end of its plan; [] where it was told to stop. */
async function runAll(
  request: ExecuteRequest,
  result: ExecuteResult,
  bed: RunBed,
  scope: Scope,
): Promise<RunEndNote[]> {
  const { suite, judge, listener, abort, open, responses } = request;
  const { scriptFile } = open;
  const shared = { suite, runFolder: result.folder, bed, scope, scriptFile, responses };
  const same = { ...shared, listener, abort, notUndone: result.notUndone, digests: result.digests };
  while (!abort.aborted) {
    const next = nextTrial(result.run, result.trials, judge);
    if (!("sequence" in next)) return next.done;
    const context: RunContext = { ...same, ...takeUpProfile(request, result, next) };
    const together = trialsTogether(result.run, result.trials, next);
    const [first = next, second] = together;
    const { of, upTo } = trialsInAll(result.run, result.trials, together);
    const stopAfterSeconds = suiteOfTrial(context, first).stop.afterMs / 1000;
    for (const event of whyRepeated(next, samePlace(result.trials, next))) listener.on(event);
    const leftSeconds = of === null ? leftOfBudget(result) : null;
    const beside = second?.profile ?? null;
    listener.on({ kind: "trial-started", ...first, beside, of, upTo, stopAfterSeconds, leftSeconds });
    const records = await runTrials(context, together, result.trials);
    if (records === null) return [];
    result.trials.push(...records);
    for (const record of records) listener.on({ kind: "trial-ended", of, upTo, ...summaryOf(record) });
  }
  return [];
}

/** The profiles and the run's record with that of the trial that is next: the arms of a find come up one by one, and are written down first. */
function takeUpProfile(
  { suite, profiles, testbed }: ExecuteRequest,
  result: ExecuteResult,
  next: ScheduledTrial,
): Pick<RunContext, "profiles" | "run"> {
  const { experiment } = result.run;
  if (experiment.kind !== "find") return { profiles, run: result.run };
  const arms = armProfiles(suite, experiment.levers, [...result.trials, next]);
  const run = withArms(result.run, suite, arms, testbed.describe().route);
  if (run !== result.run) writeRun(result.folder, run);
  result.run = run;
  return { profiles: arms, run };
}

/** Seconds of a find's budget that its trials have left; 0 of any other run. */
function leftOfBudget({ run, trials }: Pick<RunState, "run" | "trials">): number {
  if (run.experiment.kind !== "find") return 0;
  return Math.max(0, (run.experiment.budgetMs - elapsedMs(trials)) / 1000);
}

/** That others disturbed what is run again; [] of any other trial. */
function whyRepeated(next: ScheduledTrial, before: TrialRecord[]): ProgressEvent[] {
  const otherCpu = before.findLast(isDisturbed)?.evidence.otherCpu ?? null;
  if (otherCpu === null || !repeatsDisturbed(next, before)) return [];
  return [{ kind: "disturbed-again", profile: next.profile, block: next.block, otherCpu }];
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
    step: record.valid && record.step !== null ? judgeStep(record) : null,
    search: record.search,
  };
}

function end(
  request: ExecuteRequest,
  result: ExecuteResult,
  reason: "done" | "interrupted" | "failed",
  why: RunEndNote[],
) {
  holdAgainstDisk(result);
  result.run = { ...result.run, ended: { at: new Date().toISOString(), reason, why } };
  try {
    writeRun(result.folder, result.run);
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    // run.json then says what it said before: that the run did not end, which is how it looks after SIGKILL as well.
    result.failure ??= error;
  }
  unmarkRunning(result.folder);
  const { places, without } = outcomesOf(result.run, result.trials);
  const of = reason === "done" ? places : Math.max(places, result.run.order.length);
  request.listener.on({ kind: "run-ended", reason, valid: places - without, of });
}

/** A program under test may have the rights to rewrite trials that are finished, checksum and all. */
function holdAgainstDisk(result: ExecuteResult): void {
  const files = changedSince(result.folder, result.digests);
  if (files.length === 0) return;
  result.run = { ...result.run, caveats: [...result.run.caveats, { code: "records-changed", files }] };
  result.failure ??= new IncompleteError(`records were changed while the run went on: ${files.join(", ")}`, {
    hint: "a program of the run, or another one, writes into its results: they are not believed, run it again",
  });
}
