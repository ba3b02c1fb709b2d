import type { Scope } from "../../core/scope.ts";
import { endsWithin } from "../../core/waits.ts";
import { rolesOf, type Suite } from "../../suite/suite.ts";
import { type Holder, type HolderProcess, spawnHolder } from "./holder.ts";
import { type Link, linksOf } from "./links.ts";
import type { LaunchedPart } from "./part.ts";
import { mountSysfs } from "./steering.ts";
import { wire } from "./wire.ts";

/** How long parts may take to write their last words. One that ends at once costs nothing of it. */
const graceMs = 250;

/** The wired namespaces of one trial, and the parts that run in them. */
export interface Namespaces {
  links: Link[];
  holders: Map<string, Holder>;
  parts: LaunchedPart[];
}

/** How holders are made: by the rig alone, or of some roles by what runs their containers. */
export interface Holding {
  rootless: boolean;
  /** Rootless: whose user namespace all share; null = the first holder's. */
  userOf: Pick<Holder, "pid"> | null;
  /** The holder of a role that has one of another kind; null for any other. */
  other: (role: string, links: Link[]) => HolderProcess | null;
}

/** Fresh, wired namespaces for every role of a suite. One undo step ends them with all that runs inside. */
export async function openNamespaces(suite: Suite, holding: Holding, scope: Scope): Promise<Namespaces> {
  const links = linksOf(suite);
  const processes: HolderProcess[] = [];
  const parts: LaunchedPart[] = [];
  scope.defer("end the trial's namespaces", () => endAll(processes, parts));
  const holders = await openHolders(rolesOf(suite), { ...holding, links }, processes);
  await Promise.all([wire(holders, links), ...[...holders.values()].map(mountSysfs)]);
  return { links, holders, parts };
}

/** Rootless, the first holder makes the user namespace that all share, so it comes first; root opens all at once. */
async function openHolders(
  roles: string[],
  { rootless, userOf: given, other, links }: Holding & { links: Link[] },
  processes: HolderProcess[],
): Promise<Map<string, Holder>> {
  const open = (role: string, userOf: Pick<Holder, "pid"> | null) => {
    const process = other(role, links) ?? spawnHolder(role, { rootless, userOf });
    processes.push(process);
    return process.ready;
  };
  const [first = "generator", ...others] = roles;
  const opening = open(first, given);
  const userOf = rootless ? (given ?? (await opening)) : null;
  const holders = await Promise.all([opening, ...others.map((role) => open(role, userOf))]);
  return new Map(holders.map((holder) => [holder.role, holder]));
}

/**
 * Every holder is tried, whatever becomes of the others; the first failure is told. nsenter is never killed: its child
 * would go to the machine's init, and the namespace end only when that gets round to reaping it.
 */
async function endAll(processes: HolderProcess[], parts: LaunchedPart[]): Promise<void> {
  const going = setInterval(() => {
    for (const part of parts) part.unstop();
  }, 20);
  try {
    await askToEnd(parts);
    const ends = await Promise.allSettled(processes.map((process) => process.close()));
    const failed = ends.find((end) => end.status === "rejected");
    if (failed !== undefined) throw failed.reason;
    await Promise.all(parts.map((part) => part.settled()));
  } finally {
    clearInterval(going);
  }
}

/** SIGTERM to all at once, before the kernel ends them: what a program still holds in a buffer then reaches its log. */
async function askToEnd(parts: LaunchedPart[]): Promise<void> {
  const asked = parts.filter((part) => part.running());
  if (asked.length === 0) return;
  for (const part of asked) part.signal("SIGTERM");
  await endsWithin(Promise.all(asked.map((part) => part.ended)), graceMs);
}
