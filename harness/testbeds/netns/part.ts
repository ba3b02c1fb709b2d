import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import type { Readable, Writable } from "node:stream";
import { setImmediate, setTimeout as wait } from "node:timers/promises";
import type { Exit } from "../../engines/engine.ts";
import { OutputLog } from "../output.ts";
import type { RunningPart } from "../testbed.ts";
import { toolEnvironment } from "./find-program.ts";
import { assertPrivate, childrenOf, type Holder } from "./holder.ts";

/** A program to run inside a holder's namespaces. */
export interface Launch {
  /** What enters them and gives up rights, with become-child.ts at its end (start-part.ts). */
  argv: string[];
  becoming: Becoming;
  logFile: string;
  /** What it reads as its standard input; none where left out. */
  inputFile?: string;
}

/** What become-child.ts becomes: a program by its absolute path, all that it gets of env, and the folder that it runs in. */
export interface Becoming {
  argv: string[];
  env: Record<string, string>;
  folder: string;
}

/** A launched program, with what its trial needs to act on it and to end it. */
export interface LaunchedPart extends RunningPart {
  /** Of the program itself, not of nsenter, as this machine sees it. */
  readonly pid: number;
  signal(name: NodeJS.Signals): void;
  /** To the program and all that it started. */
  signalAll(name: NodeJS.Signals): void;
  /** Whether it has not ended yet, as far as its exit was seen. */
  running(): boolean;
  /** Once its namespace is closed: waits until it is gone and its log is whole. */
  settled(): Promise<void>;
  /** Lets nsenter go on: one that was stopped along with its part would not reap it, and the namespace could not end. */
  unstop(): void;
}

/** Starts a program; resolves as soon as its own pid is known. */
export async function launch(holder: Holder, { argv, becoming, logFile, inputFile }: Launch): Promise<LaunchedPart> {
  assertPrivate(holder);
  const [command = "setpriv", ...args] = argv;
  // Detached: a Ctrl-C at the terminal would reach the part before the harness, and look like a crash.
  const input = inputFile === undefined ? null : openSync(inputFile, "r");
  const stdio: StdioOptions = [input ?? "ignore", "pipe", "pipe", "pipe"];
  const child = spawn(command, args, { detached: true, stdio, env: toolEnvironment() });
  if (input !== null) closeSync(input);
  tell(child.stdio[3] as Writable, becoming);
  const output = new OutputLog(logFile);
  output.follow(child.stdout as Readable);
  output.follow(child.stderr as Readable);
  const ended = untilEnded(child);
  return describe(holder.role, { child, output, ended, pid: await programPid(child, ended) });
}

/** Where it ended before it had read this, its end says so. */
function tell(pipe: Writable, becoming: Becoming): void {
  pipe.on("error", () => {});
  pipe.end(JSON.stringify(becoming));
}

function describe(
  role: string,
  run: { child: ChildProcess; output: OutputLog; ended: Promise<Exit>; pid: number },
): LaunchedPart {
  const isOver = () => run.child.exitCode !== null || run.child.signalCode !== null;
  const send = (pid: number | undefined, name: NodeJS.Signals) => {
    if (pid === undefined || isOver()) return;
    try {
      process.kill(pid, name);
    } catch {
      // it ended in between
    }
  };
  return {
    role,
    pid: run.pid,
    ended: run.ended,
    onLine: (listener) => run.output.onLine(listener),
    onLogLoss: (listener) => run.output.onLoss(listener),
    lastLines: () => run.output.lastLines(),
    signal: (name) => {
      send(run.pid, name);
      // nsenter stops along with its child, and has to go on with it, or to see its end.
      if (name === "SIGCONT" || name === "SIGKILL") send(run.child.pid, "SIGCONT");
    },
    signalAll: (name) => {
      for (const pid of descendantsOf(run.pid)) send(pid, name);
      // A stopped nsenter has to go on too: only then does it see that its child went on, or ended.
      if (name === "SIGCONT" || name === "SIGKILL") send(run.child.pid, "SIGCONT");
    },
    running: () => !isOver(),
    unstop: () => send(run.child.pid, "SIGCONT"),
    settled: async () => {
      await run.ended;
      await run.output.close();
    },
  };
}

/** A process and all that descend from it, parents first. */
export function descendantsOf(pid: number): number[] {
  return [pid, ...childrenOf(pid).flatMap(descendantsOf)];
}

/** nsenter ends the way its child did. What the program wrote last may still be in the pipes. */
export async function untilEnded(child: ChildProcess): Promise<Exit> {
  const closed = new AbortController();
  child.once("close", () => closed.abort());
  const end = await new Promise<Exit>((resolve) => {
    child.once("exit", (exitCode, signal) => resolve({ exitCode, signal }));
    child.once("error", () => resolve({ exitCode: null, signal: null }));
  });
  await untilSilent(child, closed.signal).catch(() => {});
  return end;
}

/** Nothing came for so long, or it never ends: grandchildren keep the pipes open. */
const silenceMs = 250;
const longestMs = 5000;

/** Rejects once aborted. */
async function untilSilent({ stdout, stderr }: ChildProcess, signal: AbortSignal): Promise<void> {
  const begunMs = performance.now();
  let heardMs = begunMs;
  const hear = () => {
    heardMs = performance.now();
  };
  for (const stream of [stdout, stderr]) stream?.on("data", hear);
  while (performance.now() - heardMs < silenceMs && performance.now() - begunMs < longestMs) {
    await wait(silenceMs / 5, undefined, { signal });
    // On a busy machine the time may be over with something still to be read: reading comes between a timer and this.
    await setImmediate(undefined, { signal });
  }
}

/** nsenter's only child. A program that ended before it could be seen gets nsenter's own pid, which is over by then too. */
async function programPid(child: ChildProcess, ended: Promise<Exit>): Promise<number> {
  let over = false;
  ended.then(() => {
    over = true;
  });
  while (child.pid !== undefined && !over && child.exitCode === null && child.signalCode === null) {
    const [pid] = childrenOf(child.pid);
    if (pid !== undefined) return pid;
    await wait(1);
  }
  return child.pid ?? 0;
}
