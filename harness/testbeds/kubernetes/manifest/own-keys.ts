import { escaped } from "../../../core/text.ts";
import { dottedKey, normalValue } from "../../../knowledge/keys.ts";
import type { Sysctls } from "../../../suite/suite.ts";

/** What of a pod's spec says which settings it has by itself, as written or as the API has it. */
export interface SpecWithSettings {
  securityContext?: { sysctls?: { name: string; value?: string }[] };
  containers: Commanded[];
  initContainers?: Commanded[];
}

/** A container's command line. */
export interface Commanded {
  command?: string[];
  args?: string[];
}

/** Settings that a pod gives itself by its securityContext, dotted. */
export function ownSysctls({ securityContext }: Pick<SpecWithSettings, "securityContext">): Sysctls {
  const own = securityContext?.sysctls ?? [];
  return Object.fromEntries(own.map(({ name, value = "" }) => [dottedKey(name), normalValue(value)]));
}

/** Keys that a container's command says that it writes, dotted: `sysctl -w KEY=VALUE`, or into /proc/sys. */
export function keysWritten({ command = [], args = [] }: Commanded): string[] {
  const text = [...command, ...args].join(" ");
  const written = /(^|[\s/])sysctl\s/.test(text)
    ? [...text.matchAll(/(?:^|[\s"'])([a-z][a-z0-9_-]*(?:[./][A-Za-z0-9_-]+)+)=/g)]
    : [];
  const files = [...text.matchAll(/(?:>|\btee(?:\s+-a)?)\s*\/proc\/sys\/([A-Za-z0-9_/.-]+)/g)];
  return [...new Set([...written, ...files].map(([, key = ""]) => escaped(dottedKey(key))))];
}

/** All keys of which a pod by itself may have other values than a new one: each trial reads them inside. */
export function ownKeys(spec: SpecWithSettings): string[] {
  const containers = [...(spec.initContainers ?? []), ...spec.containers];
  return [...new Set([...Object.keys(ownSysctls(spec)), ...containers.flatMap(keysWritten)])];
}
