import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import { programFile } from "../../core/package-root.ts";
import type { Exit } from "../../engines/engine.ts";
import type { Part } from "../../suite/suite.ts";
import { PartFailure } from "../failures.ts";
import type { RunningPart } from "../testbed.ts";
import { enterArgv } from "./enter.ts";
import { childrenOf, type Holder } from "./holder.ts";

/** What there is to know about a part that has to become ready. */
export interface Awaited {
  part: Pick<Part, "port" | "ready" | "privileged" | "container">;
  running: RunningPart;
  holder: Holder;
  /** Whose namespace the HTTP check comes from, and the address it asks: as a peer sees the part. */
  seenFrom: Holder;
  address: string;
  nodePath: string;
  /** Whether a command that is run inside ends with 0; null where the part is no container. */
  execute: ((command: string[]) => Promise<boolean>) | null;
}

/** Waits until the part is ready. @throws PartFailure with its last lines when it dies or takes too long */
export async function untilReady(awaited: Awaited): Promise<void> {
  const { part, running } = awaited;
  const stop = new AbortController();
  const { promise: ready, resolve, reject } = Promise.withResolvers<void>();
  const answers: Answers = { last: null };
  const late = setTimeout(() => reject(notReady(awaited, answers.last)), part.ready.withinMs);
  void running.ended.then((end) => {
    reject(
      new PartFailure(
        running.role,
        `ended while it was awaited (${endText(end)})`,
        lines(awaited),
        rightsHint(awaited),
      ),
    );
  });
  checkOf(awaited, answers, stop.signal).then(resolve, reject);
  try {
    await ready;
  } finally {
    clearTimeout(late);
    stop.abort();
  }
}

/** What it answered last in place of being ready: "500: no database". Untrusted text; null where it answered nothing. */
interface Answers {
  last: string | null;
}

function checkOf(awaited: Awaited, answers: Answers, signal: AbortSignal): Promise<void> {
  const { check } = awaited.part.ready;
  if (check.kind === "log") return untilLine(awaited.running, check.text);
  if (check.kind === "exec") return untilExamined(awaited, check.command, signal);
  return check.kind === "tcp" ? untilListening(awaited, signal) : untilHttpOk(awaited, check.path, answers, signal);
}

/** How long after a check that failed the next one is begun. */
const pauseMs = 100;

async function untilExamined({ execute }: Awaited, command: string[], signal: AbortSignal): Promise<void> {
  if (execute === null) throw new Error("only a container can be asked by a command");
  while (!(await execute(command))) await wait(pauseMs, undefined, { signal });
}

function untilLine(running: RunningPart, text: string): Promise<void> {
  return new Promise((resolve) => {
    // Lines that came before this listener count too.
    if (running.lastLines().some((line) => line.includes(text))) return resolve();
    running.onLine((line) => {
      if (line.includes(text)) resolve();
    });
  });
}

/** Looks for a LISTEN row that peers can reach; makes no connection, so nothing is left behind in the part or its queue. */
async function untilListening(awaited: Awaited, signal: AbortSignal): Promise<void> {
  while (!reachable(awaited)) await wait(5, undefined, { signal });
}

function reachable({ holder, part }: Awaited): boolean {
  return listenersIn(holder.pid, part.port).some((listener) => !listener.loopbackOnly);
}

/**
 * Asks over HTTP from the peer's namespace, in a child of its own since Node can't change namespaces. It starts along with
 * the part, so that its own start costs no time; a connection refused leaves nothing behind.
 */
async function untilHttpOk(awaited: Awaited, path: string, answers: Answers, signal: AbortSignal): Promise<void> {
  const [command = "nsenter", ...inside] = enterArgv(awaited.seenFrom);
  const request = [awaited.address, String(awaited.part.port), path, String(awaited.part.ready.withinMs)];
  const child = spawn(command, [...inside, awaited.nodePath, programFile("testbeds/netns/http-probe"), ...request], {
    detached: true,
    stdio: ["ignore", "pipe", "ignore"],
    env: {},
  });
  createInterface({ input: child.stdout as Readable }).on("line", (line) => {
    answers.last = line;
  });
  signal.addEventListener("abort", () => endProbe(child), { once: true });
  await exitOf(child, signal);
}

/** Ends the probe, not nsenter: its child would otherwise go to the machine's init, and the namespace wait for that to reap it. */
function endProbe(nsenter: ChildProcess): void {
  if (nsenter.pid === undefined || nsenter.exitCode !== null) return;
  for (const pid of childrenOf(nsenter.pid)) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // it ended in between
    }
  }
}

function exitOf(child: ChildProcess, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    // Anything but 0 means that it never answered well; the deadline says so in its own words.
    child.once("exit", (code) => {
      if (code === 0 && !signal.aborted) resolve();
    });
  });
}

function notReady(awaited: Awaited, lastAnswer: string | null): PartFailure {
  const { part, running, holder } = awaited;
  const listeners = listenersIn(holder.pid, part.port);
  const { kind } = part.ready.check;
  const answered = lastAnswer === null ? "" : `; it answered ${lastAnswer}`;
  const what = `was not ready within ${part.ready.withinMs / 1000} s (${waitedFor(part)})${answered}`;
  if (kind === "log" || kind === "exec" || listeners.some((listener) => !listener.loopbackOnly)) {
    return new PartFailure(running.role, what, lines(awaited));
  }
  const hint =
    listeners.length > 0
      ? `it listens on loopback only; its peers reach it at ${awaited.address}: listen on all addresses (LISTEN_HOST)`
      : `nothing listens on port ${part.port} in its namespace${part.container === null ? "; the port it should take is in its env as PORT" : ""}`;
  return new PartFailure(running.role, what, lines(awaited), hint);
}

/** How EACCES and EPERM are written: strerror(3), Python, Go, Java; Node has the names too. */
const denied = /permission denied|operation not permitted|\b(?:EACCES|EPERM)\b/i;

/** Where a program that is an ordinary user says that it was denied something. */
function rightsHint(awaited: Awaited): string | undefined {
  if (awaited.part.privileged || awaited.part.container !== null || !lines(awaited).some((line) => denied.test(line)))
    return undefined;
  return "it runs as an ordinary user: writable: [FOLDER] makes a folder its own, privileged: true makes it root";
}

function waitedFor({ port, ready: { check } }: Awaited["part"]): string {
  if (check.kind === "log") return `a line with ${JSON.stringify(check.text)}`;
  if (check.kind === "exec") return `${check.command.join(" ")} ending with 0`;
  return check.kind === "tcp" ? `port ${port} listening` : `GET ${check.path} on port ${port} answering 2xx or 3xx`;
}

function endText(end: Exit): string {
  return end.signal === null ? `exit code ${end.exitCode}` : end.signal;
}

function lines(awaited: Awaited): string[] {
  return awaited.running.lastLines();
}

/** A listening socket on a port. */
interface Listener {
  loopbackOnly: boolean;
}

/**
 * Sockets that listen on a TCP port in the namespace of a process; empty where it is gone. A table is read only where a socket is in
 * use: to read one the kernel goes through the machine's whole table of connections, and this is asked every few milliseconds.
 */
function listenersIn(pid: number, port: number): Listener[] {
  const read = (name: string) => readFileSync(`/proc/${pid}/net/${name}`, "utf8");
  return [
    { table: "tcp", count: "sockstat" },
    { table: "tcp6", count: "sockstat6" },
  ].flatMap(({ table, count }) => {
    try {
      return /^TCP6?: inuse 0\b/m.test(read(count)) ? [] : listenersOf(read(table), port);
    } catch {
      return [];
    }
  });
}

/** The same from the text of /proc/net/tcp or tcp6 (Documentation/networking/proc_net_tcp.rst): state 0A is LISTEN. */
export function listenersOf(table: string, port: number): Listener[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  return table
    .split("\n")
    .map((row) => row.trim().split(/\s+/))
    .filter(([, local, , state]) => state === "0A" && local?.endsWith(suffix))
    .map(([, local = ""]) => ({ loopbackOnly: isLoopback(local.slice(0, -suffix.length)) }));
}

/** Addresses are printed as host-order words: 127.0.0.1 is 0100007F on little-endian machines, 7F000001 on big-endian ones. */
function isLoopback(hex: string): boolean {
  if (hex.length === 8) return hex.endsWith("7F") || hex.startsWith("7F0000");
  return hex === "00000000000000000000000001000000" || hex === "00000000000000000000000000000001";
}
