import { hostname } from "node:os";
import { readProc } from "../sampling/proc.ts";
import { namespaceOf, programOf } from "./processes.ts";

/**
 * What a network namespace is called, by its first process: a pod or a container by what its control group and its /etc/hostname (a pod's name) say, else
 * the program. Untrusted text.
 */
export function nameOfNamespace(pids: readonly number[]): string {
  const [first = 0] = pids;
  if (namespaceOf(first) === namespaceOf("self")) return "this namespace";
  const groups = readProc(`/proc/${first}/cgroup`) ?? "";
  const container = containerIn(groups);
  const host = hostOf(first);
  if (/kubepods/.test(groups)) return `pod ${host ?? container ?? first}`;
  if (container !== null) return `container ${host ?? container}`;
  return `${programOf(first)} (pid ${first})`;
}

/** The first twelve digits of a container's id, as docker ps shows them; null where the path has none. */
export function containerIn(groups: string): string | null {
  return /[/-]([0-9a-f]{12})[0-9a-f]{52}(?:\.scope)?(?:\/|$)/m.exec(groups)?.[1] ?? null;
}

/** What it calls itself, where that is its own and not the machine's; null where it can't be read. */
function hostOf(pid: number): string | null {
  const name = readProc(`/proc/${pid}/root/etc/hostname`)?.trim() ?? "";
  return name === "" || name === hostname() ? null : name;
}
