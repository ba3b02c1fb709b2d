import { decideStop } from "../detect/stop.ts";
import { throwsEachTime } from "../detect/thrown.ts";
import { firstRequestMs } from "../detect/windows.ts";
import { conditionsOf } from "../results/goals-of.ts";
import { engineField, type GeneratorDeath, type StopReason } from "../results/stop-reason.ts";
import { rampEndMs, requestsBy } from "../suite/rate.ts";
import type { Suite } from "../suite/suite.ts";
import type { GeneratorEnd, LoadSpec, LoadTally, RunningLoad, TrialBed } from "../testbeds/testbed.ts";
import { watchBounds } from "./generator-bounds.ts";
import { performActions } from "./perform-actions.ts";
import { type Recording, secondsIntoLoad } from "./recording.ts";
import { type TrialParts, watchDeaths, watchFaultLog, watchLog } from "./trial-parts.ts";
import { watchStandstill } from "./watch-standstill.ts";

/** What one trial's load needs. */
export interface DriveRequest {
  suite: Suite;
  bed: TrialBed;
  load: LoadSpec;
  /** Target and upstreams, ready. */
  parts: TrialParts;
  recording: Recording;
  usablePorts: number | null;
  /** Of the run's baseline, as far as it is known. */
  wallRequests: number | null;
  onWindow: () => void;
}

/** How the load ended; times on the trial's clock. */
export interface DriveResult extends LoadTally {
  stop: StopReason;
  stopDecidedMs: number;
  idleMs: number;
  generator: GeneratorEnd & { lastLines: string[] };
}

/**
 * Makes the load until a stop criterion decides, a part dies or the generator ends.
 * When this returns it is gone and its last export is taken in.
 */
export async function driveLoad(request: DriveRequest): Promise<DriveResult> {
  const { bed, recording } = request;
  const decision = Promise.withResolvers<StopReason>();
  const actions = createActions(request);
  const bounds = watchBounds((death) => decision.resolve(generatorDied(request, death)));
  let begun: RunningLoad | null = null;
  const load = await bed.drive(request.load, {
    ...recording,
    window(window) {
      recording.window(window);
      bounds.heard();
      actions.begin();
      request.onWindow();
      const stop = decide(request) ?? scriptThrew(recording, begun?.thrown() ?? 0);
      if (stop !== null) decision.resolve(stop);
    },
  });
  begun = load;
  bounds.begin(load);
  const standstill = watchStandstill(({ fromMs, lastedMs }) => {
    recording.event({ kind: "harness-stood-still", fromMs: recording.at(fromMs), lastedMs });
    bounds.stoodStill();
  });
  let driven: Omit<DriveResult, keyof LoadTally>;
  let tally: LoadTally;
  try {
    driven = await untilIdle(request, load, decision, actions);
  } finally {
    actions.stop();
    bounds.end();
    standstill.end();
    tally = await load.finish();
  }
  return { ...driven, ...tally };
}

/** Waits for what ends the load, and ends the generator. */
async function untilIdle(
  request: DriveRequest,
  load: RunningLoad,
  decision: PromiseWithResolvers<StopReason>,
  actions: { stop(): void },
): Promise<Omit<DriveResult, keyof LoadTally>> {
  const { recording } = request;
  const logs = watchParts(request, decision.resolve);
  void load.ended.then((end) => decision.resolve(generatorEnded(request, end)));
  const stop = await decision.promise;
  const stopDecidedMs = recording.now();
  actions.stop();
  recording.event({ kind: "stop-decided", criterion: stop.criterion });
  for (const log of logs) log.atStop();
  const end = await load.stop();
  const idleMs = recording.now();
  recording.event({ kind: "generator-idle" });
  return { stop, stopDecidedMs, idleMs, generator: { ...end, lastLines: load.lastLines() } };
}

/** Notes what the parts log, and tells where one is lost. Gives what is to be told of their logs at the stop. */
function watchParts(
  { suite, bed, parts, recording }: DriveRequest,
  onDeath: (reason: StopReason) => void,
): { atStop(): void }[] {
  const logs: { atStop(): void }[] = [];
  parts.onPart((part) => {
    watchLog(part, recording);
    logs.push(watchFaultLog(part, suite.faults, recording));
  });
  watchDeaths(parts, { recording, conditions: conditionsOf(suite.experiment) }, onDeath);
  void bed.failed.then((words) => onDeath({ criterion: "part-lost", atSeconds: secondsIntoLoad(recording), words }));
  return logs;
}

/** The conditions' actions, counted from the load's first request: begun once with the window that has it. */
function createActions({ suite, bed, parts, recording }: DriveRequest): { begin(): void; stop(): void } {
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
        bed,
        recording,
        stopped: abort.signal,
      });
    },
    stop: () => abort.abort(),
  };
}

/** What a stop criterion says of what was seen up to now; null where none is met. */
export function decide({
  suite,
  recording: { windows, samples, events },
  usablePorts,
  wallRequests,
}: Pick<DriveRequest, "suite" | "recording" | "usablePorts" | "wallRequests">): StopReason | null {
  return decideStop(suite.stop, {
    windows,
    samples,
    events,
    signatures: suite.faults,
    usablePorts,
    firstRequestMs: firstRequestMs(windows),
    rampEndMs: rampEndMs(suite.load.rate),
    due: (ms) => requestsBy(suite.load.rate, ms),
    conditions: conditionsOf(suite.experiment),
    wallRequests,
  });
}

/** So many errors, of hardly more iterations, say what all others would come to. */
const enoughThrown = 5;

function scriptThrew(recording: Recording, thrown: number): StopReason | null {
  if (thrown < enoughThrown || !throwsEachTime({ ...recording, thrown })) return null;
  return { criterion: "script-threw", atSeconds: secondsIntoLoad(recording), thrown };
}

/** The generator ended by itself: with code 0, and not before the bound that its schedule outlasts (a locustfile's own shape ends when it will), that was over; else it died. */
function generatorEnded(request: DriveRequest, { exitCode, signal }: GeneratorEnd): StopReason {
  const { recording, suite } = request;
  if (exitCode !== 0) return generatorDied(request, { kind: "ended", exitCode, signal });
  const [seconds, plannedSeconds] = [recording.now() / 1000, suite.stop.afterMs / 1000];
  const endsWhenItWill = suite.script?.ownShape !== undefined;
  if (seconds < plannedSeconds && !endsWhenItWill)
    return generatorDied(request, { kind: "ended-early", seconds, plannedSeconds });
  return { criterion: "load-ended", ...engineField(suite.load.engine), atSeconds: secondsIntoLoad(recording) };
}

function generatorDied({ suite, recording }: DriveRequest, death: GeneratorDeath): StopReason {
  const atSeconds = secondsIntoLoad(recording);
  return { criterion: "generator-died", atSeconds, death: { ...death, ...engineField(suite.load.engine) } };
}
