import { type ChildProcessByStdio, spawn } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";
import type { Readable, Writable } from "node:stream";
import { IncompleteError } from "../../core/errors.ts";
import { endsWithin } from "../../core/waits.ts";
import { toolEnvironment } from "./find-program.ts";

/**
 * Holds one role's namespaces. Its PID 1 is a `cat` whose stdin is a pipe from the harness: when the harness ends, by
 * SIGKILL too, cat ends, and the kernel kills everything inside and frees the namespaces with their links and sockets.
 */
export interface Holder {
  role: string;
  /** PID 1 of the namespaces, as this machine numbers it. */
  pid: number;
  /** What /proc/PID/ns/net reads: `net:[4026532000]`. */
  network: string;
  rootless: boolean;
}

/** A holder from the moment it is spawned: it can be closed before it is ready. */
export interface HolderProcess {
  /** Rejects with IncompleteError when the kernel refused a namespace, with unshare's words. */
  ready: Promise<Holder>;
  /** Ends everything inside. Rejects with IncompleteError where something outlives five seconds. */
  close(): Promise<void>;
}

type HolderChild = ChildProcessByStdio<Writable, Readable, Readable>;

/** Whose rights namespaces are made by, and where. */
export interface HoldingPrivilege {
  rootless: boolean;
  /** Rootless: whose user namespace they are to be in; null = in one of their own. */
  userOf: Pick<Holder, "pid"> | null;
  /** As root: a process whose network, IPC and pid namespaces are joined in place of new ones; mounts are its own all the same. */
  within?: number;
}

/** `proc` is mounted afresh, since a pid namespace with the machine's /proc shows strangers' pids. */
const unshareFlags = ["--net", "--ipc", "--pid", "--mount-proc", "--fork", "--kill-child"];

/**
 * argv that makes namespaces and runs `program` as their PID 1. As root: directly. Rootless: in a user namespace of its
 * own, or, with `userOf`, in that holder's user namespace, so that links between the two can be made.
 */
export function unshareArgv(privilege: HoldingPrivilege, program: string[]): string[] {
  const tail = ["--", ...program];
  if (privilege.within !== undefined) {
    const joined = ["nsenter", "--net", "--ipc", "--pid", "--target", String(privilege.within), "--"];
    return [...joined, "unshare", "--mount-proc", ...tail];
  }
  if (!privilege.rootless) return ["unshare", ...unshareFlags, ...tail];
  if (privilege.userOf === null) return ["unshare", "--user", "--map-root-user", ...unshareFlags, ...tail];
  const inside = ["nsenter", "--user", "--preserve-credentials", "--target", String(privilege.userOf.pid), "--"];
  return [...inside, "unshare", ...unshareFlags, ...tail];
}

/** Spawns a holder. Register its close() at once: it needs undoing from here on. */
export function spawnHolder(role: string, privilege: HoldingPrivilege): HolderProcess {
  const [command = "unshare", ...args] = unshareArgv(privilege, ["cat"]);
  // Detached: a Ctrl-C at the terminal must not end the namespaces before the harness has read what it needs.
  const child = spawn(command, args, {
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
    env: toolEnvironment(),
  });
  child.stdin.on("error", () => {}); // EPIPE: it is gone, which `ended` says
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  const ready = untilReady(role, child, privilege.rootless);
  ready.catch(() => {}); // awaited by whoever asked; a close() before that is no bug
  return { ready, close: () => closeHolder(role, child, ended) };
}

/** The holder of a role. @throws a bug where there is none */
export function holderOf(holders: Map<string, Holder>, role: string): Holder {
  const holder = holders.get(role);
  if (holder === undefined) throw new Error(`no namespace for ${role}`);
  return holder;
}

/** Throws unless the holder still has the very namespace it was made with, and that is not the harness's own. */
export function assertPrivate(holder: Holder): void {
  const now = networkOf(holder.pid);
  if (now === null || now !== holder.network || now === networkOf("self")) {
    throw new IncompleteError(`the namespace of ${holder.role} is gone: its holder (pid ${holder.pid}) ended`);
  }
}

/** Children of a process, by pid; empty where it is gone. */
export function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/**
 * Ready only when cat has echoed a byte AND PID 1's network is not ours: right after spawn a holder is still in the
 * machine's namespace, and a setting written then would change the machine.
 */
async function untilReady(role: string, child: HolderChild, rootless: boolean): Promise<Holder> {
  let words = "";
  child.stderr.on("data", (chunk: Buffer) => {
    words = (words + chunk.toString()).slice(-2000);
  });
  child.stdin.write("\n");
  const echoed = Promise.withResolvers<boolean>();
  child.stdout.once("data", () => echoed.resolve(true));
  child.once("close", () => echoed.resolve(false));
  child.once("error", (error) => {
    words = error.message;
    echoed.resolve(false);
  });
  const alive = await echoed.promise;
  const pid = child.pid === undefined ? undefined : childrenOf(child.pid)[0];
  const network = pid === undefined ? null : networkOf(pid);
  if (!alive || pid === undefined || network === null || network === networkOf("self")) {
    throw new IncompleteError(`no namespace for ${role}: ${words.trim() || "the holder ended at once"}`, {
      hint: "tunebench doctor says what this machine lacks",
    });
  }
  return { role, pid, network, rootless };
}

async function closeHolder(role: string, child: HolderChild, ended: Promise<void>): Promise<void> {
  const pidOne = child.pid === undefined ? undefined : childrenOf(child.pid)[0];
  child.stdin.destroy();
  if (await endsWithin(ended, 2000)) return;
  if (pidOne !== undefined) kill(pidOne);
  child.kill("SIGKILL");
  if (await endsWithin(ended, 3000)) return;
  throw new IncompleteError(`the namespace of ${role} could not be ended (holder pid ${child.pid})`);
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // gone in between
  }
}

/** The network namespace of a process; null where it is gone. */
function networkOf(pid: number | "self"): string | null {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return null;
  }
}
