import { spawn } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { execa, type Options } from "execa";
import { IncompleteError } from "../../harness/core/errors.ts";
import { searchPath, toolPath } from "../../harness/testbeds/netns/find-program.ts";
import { places } from "./places.ts";

/** The environment variable that every process of the cluster carries, so that all are found whatever became of `up`. */
const marker = `TUNEBENCH_CLUSTER_PROCESS=${places.name}`;

/**
 * What the cluster's own processes get: nothing of the user's environment, which may hold secrets or a proxy. TMPDIR is
 * the node's own, so that nothing is left in the machine's.
 */
export function nodeEnvironment(): Record<string, string> {
  const [name = "", value = ""] = marker.split("=");
  return { [name]: value, PATH: searchPath(process.execPath), HOME: "/root", LC_ALL: "C", TMPDIR: "/run/tmp" };
}

/**
 * Starts the process that holds the node's namespaces, and gives its pid. The cluster must outlive this command, so that
 * no pipe ties it to the harness, as the rig's holders are; it is found again by its marker. It ignores SIGCHLD, by which
 * the kernel reaps what the cluster's processes leave to PID 1.
 */
export async function startNode(): Promise<number> {
  const namespaces = ["--net", "--ipc", "--uts", "--pid", "--mount-proc", "--fork", "--kill-child"];
  const pidOne = [toolPath("env"), "--ignore-signal=CHLD", "sleep", "infinity"];
  const child = spawn(toolPath("unshare"), [...namespaces, "--", ...pidOne], {
    detached: true,
    stdio: "ignore",
    env: nodeEnvironment(),
  });
  child.on("error", () => {}); // told below
  child.unref();
  const deadlineMs = performance.now() + 5000;
  while (child.exitCode === null && performance.now() < deadlineMs) {
    const pid = findNode();
    if (pid !== null) return pid;
    await wait(10);
  }
  throw new IncompleteError("the node's namespaces could not be made", {
    hint: "tunebench doctor --cluster one-node says what this machine lacks",
  });
}

/** PID 1 of the node's namespaces, as this machine numbers it; null where the cluster is not up. */
export function findNode(): number | null {
  return markedProcesses().find(isPidOne) ?? null;
}

/** Every process with the marker: PID 1, the unshare that made it, the daemons, and what was started inside and still runs. */
export function markedProcesses(): number[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  return pids.filter((pid) => textOf(`/proc/${pid}/environ`).split("\0").includes(marker)).map(Number);
}

/** argv in front of a program that is to run in all of the node's namespaces. */
export function enterNode(node: number): string[] {
  const namespaces = ["--net", "--ipc", "--uts", "--pid", "--mount"];
  return [toolPath("nsenter"), "--target", String(node), ...namespaces, "--"];
}

/** Runs a short program inside and gives what it wrote. Throws IncompleteError with its words where it fails. */
export async function runInNode(node: number, argv: string[], options: Pick<Options, "input" | "timeout"> = {}) {
  const [command = "nsenter", ...args] = [...enterNode(node), ...argv];
  const fixed = { reject: false, env: nodeEnvironment(), extendEnv: false } as const;
  const result = await execa(command, args, { timeout: 30_000, ...options, ...fixed });
  if (result.failed)
    throw new IncompleteError(`${argv[0]} failed on the node: ${result.stderr || result.shortMessage}`);
  return String(result.stdout);
}

/** In a pid namespace below ours, its first process, past the point where it is still unshare in the machine's network. */
function isPidOne(pid: number): boolean {
  const numbers = /^NSpid:\s+(.*)$/m.exec(textOf(`/proc/${pid}/status`))?.[1]?.split(/\s+/) ?? [];
  const isSleep = textOf(`/proc/${pid}/cmdline`).startsWith("sleep\0");
  return numbers.length === 2 && numbers[1] === "1" && isSleep && networkOf(pid) !== networkOf("self");
}

/** What /proc/PID/ns/net reads; null where it is gone. */
export function networkOf(pid: number | "self"): string | null {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return null;
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
