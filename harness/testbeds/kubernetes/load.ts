import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readRegular } from "../../core/read-regular.ts";
import type { Engine, GeneratorExport } from "../../engines/engine.ts";
import type { LoadLoss } from "../../results/invalid-reason.ts";
import type { Sample } from "../../results/samples.ts";
import { engineField } from "../../results/stop-reason.ts";
import type { Suite } from "../../suite/suite.ts";
import {
  type GeneratorEnd,
  type LoadSpec,
  loadOrder,
  longestLoadMs,
  type RunningLoad,
  type Telemetry,
  type TrialFacts,
} from "../testbed.ts";
import { watchGenerator } from "../watch-generator.ts";
import type { RemoteObserver } from "./runners/follow-samplers.ts";
import type { RemoteRunners, RunnerEnd, RunnersEnd } from "./runners/runners-end.ts";
import type { RunnersRequest } from "./runners/start-runners.ts";

/** What a load in pods is made of. */
export interface PodLoadRequest extends LoadSpec {
  engine: Engine;
  suite: Suite;
  addresses: TrialFacts["addresses"];
  /** How many share the load. */
  runners: number;
  /** Resolves once all have registered and the instant of their common start is fixed. */
  startRunners(request: RunnersRequest): Promise<RemoteRunners>;
  /** What the samplers beside the parts see, from now on. */
  observe(onSample: (sample: Sample) => void): RemoteObserver;
  sink: Telemetry;
}

/** Generators in pods that share the load, their exports through the relay, the samplers beside the parts. */
export async function driveInPods(request: PodLoadRequest): Promise<RunningLoad> {
  const { engine, sink, runners: count } = request;
  const receiver = engine.receiveShared({
    count,
    at: sink.at,
    thresholds: request.suite.script?.thresholds ?? [],
    onWindow: sink.window,
  });
  // The trial's clock begins once all runners are about to begin; they export from their start on.
  const early: GeneratorExport[] = [];
  let take: RunnersRequest["onExport"] = (message) => void early.push(message);
  const runners = await request.startRunners(runnersRequest(request, (message) => take(message)));
  sink.start();
  sink.event({ kind: "load-started", runners: count });
  take = receiver.take;
  for (const message of early) take(message);
  const observer = request.observe((sample) => sink.sample({ ...sample, atMs: sink.at(sample.atMs) }));
  const watched = watchGenerator(engine, sink);
  runners.onLine(watched.take);
  const stop = () => {
    watched.told();
    receiver.ending();
    return runners.stop();
  };
  return {
    received: () => receiver.received,
    trouble: runners.trouble,
    thrown: watched.thrown,
    longestMs: longestLoadMs(request.suite, engine),
    ended: runners.ended.then((end) => sharedEnd(engine, end)),
    stop: async () => sharedEnd(engine, await stop()),
    lastLines: runners.lastLines,
    async finish() {
      const end = await stop();
      const { unauthenticated: requests } = end;
      if (requests > 0) sink.event({ kind: "unauthenticated-requests", requests });
      const { samplers, losses } = await observer.stop(end.overMs);
      await receiver.close();
      const failed = receiver.failed + lostExports(end) + watched.failedExports();
      return {
        exports: { received: receiver.received, failed },
        startSkewMs: receiver.skewMs(),
        samplers,
        losses: [...sharedLosses(engine, end, receiver.missing()), ...inWords(losses)],
        thrown: watched.thrown(),
      };
    },
  };
}

function runnersRequest(request: PodLoadRequest, onExport: RunnersRequest["onExport"]): RunnersRequest {
  const { engine, suite, addresses, logFile, scriptFile, runners, responses } = request;
  return {
    count: runners,
    form: engine.pod,
    script: { name: engine.pod.scriptName(suite.load), text: readFileSync(scriptFile, "utf8") },
    files: openedFiles(suite),
    beside: besideFiles(engine),
    command: (place) => engine.command({ ...loadOrder(suite, addresses, ""), ...place, responses }),
    deadlineMs: longestLoadMs(suite, engine),
    logFile,
    onExport,
  };
}

/** What the script opens, as it is now. */
function openedFiles({ folder, load, script }: Suite): RunnersRequest["files"] {
  const from = dirname(join(folder, load.script));
  return Object.fromEntries((script?.files ?? []).map((path) => [path, readRegular(join(from, path))]));
}

/** Texts of the engine's folder of our own, by name. */
function besideFiles({ beside }: Engine): RunnersRequest["beside"] {
  const names = beside === null ? [] : readdirSync(beside).filter((name) => name.endsWith(".py"));
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(beside ?? "", name), "utf8")]));
}

/** The end of a load that was shared: the worst of its runners' ends, and each. */
export function sharedEnd(engine: Engine, { runners }: RunnersEnd): GeneratorEnd {
  const worst = runners.toSorted((a, b) => badness(engine, b) - badness(engine, a))[0];
  const { exitCode, signal } = worst ?? { exitCode: null, signal: null };
  return { exitCode, signal, runners };
}

/** Exports that a runner sent and that did not come here. */
export function lostExports({ runners }: RunnersEnd): number {
  return runners.reduce((sum, { exports }) => sum + Math.max(0, exports.sent - exports.received), 0);
}

/**
 * What makes a shared load something else than was asked for: what the cluster lost, runners that were not heard (`missing`), and
 * runners that ended in another way than being over or told to stop.
 */
export function sharedLosses(engine: Engine, end: RunnersEnd, missing: number[]): LoadLoss[] {
  const runners = end.runners.length;
  const failed = end.runners.filter((runner) => !engine.isProperEnd(runner));
  return [
    ...inWords(end.losses),
    ...missing.map((runner): LoadLoss => ({ kind: "runner-silent", runner, runners })),
    ...failed.map(
      ({ exports: _, ...of }): LoadLoss => ({ kind: "runner-failed", runners, ...engineField(engine.name), ...of }),
    ),
  ];
}

/** What the cluster lost, in its words. */
function inWords(losses: string[]): LoadLoss[] {
  return losses.map((words) => ({ kind: "testbed", words }));
}

/** Over, told to stop, any other exit code, a signal, no end that was seen. */
function badness(engine: Engine, runner: RunnerEnd): number {
  if (engine.isProperEnd(runner)) return runner.exitCode === 0 ? 0 : 1;
  if (runner.exitCode !== null) return 2;
  return runner.signal === null ? 4 : 3;
}
