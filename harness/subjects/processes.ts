import { readdirSync } from "node:fs";
import { basename } from "node:path";
import { namespaceOf } from "../sampling/namespace.ts";
import { linkAt, readProc } from "../sampling/proc.ts";

/** Whether a process is in the machine's own network, as far as that is seen from here: that of pid 1. */
export function hasMachinesNetwork(pid: number): boolean {
  return namespaceOf(pid) === namespaceOf(1);
}

/** What the kernel calls a process: 15 characters of its program's name, or what it calls itself. Untrusted text. */
export function programOf(pid: number): string {
  const name = readProc(`/proc/${pid}/comm`)?.trim() ?? "?";
  return name === nodesName ? programIn(readProc(`/proc/${pid}/cmdline`) ?? "", name) : name;
}

/** Node calls itself so since version 23, every one of them. */
const nodesName = "MainThread";

/** Options that a program itself follows, in place of a file. */
const programGiven = /^(-[ep]|-pe|--eval|--print)$/;

/** "/usr/bin/node\0--flag\0/srv/web.js\0" -> "node web.js": its program, and the first file that it was given; of "-e" and code no more than that. */
export function programIn(commandLine: string, otherwise: string): string {
  const [program = "", ...words] = commandLine.split("\0").filter((word) => word !== "");
  const file = words.find((word) => !word.startsWith("-") || programGiven.test(word));
  return [program, ...(file === undefined ? [] : [file])].map((word) => basename(word)).join(" ") || otherwise;
}

/** Whose descriptors are sockets of these inodes, and how many processes can't be looked into. */
export function holdersOf(inodes: readonly string[], pids: readonly number[]): { holders: number[]; hidden: number } {
  const links = new Set(inodes.map((inode) => `socket:[${inode}]`));
  let hidden = 0;
  const holders = pids.filter((pid) => {
    const fds = descriptorsOf(pid);
    if (fds === null) hidden += 1;
    return fds?.some((link) => links.has(link)) === true;
  });
  return { holders, hidden };
}

/** Inodes of the sockets that processes hold, as far as they can be looked into. */
export function socketsHeldBy(pids: readonly number[]): Set<string> {
  const links = pids.flatMap((pid) => descriptorsOf(pid) ?? []);
  return new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []));
}

/** null where this user may not look: the folder, or only where its links lead, is closed. */
function descriptorsOf(pid: number): string[] | null {
  try {
    const links = readdirSync(`/proc/${pid}/fd`).map((fd) => linkAt(`/proc/${pid}/fd/${fd}`) ?? "");
    return links.length > 0 && links.every((link) => link === "") ? null : links;
  } catch {
    return null;
  }
}
