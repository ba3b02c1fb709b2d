import type { Server } from "node:net";
import { decideStop } from "../detect/stop.ts";
import { firstRequestMs } from "../detect/windows.ts";
import type { PartEnd, RunningPart, Stage } from "../environments/environment.ts";
import { k6ExitMeaning } from "../load/k6-exit.ts";
import { k6Program } from "../load/k6-program.ts";
import { receiveWindows } from "../load/receive-windows.ts";
import type { StopReason } from "../results/trial.ts";
import { rampEndMs } from "../suite/rate.ts";
import type { Suite } from "../suite/suite.ts";
import { type Recording, secondsIntoLoad } from "./recording.ts";
import { watchDeaths, watchFaultLog, watchGenerator } from "./watch-parts.ts";

/** Port of the listener inside the generator's namespace; registered for OTLP over HTTP. */
export const otlpPort = 4318;

/** k6 exports from its start on, during setup() too: without any for so long the script's init code does not end. */
const firstExportMs = 20_000;

/** How long k6 may take to end after SIGINT (50 ms were seen) before it is killed: idle within a second is the promise. */
const graceMs = 800;

/** What one trial's load needs. */
export interface DriveRequest {
  suite: Suite;
  stage: Stage;
  /** Listens on otlpPort inside the generator's namespace. */
  server: Server;
  /** Target and upstreams, ready. */
  parts: RunningPart[];
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
  const receiver = receiveWindows({
    server: request.server,
    now: recording.now,
    onWindow(window) {
      recording.windows.push(window);
      request.onWindow();
      const stop = decide(request);
      if (stop !== null) decision.resolve(stop);
    },
  });
  try {
    recording.event("load-started", "generator", "");
    const k6 = await stage.spawn("generator", k6Request(request));
    const exported = watchGenerator(k6, recording);
    for (const part of request.parts) if (part.role === "target") watchFaultLog(part, suite.faults, recording);
    watchDeaths(request.parts, recording, decision.resolve);
    const silent = setTimeout(() => {
      if (receiver.received === 0) decision.resolve(neverBegan(request));
    }, firstExportMs);
    k6.ended.finally(() => clearTimeout(silent));
    const stop = await Promise.race([decision.promise, k6.ended.then((end) => generatorEnded(request, end))]);
    const stopDecidedMs = recording.now();
    recording.event("stop-decided", null, `${stop.criterion}: ${stop.detail}`);
    exported.stopped = stop.criterion !== "load-ended" && stop.criterion !== "generator-died";
    const end = await endGenerator(k6);
    const idleMs = recording.now();
    recording.event("generator-idle", "generator", "");
    const exports = { received: receiver.received, failed: receiver.failed + exported.failedExports };
    return { stop, stopDecidedMs, idleMs, exports, k6: { ...end, lastLines: k6.lastLines() } };
  } finally {
    await receiver.close();
  }
}

function k6Request(request: DriveRequest): Parameters<Stage["spawn"]>[1] {
  const { suite, stage } = request;
  const host = stage.addresses.target as string;
  const program = k6Program({
    k6Path: request.k6Path,
    scriptFile: request.scriptFile,
    targetUrl: `http://${host.includes(":") ? `[${host}]` : host}:${suite.target.port}`,
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

function neverBegan({ recording }: DriveRequest): StopReason {
  const detail = `nothing came from k6 within ${firstExportMs / 1000} s: the script's init code may not end`;
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
