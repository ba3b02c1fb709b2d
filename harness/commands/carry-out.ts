import { enough } from "../analysis/interim-decision.ts";
import { winner } from "../analysis/winner.ts";
import { exitCodes } from "../core/errors.ts";
import type { Screen } from "../core/screen.ts";
import { printable } from "../core/text.ts";
import { type ExecuteRequest, type ExecuteResult, executeRun } from "../experiment/execute-run.ts";
import type { Judge } from "../experiment/judge.ts";
import type { RunState } from "../experiment/open-run.ts";
import { outcomesOf } from "../experiment/schedule.ts";
import type { Plan } from "../plan/make-plan.ts";
import { createProgress } from "../report/progress/progress.ts";
import type { Suite } from "../suite/suite.ts";
import type { Testbed } from "../testbeds/testbed.ts";
import { asCalled } from "./called-as.ts";
import { interruptible } from "./interrupt.ts";
import { printReport, printSummary, type ReportOptions, readInput, writeReports } from "./report.ts";

/** A run that is ready to be carried on, new or resumed. */
export interface Ready {
  suite: Suite;
  plan: Plan;
  testbed: Testbed;
  /** Makes or takes up the run's folder; what it throws leaves nothing to report on. */
  open: () => Promise<RunState>;
  /** What is done with the run's folder at the end, where all was carried out. */
  then?: (folder: string) => void;
}

/** What a run asks at its interim analyses and before its confirmation run. */
export const interimJudge: Judge = { enough, winner };

/**
 * Carries a run on to its end and writes its reports: the exit code. stdout gets the report's path, or the report in the format
 * that was asked for; progress, summary and caveats go to the screen.
 */
export async function carryOut(ready: Ready, screen: Screen, options: ReportOptions): Promise<number> {
  const listener = createProgress(screen);
  const interrupt = interruptible((text) => listener.on({ kind: "note", text }));
  try {
    const result = await execute(ready, { listener, abort: interrupt.signal });
    listener.close();
    sayLeft(result, screen);
    await present(result, screen, options);
    if (result.failure !== null) throw result.failure;
    if (result.run.ended?.reason === "done") ready.then?.(result.folder);
    const code = runExitCode(result, screen);
    return interrupt.exitCode() ?? (result.notUndone.length === 0 ? code : exitCodes.incomplete);
  } finally {
    listener.close();
    interrupt.release();
  }
}

async function execute(ready: Ready, callbacks: Pick<ExecuteRequest, "listener" | "abort">): Promise<ExecuteResult> {
  const { suite, plan, testbed } = ready;
  const { profiles, expectedSeconds } = plan;
  const open = await ready.open();
  return executeRun({ open, suite, profiles, expectedSeconds, testbed, judge: interimJudge, ...callbacks });
}

/** What could not be cleaned up, and how to go on. */
function sayLeft({ run, folder, notUndone }: ExecuteResult, screen: Screen): void {
  for (const left of notUndone) screen.write(`tunebench: could not clean up: ${printable(left)}\n`);
  if (run.ended?.reason === "done") return;
  screen.write(`tunebench: go on from here with: ${asCalled("tunebench resume")} ${printable(folder)}\n`);
}

/** The summary comes first: on a full disk it is the only report there is. Of two failures the run's own is told. */
export async function present(
  result: Pick<ExecuteResult, "folder" | "trials"> & { failure?: ExecuteResult["failure"] },
  screen: Screen,
  { format }: ReportOptions,
): Promise<void> {
  if (result.trials.length === 0) return;
  try {
    const input = readInput(result.folder);
    printSummary(input, screen);
    const page = await writeReports(result.folder, input);
    if (format === undefined) process.stdout.write(`${page}\n`);
    else await printReport(input, format);
  } catch (error) {
    throw result.failure ?? error;
  }
}

/** 0 only where every planned trial came to a valid outcome, at the first attempt or a later one, and every trial can be read. */
export function runExitCode(
  { run, trials, unreadable = [] }: Pick<ExecuteResult, "run" | "trials"> & { unreadable?: string[] },
  screen: Screen,
): number {
  const { places: planned, without } = outcomesOf(run, trials);
  for (const words of unreadable) screen.write(`tunebench: a trial can't be read: ${printable(words)}\n`);
  if (without > 0) {
    screen.write(
      `tunebench: ${without} of ${planned} planned trials ${without === 1 ? "has" : "have"} no valid outcome\n`,
    );
  }
  return without === 0 && unreadable.length === 0 ? exitCodes.done : exitCodes.incomplete;
}
