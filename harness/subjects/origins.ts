import { globSync } from "node:fs";
import { release } from "node:os";
import { dottedKey, normalValue } from "../knowledge/keys.ts";
import type { Origins } from "../observe/setting-origin.ts";
import { readProc } from "../sampling/proc.ts";
import { hasMachinesNetwork } from "./processes.ts";
import type { Subject } from "./subject.ts";

/** Files that sysctl(8) --system reads, the last one read first. Source: sysctl.d(5): by their names, /etc/sysctl.conf at the end. */
const folders = ["/usr/lib/sysctl.d", "/usr/local/lib/sysctl.d", "/run/sysctl.d", "/etc/sysctl.d"];

/** Where values of a subject's namespace may be from. The machine's files are asked only for its first namespace. */
export function originsOf({ namespacePid, spec }: Pick<Subject, "namespacePid" | "spec">): Origins {
  const isFirst = hasMachinesNetwork(namespacePid);
  return { kernel: release(), spec, files: isFirst && spec === null ? sysctlFiles() : null };
}

function sysctlFiles(): NonNullable<Origins["files"]> {
  const found = folders.flatMap((folder) => globSync(`${folder}/*.conf`));
  const nameOf = (path: string) => path.slice(path.lastIndexOf("/"));
  const inOrder = found.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  return [...inOrder, "/etc/sysctl.conf"]
    .map((path) => ({ path, sysctls: parseSysctlFile(readProc(path) ?? "") }))
    .reverse();
}

/** `net.core.somaxconn = 1024`, also with slashes, a leading minus, and comments of # and ;. sysctl.d(5). */
export function parseSysctlFile(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split("\n").flatMap((line) => {
      const [, key, value] = /^\s*-?\s*([a-z][\w./-]*)\s*=\s*(.*)$/.exec(line) ?? [];
      return key === undefined || value === undefined ? [] : [[dottedKey(key), normalValue(value)]];
    }),
  );
}
