import { type ChildProcess, spawn } from "node:child_process";
import { setImmediate, setTimeout as wait } from "node:timers/promises";
import { OutputLog } from "../output.ts";
import type { PartEnd, RunningPart } from "../testbed.ts";
import { enterArgv } from "./enter.ts";
import { assertPrivate, childrenOf, type Holder } from "./holder.ts";
import { type OrdinaryId, pinnedTo, toolPath } from "./programs.ts";

/** A program to run inside a holder's namespaces. argv[0] is an absolute path; env is all that it gets. */
export interface LaunchRequest {
  argv: string[];
  env: Record<string, string>;
  cwd: string;
  logFile: string;
  cpus: string | null;
  /** null = (what looks like) root. */
  ordinary: OrdinaryId | null;
}

/** A launched program, with what its stage needs to end it. */
export interface LaunchedPart extends RunningPart {
  readonly pid: number;
  /** Whether it has not ended yet, as far as its exit was seen. */
  running(): boolean;
  /** Once its namespace is closed: waits until it is gone and its log is whole. */
  settled(): Promise<void>;
  /** Lets nsenter go on: one that was stopped along with its part would not reap it, and the namespace could not end. */
  unstop(): void;
}

/** Starts a program; resolves as soon as its own pid is known. */
export async function launch(holder: Holder, request: LaunchRequest): Promise<LaunchedPart> {
  assertPrivate(holder);
  const [command = "setpriv", ...args] = [...goingOn(), ...enterArgv(holder), ...insideArgv(holder, request)];
  // Detached: a Ctrl-C at the terminal would reach the part before the harness, and look like a crash.
  const child = spawn(command, args, { detached: true, stdio: ["ignore", "pipe", "pipe"], env: request.env });
  const output = new OutputLog(request.logFile);
  output.follow(child.stdout);
  output.follow(child.stderr);
  const ended = untilEnded(child);
  return describe(holder.role, { child, output, ended, pid: await programPid(child, ended) });
}

/**
 * nsenter stops along with its part. Were the harness to die meanwhile, nobody would let it go on to reap the part, and the
 * namespace would stay for ever: the kernel sends it SIGCONT then (prctl(2), PR_SET_PDEATHSIG).
 */
function goingOn(): string[] {
  return [toolPath("setpriv"), "--pdeathsig", "CONT", "--"];
}

/** Pinned, in its folder, under its identity. unshare without a namespace only changes the folder: nsenter lost it with the mount namespace. */
function insideArgv(holder: Holder, request: LaunchRequest): string[] {
  return [
    ...pinnedTo(request.cpus),
    toolPath("unshare"),
    `--wd=${request.cwd}`,
    ...identityArgv(holder, request),
    ...request.argv,
  ];
}

function identityArgv(holder: Holder, { ordinary }: LaunchRequest): string[] {
  if (ordinary === null) return ["--"];
  const { uid, gid } = ordinary;
  if (holder.rootless) return ["--user", `--map-user=${uid}`, `--map-group=${gid}`, "--"];
  return ["--", toolPath("setpriv"), `--reuid=${uid}`, `--regid=${gid}`, "--clear-groups", "--"];
}

function describe(
  role: string,
  run: { child: ChildProcess; output: OutputLog; ended: Promise<PartEnd>; pid: number },
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
function descendantsOf(pid: number): number[] {
  return [pid, ...childrenOf(pid).flatMap(descendantsOf)];
}

/** nsenter ends the way its child did. What the program wrote last may still be in the pipes. */
async function untilEnded(child: ChildProcess): Promise<PartEnd> {
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const end = await new Promise<PartEnd>((resolve) => {
    child.once("exit", (exitCode, signal) => resolve({ exitCode, signal }));
    child.once("error", () => resolve({ exitCode: null, signal: null }));
  });
  const timer = new AbortController();
  await Promise.race([closed, untilSilent(child, timer.signal).catch(() => {})]);
  timer.abort();
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
async function programPid(child: ChildProcess, ended: Promise<PartEnd>): Promise<number> {
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
