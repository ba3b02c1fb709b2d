import { isProperEnd, k6ExitMeaning } from "../engines/k6/k6-exit.ts";
import type { RunnerRecord } from "../results/trial.ts";
import type { RunnersEnd } from "../testbeds/remote.ts";
import type { GeneratorEnd } from "./load-driver.ts";

type Runner = RunnersEnd["runners"][number];

/** The end of a load that was shared: the worst of its runners' ends, and each as the record has it. */
export function sharedEnd({ runners }: RunnersEnd): GeneratorEnd {
  const worst = runners.toSorted((a, b) => badness(b) - badness(a))[0];
  const { exitCode, signal } = worst ?? { exitCode: null, signal: null };
  return { exitCode, signal, runners: runners.map(runnerRecord) };
}

/** Exports that a runner sent and that did not come here. */
export function lostExports({ runners }: RunnersEnd): number {
  return runners.reduce((sum, { exports }) => sum + Math.max(0, exports.sent - exports.received), 0);
}

/**
 * A sentence for each thing that makes a shared load something else than was asked for: what the environment lost, runners that were
 * not heard (`missing`), and runners that ended in another way than being over or told to stop.
 */
export function sharedLosses(end: RunnersEnd, missing: number[]): string[] {
  const count = end.runners.length;
  const unheard = missing.map(
    (runner) => `runner ${runner + 1} of ${count} fell silent: its share of the load is not known`,
  );
  const failed = end.runners.filter((runner) => !isProperEnd(runner));
  return [...end.losses, ...unheard, ...failed.map((runner) => failure(runner, count))];
}

function failure({ runner, node, exitCode, signal }: Runner, count: number): string {
  const where = node === null ? "" : ` on ${node}`;
  return `runner ${runner + 1} of ${count}${where}: k6 ${endWords(exitCode, signal)}`;
}

function endWords(exitCode: number | null, signal: string | null): string {
  const meaning = k6ExitMeaning(exitCode, signal);
  return exitCode === null ? meaning : `ended with exit code ${exitCode} (${meaning})`;
}

/** Over, told to stop, any other exit code, a signal, no end that was seen. */
function badness(runner: Runner): number {
  if (isProperEnd(runner)) return runner.exitCode === 0 ? 0 : 1;
  if (runner.exitCode !== null) return 2;
  return runner.signal === null ? 4 : 3;
}

function runnerRecord({ runner, node, exitCode, signal, exports }: Runner): RunnerRecord {
  return { runner, node, exitCode, meaning: k6ExitMeaning(exitCode, signal), exports };
}
