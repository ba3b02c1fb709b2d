import { decideStop } from "../detect/stop.ts";
import { firstRequestMs } from "../detect/windows.ts";
import { conditionsOf } from "../results/experiment.ts";
import type { GeneratorDeath, StopReason } from "../results/stop-reason.ts";
import { rampEndMs } from "../suite/rate.ts";
import type { Suite } from "../suite/suite.ts";
import type { Stage } from "../testbeds/testbed.ts";
import type { GeneratorEnd, LoadDriver, LoadTally, RunningLoad } from "./load-driver.ts";
import { performActions } from "./perform-actions.ts";
import { type Recording, secondsIntoLoad } from "./recording.ts";
import type { TrialParts } from "./trial-parts.ts";
import { watchDeaths, watchFaultLog, watchGenerator, watchLog } from "./watch-parts.ts";
import { watchSilence } from "./watch-silence.ts";

/** What one trial's load needs. */
export interface DriveRequest {
  suite: Suite;
  stage: Stage;
  driver: LoadDriver;
  /** Target and upstreams, ready. */
  parts: TrialParts;
  recording: Recording;
  usablePorts: number | null;
  onWindow: () => void;
}

/** How the load ended; times on the trial's clock. */
export interface DriveResult extends LoadTally {
  stop: StopReason;
  stopDecidedMs: number;
  idleMs: number;
  k6: GeneratorEnd & { lastLines: string[] };
}

/**
 * Makes the load until a stop criterion decides, a part dies or k6 ends.
 * When this returns k6 is gone and its last export is taken in.
 */
export async function driveLoad(request: DriveRequest): Promise<DriveResult> {
  const { driver, recording } = request;
  const decision = Promise.withResolvers<StopReason>();
  const actions = createActions(request);
  const silence = watchSilence((death) => decision.resolve(generatorDied(request, death)));
  const load = await driver.start((window) => {
    recording.windows.push(window);
    silence.heard();
    actions.begin();
    request.onWindow();
    const stop = decide(request);
    if (stop !== null) decision.resolve(stop);
  });
  silence.begin(load);
  let driven: Omit<DriveResult, keyof LoadTally> & { failedExports: number };
  let tally: LoadTally;
  try {
    driven = await untilIdle(request, load, decision, actions);
  } finally {
    actions.stop();
    silence.end();
    tally = await load.finish();
  }
  const { failedExports, ...result } = driven;
  return { ...result, ...tally, exports: { ...tally.exports, failed: tally.exports.failed + failedExports } };
}

/** Waits for what ends the load, and ends k6. */
async function untilIdle(
  request: DriveRequest,
  load: RunningLoad,
  decision: PromiseWithResolvers<StopReason>,
  actions: { stop(): void },
) {
  const { recording } = request;
  const exported = watchGenerator(load, recording);
  const logs = watchParts(request, decision.resolve);
  const stop = await Promise.race([decision.promise, load.ended.then((end) => generatorEnded(request, end))]);
  const stopDecidedMs = recording.now();
  actions.stop();
  recording.event({ kind: "stop-decided", criterion: stop.criterion });
  for (const log of logs) log.atStop();
  exported.stopped = stop.criterion !== "load-ended" && stop.criterion !== "generator-died";
  const end = await load.stop();
  const idleMs = recording.now();
  recording.event({ kind: "generator-idle" });
  const { failedExports } = exported;
  return { stop, stopDecidedMs, idleMs, failedExports, k6: { ...end, lastLines: load.lastLines() } };
}

/** Notes what the parts log, and tells where one is lost. Gives what is to be told of their logs at the stop. */
function watchParts(
  { suite, stage, parts, recording }: DriveRequest,
  onDeath: (reason: StopReason) => void,
): { atStop(): void }[] {
  const logs: { atStop(): void }[] = [];
  parts.onPart((part) => {
    watchLog(part, recording);
    logs.push(watchFaultLog(part, suite.faults, recording));
  });
  watchDeaths(parts, { recording, conditions: conditionsOf(suite.experiment) }, onDeath);
  void stage.lost.then((words) => onDeath({ criterion: "part-lost", atSeconds: secondsIntoLoad(recording), words }));
  return logs;
}

/** The conditions' actions, counted from the load's first request: begun once with the window that has it. */
function createActions({ suite, stage, parts, recording }: DriveRequest): { begin(): void; stop(): void } {
  const abort = new AbortController();
  let begun = false;
  return {
    begin: () => {
      const firstMs = firstRequestMs(recording.windows);
      if (begun || firstMs === null) return;
      begun = true;
      void performActions({
        conditions: conditionsOf(suite.experiment),
        firstMs,
        parts,
        stage,
        recording,
        stopped: abort.signal,
      });
    },
    stop: () => abort.abort(),
  };
}

function decide(request: DriveRequest): StopReason | null {
  const { windows, samples, events } = request.recording;
  return decideStop(request.suite.stop, {
    windows,
    samples,
    events,
    signatures: request.suite.faults,
    usablePorts: request.usablePorts,
    firstRequestMs: firstRequestMs(windows),
    rampEndMs: rampEndMs(request.suite.load.rate),
    conditions: conditionsOf(request.suite.experiment),
  });
}

/** k6 ended by itself: with code 0 its schedule was over, else it died. */
function generatorEnded(request: DriveRequest, { exitCode, signal }: GeneratorEnd): StopReason {
  if (exitCode === 0) return { criterion: "load-ended", atSeconds: secondsIntoLoad(request.recording) };
  return generatorDied(request, { kind: "ended", exitCode, signal });
}

function generatorDied({ recording }: DriveRequest, death: GeneratorDeath): StopReason {
  return { criterion: "generator-died", atSeconds: secondsIntoLoad(recording), death };
}
