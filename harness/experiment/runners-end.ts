import { isProperEnd } from "../engines/k6/k6-exit.ts";
import type { LoadLoss } from "../results/invalid-reason.ts";
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
 * What makes a shared load something else than was asked for: what the testbed lost, runners that were not heard (`missing`), and
 * runners that ended in another way than being over or told to stop.
 */
export function sharedLosses(end: RunnersEnd, missing: number[]): LoadLoss[] {
  const runners = end.runners.length;
  return [
    ...testbedLosses(end.losses),
    ...missing.map((runner): LoadLoss => ({ kind: "runner-silent", runner, runners })),
    ...end.runners
      .filter((runner) => !isProperEnd(runner))
      .map(
        ({ runner, node, exitCode, signal }): LoadLoss => ({
          kind: "runner-failed",
          runner,
          runners,
          node,
          exitCode,
          signal,
        }),
      ),
  ];
}

/** What a testbed lost, in its words. */
export function testbedLosses(losses: string[]): LoadLoss[] {
  return losses.map((words) => ({ kind: "testbed", words }));
}

/** Over, told to stop, any other exit code, a signal, no end that was seen. */
function badness(runner: Runner): number {
  if (isProperEnd(runner)) return runner.exitCode === 0 ? 0 : 1;
  if (runner.exitCode !== null) return 2;
  return runner.signal === null ? 4 : 3;
}

function runnerRecord({ runner, node, exitCode, signal, exports }: Runner): RunnerRecord {
  return { runner, node, exitCode, signal, exports };
}
