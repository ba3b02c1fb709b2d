import type { Server } from "node:net";
import { dirname, join } from "node:path";
import { portsOf } from "../../core/ports.ts";
import { isTargetRole } from "../../core/roles.ts";
import type { Sample } from "../../results/samples.ts";
import type { WatchedRole } from "../../sampling/observer.ts";
import { startObserver } from "../../sampling/start-observer.ts";
import { rolesOf, type Suite } from "../../suite/suite.ts";
import {
  type LoadSpec,
  loadOrder,
  longestLoadMs,
  type RunningLoad,
  type SettingReading,
  type Telemetry,
} from "../testbed.ts";
import { watchGenerator } from "../watch-generator.ts";
import type { Generator } from "./generator.ts";
import type { LaunchedPart } from "./part.ts";
import type { OwnProgram } from "./start-part.ts";
import { pathAsWritten, type Workspace } from "./workspace.ts";

/** Port of the listener inside the generator's namespace; registered for OTLP over HTTP. */
export const exportPort = 4318;

/** The name by which a generator reads its script from standard input. */
const standardInput = "-";

/** How long a generator may take to end after SIGINT (k6: 50 ms were seen) before it is killed: idle within a second is the promise. */
const graceMs = 800;

/** What can be done in a trial's namespaces. */
export interface Places {
  /** Starts a program of the harness's own in a role's namespaces. */
  spawn(role: string, program: OwnProgram): Promise<LaunchedPart>;
  /** A server listening on 127.0.0.1:port inside the role's namespace, its handle in this process. */
  listen(role: string, port: number): Promise<Server>;
  /** What the samplers need to watch a role from outside. */
  watch(role: string): Pick<WatchedRole, "role" | "namespacePid" | "partPids">;
  /** Address of each role as others reach it. */
  readonly addresses: Record<string, string>;
  settings(): SettingReading[];
}

/** What a load on this machine is made of. */
export interface HereRequest extends LoadSpec {
  places: Places;
  suite: Suite;
  generator: Generator;
  workspace: Workspace;
  sink: Telemetry;
}

/** The generator in its namespace, a listener there for its exports, the samplers in this process. */
export async function driveHere(request: HereRequest): Promise<RunningLoad> {
  const { places, sink, suite, logFile, workspace } = request;
  const { engine } = request.generator;
  const server = await places.listen("generator", exportPort);
  sink.start();
  const onSample = (sample: Sample) => sink.sample(withPathsAsWritten(sample, workspace));
  const observer = startObserver({ roles: watchedRoles(places, suite), now: sink.now, onSample });
  const receiver = engine.receive({
    server,
    now: sink.now,
    thresholds: suite.script?.thresholds ?? [],
    duet: request.duetSeed !== undefined,
    onWindow: sink.window,
  });
  const watched = watchGenerator(engine, sink);
  const finish = async () => {
    await receiver.close();
    const exports = { received: receiver.received, failed: receiver.failed + watched.failedExports() };
    return { exports, startSkewMs: null, samplers: await observer.stop(), losses: [], thrown: watched.thrown() };
  };
  try {
    sink.event({ kind: "load-started", runners: null });
    const order = loadOrder(suite, places.addresses, workspace.dataOf(null));
    const { responses, duetSeed } = request;
    const { generator: program, beside } = workspace;
    const where = { program, beside, scriptFile: standardInput, exportTo: `127.0.0.1:${exportPort}` };
    const command = engine.command({ ...order, ...where, responses, duetSeed });
    // It runs where the script lies: what that opens by a relative path is looked for from there.
    const cwd = dirname(join(suite.folder, suite.load.script));
    const launched = { ...command, cwd, logFile, cpus: suite.generator.cpus, inputFile: request.scriptFile };
    const generator = await places.spawn("generator", launched);
    generator.onLine(watched.take);
    generator.onLogLoss((words) => sink.event({ kind: "log-lost", role: "generator", words }));
    const ended = generator.ended.then((end) => ({ ...end, runners: [] }));
    return {
      ended,
      finish,
      received: () => receiver.received,
      trouble: () => null,
      thrown: watched.thrown,
      longestMs: longestLoadMs(suite, engine),
      lastLines: generator.lastLines,
      stop: () => {
        watched.told();
        return endInTime(generator, ended);
      },
    };
  } catch (error) {
    await finish();
    throw error;
  }
}

function withPathsAsWritten(sample: Sample, workspace: Workspace): Sample {
  if (sample.kind !== "unix") return sample;
  const listeners = sample.listeners.map(({ path, queued }) => ({ path: pathAsWritten(workspace, path), queued }));
  return { ...sample, listeners };
}

/** SIGINT lets it send its last export; what does not end in time is killed. */
async function endInTime<End>(generator: LaunchedPart, ended: Promise<End>): Promise<End> {
  generator.signal("SIGINT");
  const kill = setTimeout(() => generator.signal("SIGKILL"), graceMs);
  const end = await ended;
  clearTimeout(kill);
  return end;
}

/** Roles whose ports are unknown can't be watched for their use; all others are watched. */
function watchedRoles(places: Places, suite: Suite): WatchedRole[] {
  return rolesOf(suite).flatMap((role) => {
    const ports = portsOf(places.settings(), role);
    if (ports === null) return [];
    const listenPort = role === "generator" ? null : (isTargetRole(role) ? suite.target : suite.upstreams[role])?.port;
    return [
      { ...places.watch(role), listenPort: listenPort ?? null, portRange: ports.range, usablePorts: ports.usable },
    ];
  });
}
