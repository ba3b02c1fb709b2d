import { resolve } from "node:path";
import { exitCodes } from "../errors.ts";
import { findK6 } from "../load/find-k6.ts";
import { printable } from "../report/printable.ts";
import { createProgress } from "../report/progress/progress.ts";
import { type ExecuteResult, executeRun } from "../run/execute-run.ts";
import { loadSuite } from "../suite/load-suite.ts";
import { environmentOf } from "./cluster.ts";
import { interruptible } from "./interrupt.ts";
import { type PlanOptions, planOf } from "./plan.ts";
import { printSummary, readInput, writeReports } from "./report.ts";
import { screenOf } from "./screen.ts";

interface RunOptions extends PlanOptions {
  out: string;
  cluster: string;
  k6?: string;
}

/**
 * `tunebench run`: checks everything first (exit 2 or 3 with nothing run), carries the plan out, writes the reports.
 * stdout gets the report's path; progress, summary and doubts go to stderr.
 */
export async function run(path: string, options: RunOptions): Promise<number> {
  const screen = screenOf(process.stderr);
  const suite = await loadSuite(path);
  const plan = planOf(suite, options);
  const environment = await environmentOf(options.cluster);
  await environment.preflight(suite, plan.profiles);
  const onProgress = (line: string) => screen.write(`${line}\n`);
  const k6 = await findK6({ explicit: options.k6 ?? null, env: process.env, onProgress });
  const listener = createProgress(screen);
  const interrupt = interruptible((text) => listener.on({ kind: "note", text }));
  try {
    const { cluster } = options;
    // Parts and the bundler run in other folders: a relative path would mean theirs.
    const out = resolve(options.out);
    const result = await executeRun({ suite, plan, environment, cluster, k6, out, listener, abort: interrupt.signal });
    listener.close();
    for (const left of result.notUndone) screen.write(`tunebench: could not clean up: ${printable(left)}\n`);
    present(result, screen);
    if (result.failure !== null) throw result.failure;
    return interrupt.exitCode() ?? exitCodeOf(result, plan.order.length, screen);
  } finally {
    listener.close();
    interrupt.release();
  }
}

/** The summary comes first: on a full disk it is the only report there is. Of two failures the run's own is told. */
function present(result: ExecuteResult, screen: ReturnType<typeof screenOf>): void {
  if (result.trials.length === 0) return;
  try {
    const input = readInput(result.folder);
    printSummary(input, screen);
    process.stdout.write(`${writeReports(result.folder, input)}\n`);
  } catch (error) {
    throw result.failure ?? error;
  }
}

/** 0 only where every planned trial has a valid outcome and nothing is left behind. */
function exitCodeOf(result: ExecuteResult, planned: number, screen: ReturnType<typeof screenOf>): number {
  const valid = result.trials.filter((trial) => trial.valid && trial.outcome !== "failed").length;
  if (valid < planned) screen.write(`tunebench: ${planned - valid} of ${planned} trials have no valid outcome\n`);
  return valid === planned && result.notUndone.length === 0 ? exitCodes.done : exitCodes.incomplete;
}
