import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as wait } from "node:timers/promises";
import { programFile } from "../../core/package-root.ts";
import type { Part } from "../../suite/suite.ts";
import { PartFailure } from "../part-failure.ts";
import type { RunningPart } from "../testbed.ts";
import { enterArgv } from "./enter.ts";
import { childrenOf, type Holder } from "./holder.ts";
import { listenersIn } from "./listeners.ts";

/** What there is to know about a part that has to become ready. */
export interface Awaited {
  part: Pick<Part, "port" | "ready">;
  running: RunningPart;
  holder: Holder;
  /** Whose namespace the HTTP check comes from, and the address it asks: as a peer sees the part. */
  seenFrom: Holder;
  address: string;
  nodePath: string;
}

/** Waits until the part is ready. @throws PartFailure with its last lines when it dies or takes too long */
export async function untilReady(awaited: Awaited): Promise<void> {
  const { ready } = awaited.part;
  const stop = new AbortController();
  const late = wait(ready.withinMs, "late" as const, { signal: stop.signal });
  const died = awaited.running.ended.then((end) => end);
  const check = checkOf(awaited, stop.signal).then(() => "ready" as const);
  for (const promise of [late, check]) promise.catch(() => {});
  try {
    const first = await Promise.race([late, died, check]);
    if (first === "ready") return;
    if (first === "late") throw notReady(awaited);
    throw new PartFailure(awaited.running.role, `ended while it was awaited (${endText(first)})`, lines(awaited));
  } finally {
    stop.abort();
  }
}

function checkOf(awaited: Awaited, signal: AbortSignal): Promise<void> {
  const { check } = awaited.part.ready;
  if (check.kind === "log") return untilLine(awaited.running, check.text);
  return check.kind === "tcp" ? untilListening(awaited, signal) : untilHttpOk(awaited, check.path, signal);
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
async function untilHttpOk(awaited: Awaited, path: string, signal: AbortSignal): Promise<void> {
  const [command = "nsenter", ...inside] = enterArgv(awaited.seenFrom);
  const request = [awaited.address, String(awaited.part.port), path, String(awaited.part.ready.withinMs)];
  const child = spawn(command, [...inside, awaited.nodePath, programFile("testbeds/netns/http-probe"), ...request], {
    detached: true,
    stdio: "ignore",
    env: {},
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

function notReady(awaited: Awaited): PartFailure {
  const { part, running, holder } = awaited;
  const listeners = listenersIn(holder.pid, part.port);
  const what = `was not ready within ${part.ready.withinMs / 1000} s (${waitedFor(part)})`;
  if (part.ready.check.kind === "log" || listeners.some((listener) => !listener.loopbackOnly)) {
    return new PartFailure(running.role, what, lines(awaited));
  }
  const hint =
    listeners.length > 0
      ? `it listens on loopback only; its peers reach it at ${awaited.address}: listen on all addresses (LISTEN_HOST)`
      : `nothing listens on port ${part.port} in its namespace; the port it should take is in its env as PORT`;
  return new PartFailure(running.role, what, lines(awaited), hint);
}

function waitedFor({ port, ready: { check } }: Awaited["part"]): string {
  if (check.kind === "log") return `a line with ${JSON.stringify(check.text)}`;
  return check.kind === "tcp" ? `port ${port} listening` : `GET ${check.path} on port ${port} answering 2xx or 3xx`;
}

function endText(end: { exitCode: number | null; signal: string | null }): string {
  return end.signal === null ? `exit code ${end.exitCode}` : end.signal;
}

function lines(awaited: Awaited): string[] {
  return awaited.running.lastLines();
}
