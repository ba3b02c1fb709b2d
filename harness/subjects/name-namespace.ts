import { hostname } from "node:os";
import { namespaceOf } from "../sampling/namespace.ts";
import { readProc } from "../sampling/proc.ts";
import { programOf } from "./processes.ts";

/** Processes that are asked: a pod's first one is its pause container, which has nothing to say. */
const asked = 8;

/**
 * What a network namespace is called: a pod or a container by what its processes have of its name, else its first program. What they say of themselves is
 * untrusted text.
 */
export function nameOfNamespace(pids: readonly number[]): string {
  const [first = 0] = pids;
  if (namespaceOf(first) === namespaceOf("self")) return "own namespace";
  const groups = readProc(`/proc/${first}/cgroup`) ?? "";
  const container = containerIn(groups);
  if (container === null && !/kubepods/.test(groups)) return `${programOf(first)} (pid ${first})`;
  const own = firstOf(pids, hostOf) ?? container ?? String(first);
  if (!/kubepods/.test(groups)) return `container ${own}`;
  const space = firstOf(pids, (pid) =>
    wordIn(`/proc/${pid}/root/var/run/secrets/kubernetes.io/serviceaccount/namespace`),
  );
  return `pod ${space === null ? own : `${space}/${own}`}`;
}

function firstOf(pids: readonly number[], ask: (pid: number) => string | null): string | null {
  for (const pid of pids.slice(0, asked)) {
    const answer = ask(pid);
    if (answer !== null) return answer;
  }
  return null;
}

/** The first twelve digits of a container's id, as docker ps shows them; null where the path has none. */
export function containerIn(groups: string): string | null {
  return /[/-]([0-9a-f]{12})[0-9a-f]{52}(?:\.scope)?(?:\/|$)/m.exec(groups)?.[1] ?? null;
}

/** What it calls itself (a pod's name), where that is its own and not the machine's. Of its environment no other variable is looked at. */
function hostOf(pid: number): string | null {
  const file = wordIn(`/proc/${pid}/root/etc/hostname`);
  const variable = /(?:^|\0)HOSTNAME=([^\0]+)/.exec(readProc(`/proc/${pid}/environ`) ?? "")?.[1] ?? null;
  return [file, variable].find((name) => name !== null && name !== hostname()) ?? null;
}

function wordIn(path: string): string | null {
  const word = readProc(path)?.trim() ?? "";
  return /^[\w.-]{1,253}$/.test(word) ? word : null;
}
