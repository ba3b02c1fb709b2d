import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, unlinkSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import type { Readable } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import { InputError } from "../../core/errors.ts";
import type { Exit } from "../../engines/engine.ts";
import type { ContainerPart, ContainerRequest } from "../netns/container-port.ts";
import { assertPrivate } from "../netns/holder.ts";
import { descendantsOf, untilEnded } from "../netns/part.ts";
import { temporaryName } from "../netns/workspace.ts";
import { OutputLog } from "../output.ts";
import { envLines, type Joined, partArguments } from "./arguments.ts";
import { type ContainerEngine, call } from "./container-engine.ts";
import { modestLimitsHere } from "./limits.ts";

/** How long a command that is run inside may take. */
const executeMs = 10_000;

/**
 * Starts a container through the engine's client, which stays beside it: what the program writes comes through it, and its end is the
 * program's. Resolves as soon as the program's own pid is known.
 */
export async function startContainer(
  engine: ContainerEngine,
  request: ContainerRequest,
  { trial, name, joined }: { trial: string; name: string; joined: Joined },
): Promise<ContainerPart> {
  assertPrivate(request.holder);
  const env = openEnvironment(request);
  try {
    const limits = engine.name === "podman" ? modestLimitsHere() : {};
    const args = partArguments(engine.name, request, { trial, name, joined, envFile: "/proc/self/fd/3", limits });
    // Detached: a Ctrl-C at the terminal would reach the client before the harness, and look like an end.
    const child = spawn(engine.name, args, { detached: true, stdio: ["ignore", "pipe", "pipe", env.handle] });
    const output = new OutputLog(request.logFile);
    output.follow(child.stdout as Readable);
    output.follow(child.stderr as Readable);
    const ended = untilEnded(child).then(exitInside);
    return describe({ engine, name, role: request.role, child, output, ended, pid: await pidOf(engine, name, child) });
  } finally {
    env.close();
  }
}

/** A file without a name, so that what may be secret stands in no argument and is gone with this process; the client has it as its own. */
function openEnvironment({ role, env }: ContainerRequest): { handle: number; close: () => void } {
  const file = temporaryName();
  writeFileSync(file, linesOf(role, env), { flag: "wx", mode: 0o600 });
  const handle = openSync(file, "r");
  unlinkSync(file);
  return { handle, close: () => closeSync(handle) };
}

function linesOf(role: string, env: Record<string, string>): string {
  try {
    return envLines(env);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new InputError(`env.${error.message} of ${role} has several lines, which no container takes from outside`, {
      hint: "mount a file that holds it (mounts:)",
    });
  }
}

interface Run {
  engine: ContainerEngine;
  name: string;
  role: string;
  child: ChildProcess;
  output: OutputLog;
  ended: Promise<Exit>;
  pid: number;
}

function describe({ engine, name, role, child, output, ended, pid }: Run): ContainerPart {
  const running = () => child.exitCode === null && child.signalCode === null;
  const send = (to: number, signal: NodeJS.Signals) => {
    if (!running() || to <= 0) return;
    try {
      process.kill(to, signal);
    } catch {
      // it ended in between
    }
  };
  return {
    role,
    pid,
    ended,
    onLine: (listener) => output.onLine(listener),
    onLogLoss: (listener) => output.onLoss(listener),
    lastLines: () => output.lastLines(),
    signal: (signal) => send(pid, signal),
    signalAll: (signal) => {
      for (const one of pid > 0 ? descendantsOf(pid) : []) send(one, signal);
    },
    running,
    unstop: () => {},
    settled: async () => {
      await ended;
      await output.close();
    },
    execute: async (command) => (await call(engine, ["exec", name, ...command], { timeoutMs: executeMs })).ok,
  };
}

/** The client ends with 128 and the signal's number where a signal ended the program, as a shell would say it. */
export function exitInside({ exitCode, signal }: Exit): Exit {
  const number = (exitCode ?? 0) - 128;
  const [name] = Object.entries(constants.signals).find(([, value]) => value === number) ?? [];
  return name === undefined ? { exitCode, signal } : { exitCode: null, signal: name as NodeJS.Signals };
}

/** 0 where it ended before it could be seen. */
async function pidOf(engine: ContainerEngine, name: string, child: ChildProcess): Promise<number> {
  while (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
    const { stdout } = await call(engine, ["inspect", "--format", "{{.State.Pid}}", name]);
    const pid = Number(stdout.trim());
    if (pid > 0) return pid;
    await wait(20);
  }
  return 0;
}
