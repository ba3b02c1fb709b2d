import { isTargetRole } from "../core/roles.ts";
import { k6Program } from "../engines/k6/k6-program.ts";
import { receiveWindows } from "../engines/k6/receive-windows.ts";
import type { WatchedRole } from "../sampling/observer.ts";
import { startObserver } from "../sampling/start-observer.ts";
import { readSteering } from "../sampling/steering.ts";
import { rolesOf, type Suite } from "../suite/suite.ts";
import type { LocalHands, RunningPart, Stage } from "../testbeds/testbed.ts";
import { type DriverRequest, type GeneratorEnd, type LoadDriver, otlpPort, targetUrls } from "./load-driver.ts";
import { portFacts } from "./port-facts.ts";
import { watchLog } from "./watch-parts.ts";

/** How long k6 may take to end after SIGINT (50 ms were seen) before it is killed: idle within a second is the promise. */
const graceMs = 800;

/** k6 in the generator's namespace, a listener there for its exports, the samplers in this process. */
export function driveHere(request: DriverRequest, hands: LocalHands): LoadDriver {
  return { steering: readSteering, start: (onWindow) => start(request, hands, onWindow) };
}

async function start(
  request: DriverRequest,
  hands: LocalHands,
  onWindow: Parameters<LoadDriver["start"]>[0],
): ReturnType<LoadDriver["start"]> {
  const { recording, stage, suite } = request;
  const server = await hands.listen("generator", otlpPort);
  recording.start();
  const observer = startObserver({
    roles: watchedRoles(stage, hands, suite),
    now: recording.now,
    onSample: (sample) => void recording.samples.push(sample),
  });
  const receiver = receiveWindows({ server, now: recording.now, onWindow });
  const finish = async () => {
    await receiver.close();
    const { received, failed } = receiver;
    return { exports: { received, failed }, startSkewMs: null, samplers: await observer.stop(), losses: [] };
  };
  try {
    recording.event({ kind: "load-started", runners: null });
    const k6 = await hands.spawn("generator", k6Request(request));
    watchLog(k6, recording);
    const ended = k6.ended.then((end): GeneratorEnd => ({ ...end, runners: [] }));
    return {
      ended,
      finish,
      received: () => receiver.received,
      onLine: k6.onLine,
      trouble: () => null,
      lastLines: k6.lastLines,
      stop: () => endInTime(k6, ended),
    };
  } catch (error) {
    await finish();
    throw error;
  }
}

function k6Request(request: DriverRequest): Parameters<LocalHands["spawn"]>[1] {
  const { k6Path, suite } = request;
  if (k6Path === null) throw new Error("a load of this machine's own without its k6");
  const program = k6Program({
    k6Path,
    scriptFile: request.scriptFile,
    targetUrls: targetUrls(request),
    load: suite.load,
    stop: suite.stop,
    bodySignatures: suite.faults.filter((signature) => signature.in === "body"),
    otlpEndpoint: `127.0.0.1:${otlpPort}`,
  });
  return { ...program, cwd: suite.folder, logFile: request.logFile, cpus: suite.generator.cpus };
}

/** SIGINT lets k6 send its last export; what does not end in time is killed. */
async function endInTime(k6: RunningPart, ended: Promise<GeneratorEnd>): Promise<GeneratorEnd> {
  k6.signal("SIGINT");
  const kill = setTimeout(() => k6.signal("SIGKILL"), graceMs);
  const end = await ended;
  clearTimeout(kill);
  return end;
}

/** Roles whose ports are unknown can't be watched for their use; all others are watched. */
function watchedRoles(stage: Stage, hands: LocalHands, suite: Suite): WatchedRole[] {
  return rolesOf(suite).flatMap((role) => {
    const ports = portFacts(stage.settings, role);
    if (ports === null) return [];
    const listenPort = role === "generator" ? null : (isTargetRole(role) ? suite.target : suite.upstreams[role])?.port;
    return [
      { ...hands.watch(role), listenPort: listenPort ?? null, portRange: ports.range, usablePorts: ports.usable },
    ];
  });
}
