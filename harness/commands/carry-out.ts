import { enough } from "../analysis/enough.ts";
import { winner } from "../analysis/winner.ts";
import type { Environment } from "../environments/environment.ts";
import { exitCodes } from "../errors.ts";
import type { Plan } from "../plan/make-plan.ts";
import { printable } from "../report/printable.ts";
import { createProgress } from "../report/progress/progress.ts";
import { type ExecuteResult, executeRun } from "../run/execute-run.ts";
import type { OpenRun } from "../run/open-run.ts";
import { outcomesOf } from "../run/schedule.ts";
import type { Suite } from "../suite/suite.ts";
import { interruptible } from "./interrupt.ts";
import { printSummary, readInput, writeReports } from "./report.ts";
import type { Screen } from "./screen.ts";

/** A run that is ready to be carried on, new or resumed. */
export interface Ready {
  suite: Suite;
  plan: Plan;
  environment: Environment;
  k6Path: string;
  /** Makes or takes up the run's folder; what it throws leaves nothing to report on. */
  open: () => Promise<OpenRun>;
}

/**
 * Carries a run on to its end and writes its reports: the exit code. stdout gets the report's path; progress, summary and
 * doubts go to the screen.
 */
export async function carryOut({ suite, plan, environment, k6Path, open }: Ready, screen: Screen): Promise<number> {
  const listener = createProgress(screen);
  const interrupt = interruptible((text) => listener.on({ kind: "note", text }));
  try {
    const result = await executeRun({
      open: await open(),
      suite,
      profiles: plan.profiles,
      expectedSeconds: plan.expectedSeconds,
      environment,
      k6Path,
      judge: { enough, winner },
      listener,
      abort: interrupt.signal,
    });
    listener.close();
    for (const left of result.notUndone) screen.write(`tunebench: could not clean up: ${printable(left)}\n`);
    if (result.run.ended?.reason !== "done") {
      screen.write(`tunebench: go on from here with: tunebench resume ${printable(result.folder)}\n`);
    }
    present(result, screen);
    if (result.failure !== null) throw result.failure;
    const code = exitCodeOf(result, screen);
    return interrupt.exitCode() ?? (result.notUndone.length === 0 ? code : exitCodes.incomplete);
  } finally {
    listener.close();
    interrupt.release();
  }
}

/** The summary comes first: on a full disk it is the only report there is. Of two failures the run's own is told. */
export function present(
  result: Pick<ExecuteResult, "folder" | "trials"> & { failure?: ExecuteResult["failure"] },
  screen: Screen,
): void {
  if (result.trials.length === 0) return;
  try {
    const input = readInput(result.folder);
    printSummary(input, screen);
    process.stdout.write(`${writeReports(result.folder, input)}\n`);
  } catch (error) {
    throw result.failure ?? error;
  }
}

/** 0 only where every place that was run came to a valid outcome, at the first attempt or a later one. */
export function exitCodeOf({ run, trials }: Pick<ExecuteResult, "run" | "trials">, screen: Screen): number {
  const { places, without } = outcomesOf(run, trials);
  if (without === 0) return exitCodes.done;
  screen.write(`tunebench: ${without} of ${places} planned trials have no valid outcome\n`);
  return exitCodes.incomplete;
}
