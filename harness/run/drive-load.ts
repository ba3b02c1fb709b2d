import type { Server } from "node:net";
import { decideStop } from "../detect/stop.ts";
import { firstRequestMs } from "../detect/windows.ts";
import type { PartEnd, RunningPart, Stage } from "../environments/environment.ts";
import { k6ExitMeaning } from "../load/k6-exit.ts";
import { k6Program } from "../load/k6-program.ts";
import { receiveWindows } from "../load/receive-windows.ts";
import { isTargetRole, targetRoles } from "../results/roles.ts";
import type { StopReason } from "../results/trial.ts";
import { rampEndMs } from "../suite/rate.ts";
import type { Suite } from "../suite/suite.ts";
import { performActions } from "./perform-actions.ts";
import { type Recording, secondsIntoLoad } from "./recording.ts";
import type { TrialParts } from "./trial-parts.ts";
import { watchDeaths, watchFaultLog, watchGenerator, watchLog } from "./watch-parts.ts";
import { watchSilence } from "./watch-silence.ts";

/** Port of the listener inside the generator's namespace; registered for OTLP over HTTP. */
export const otlpPort = 4318;

/** How long k6 may take to end after SIGINT (50 ms were seen) before it is killed: idle within a second is the promise. */
const graceMs = 800;

/** What one trial's load needs. */
export interface DriveRequest {
  suite: Suite;
  stage: Stage;
  /** Listens on otlpPort inside the generator's namespace. */
  server: Server;
  /** Target and upstreams, ready. */
  parts: TrialParts;
  k6Path: string;
  /** The bundled script. */
  scriptFile: string;
  logFile: string;
  recording: Recording;
  usablePorts: number | null;
  onWindow: () => void;
}

/** How the load ended; times on the trial's clock. */
export interface DriveResult {
  stop: StopReason;
  stopDecidedMs: number;
  idleMs: number;
  exports: { received: number; failed: number };
  k6: PartEnd & { lastLines: string[] };
}

/**
 * Runs k6 in the generator's namespace until a stop criterion decides, a part dies or k6 ends.
 * When this returns k6 is gone and its last export is taken in.
 */
export async function driveLoad(request: DriveRequest): Promise<DriveResult> {
  const { recording, stage, suite } = request;
  const decision = Promise.withResolvers<StopReason>();
  const actions = createActions(request);
  const receiver = receiveWindows({
    server: request.server,
    now: recording.now,
    onWindow(window) {
      recording.windows.push(window);
      silence.heard();
      actions.begin();
      request.onWindow();
      const stop = decide(request);
      if (stop !== null) decision.resolve(stop);
    },
  });
  const silence = watchSilence(
    () => receiver.received,
    (detail) => decision.resolve(fellSilent(request, detail)),
  );
  try {
    recording.event("load-started", "generator", "");
    const k6 = await stage.spawn("generator", k6Request(request));
    const exported = watchGenerator(k6, recording);
    watchLog(k6, recording);
    request.parts.onPart((part) => {
      watchLog(part, recording);
      if (isTargetRole(part.role)) watchFaultLog(part, suite.faults, recording);
    });
    watchDeaths(request.parts, { recording, conditions: suite.conditions }, decision.resolve);
    void stage.lost.then(({ role, detail }) => request.parts.lose(role, detail, [detail]));
    const stop = await Promise.race([decision.promise, k6.ended.then((end) => generatorEnded(request, end))]);
    const stopDecidedMs = recording.now();
    actions.stop();
    recording.event("stop-decided", null, `${stop.criterion}: ${stop.detail}`);
    exported.stopped = stop.criterion !== "load-ended" && stop.criterion !== "generator-died";
    const end = await endGenerator(k6);
    const idleMs = recording.now();
    recording.event("generator-idle", "generator", "");
    const exports = { received: receiver.received, failed: receiver.failed + exported.failedExports };
    return { stop, stopDecidedMs, idleMs, exports, k6: { ...end, lastLines: k6.lastLines() } };
  } finally {
    actions.stop();
    silence.end();
    await receiver.close();
  }
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
      void performActions({ conditions: suite.conditions, firstMs, parts, stage, recording, stopped: abort.signal });
    },
    stop: () => abort.abort(),
  };
}

function k6Request(request: DriveRequest): Parameters<Stage["spawn"]>[1] {
  const { suite, stage } = request;
  const targets = targetRoles(suite.target.replicas).map((role) => stage.addresses[role] ?? "");
  const program = k6Program({
    k6Path: request.k6Path,
    scriptFile: request.scriptFile,
    targetUrls: targets.map((host) => `http://${host.includes(":") ? `[${host}]` : host}:${suite.target.port}`),
    load: suite.load,
    stop: suite.stop,
    bodySignatures: suite.faults.filter((signature) => signature.in === "body"),
    otlpPort,
  });
  return { ...program, cwd: suite.folder, logFile: request.logFile, cpus: suite.generator.cpus };
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
    conditions: request.suite.conditions,
  });
}

/** k6 ended by itself: with code 0 its schedule was over, else it died. */
function generatorEnded(request: DriveRequest, end: PartEnd): StopReason {
  const criterion = end.exitCode === 0 ? "load-ended" : "generator-died";
  return {
    criterion,
    atSeconds: secondsIntoLoad(request.recording),
    detail: `k6 ended by itself: ${k6ExitMeaning(end.exitCode, end.signal)}`,
  };
}

function fellSilent({ recording }: DriveRequest, detail: string): StopReason {
  return { criterion: "generator-died", atSeconds: secondsIntoLoad(recording), detail };
}

/** SIGINT lets k6 send its last export; what does not end in time is killed. */
async function endGenerator(k6: RunningPart): Promise<PartEnd> {
  k6.signal("SIGINT");
  const kill = setTimeout(() => k6.signal("SIGKILL"), graceMs);
  const end = await k6.ended;
  clearTimeout(kill);
  return end;
}
