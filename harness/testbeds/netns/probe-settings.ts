import { existsSync, readdirSync } from "node:fs";
import { release } from "node:os";
import { nearest } from "../../core/nearest.ts";
import { isKnownPrivate, normalValue, procFile, sysctlKeyProblem } from "../../knowledge/keys.ts";
import { settingOf } from "../../knowledge/settings.ts";
import { enterArgv, runInside } from "./enter.ts";
import type { Holder } from "./holder.ts";
import { type AskedSetting, readKeys, writeKey } from "./settings.ts";
import {
  explainAbsent,
  explainReadOnly,
  explainRefused,
  isPermission,
  type SysctlObstacle,
  unknownScope,
} from "./sysctl-reasons.ts";

/** A setting that can't be used, and why. */
export interface SettingProblem extends SysctlObstacle {
  key: string;
  asked: string;
}

/** Tries every asked setting in a throw-away namespace, in the order a trial would write them. */
export async function probeSettings(probe: Holder, settings: AskedSetting[]): Promise<SettingProblem[]> {
  const asked = settings.flatMap(({ key, asked }) => (asked === null ? [] : [{ key, asked }]));
  const modes = await modesOf(
    probe,
    asked.map(({ key }) => key),
  );
  const problems: SettingProblem[] = [];
  for (const { key, asked: value } of asked) {
    const problem = await problemOf(probe, key, value, modes.get(key));
    if (problem !== null) problems.push({ key, asked: value, ...problem });
  }
  return problems;
}

async function problemOf(
  probe: Holder,
  key: string,
  value: string,
  mode: number | undefined,
): Promise<SysctlObstacle | null> {
  const foreign = sysctlKeyProblem(key);
  if (foreign !== null) return { reason: `is never written: ${foreign}`, permission: false };
  if (mode === undefined) return await absent(probe, key);
  if ((mode & 0o200) === 0) return { reason: explainReadOnly(key), permission: false };
  if (!isKnownPrivate(key)) return { reason: unknownScope, permission: false };
  const list = settingOf(key)?.valuesIn ?? null;
  const unloaded = list === null ? null : await notListed(probe, value, list);
  if (unloaded !== null) return { reason: unloaded, permission: false };
  const words = await writeKey(probe, key, value);
  if (words === null) return await rewritten(probe, key, value);
  const start = (await readKeys(probe, [unprivilegedStart])).get(unprivilegedStart);
  const reason = explainRefused(key, value, words, {
    unprivilegedPortStart: start === undefined ? null : Number(start),
  });
  return { reason, permission: probe.rootless && isPermission(words) };
}

/** Only a value that is listed stays in the namespace: the kernel would load a module for any other, for the whole machine. */
async function notListed(probe: Holder, value: string, list: string): Promise<string | null> {
  const there = (await readKeys(probe, [list])).get(list)?.split(" ") ?? [];
  return there.includes(value) ? null : `is not loaded on this machine: one of ${there.join(", ")} (${list})`;
}

/** A trial proves each setting by reading it back: a value that the kernel writes its own way would never be found. */
async function rewritten(probe: Holder, key: string, value: string): Promise<SysctlObstacle | null> {
  const found = (await readKeys(probe, [key])).get(key);
  if (found === undefined) return { reason: "can't be read back, so no trial could prove it", permission: false };
  if (found === normalValue(value)) return null;
  return { reason: `is taken by the kernel as "${found}": ask for that`, permission: false };
}

const unprivilegedStart = "net.ipv4.ip_unprivileged_port_start";

async function absent(probe: Holder, key: string): Promise<SysctlObstacle> {
  const onMachine = existsSync(procFile(key));
  const suggestion = onMachine ? null : nearest(key, [...(await modesOf(probe, machineKeys())).keys()]);
  const { rootless } = probe;
  return explainAbsent(key, { onMachine, suggestion, rootless, kernel: release() });
}

/** File modes of the keys that exist inside, in one exec: 0444 is read-only for root too. */
async function modesOf(probe: Holder, keys: string[]): Promise<Map<string, number>> {
  if (keys.length === 0) return new Map();
  const keyOf = new Map(keys.map((key) => [procFile(key), key]));
  const result = await runInside(probe, enterArgv(probe), ["stat", "-c", "%a %n", "--", ...keyOf.keys()]);
  const rows = result.stdout.split("\n").map((row) => row.split(" "));
  return new Map(
    rows.flatMap(([mode, path]) => {
      const key = keyOf.get(path ?? "");
      return key === undefined ? [] : [[key, Number.parseInt(mode ?? "", 8)] as const];
    }),
  );
}

/** Every network key of the machine's own namespace: spellings to look for inside. */
function machineKeys(): string[] {
  return ["net/core", "net/ipv4", "net/ipv6", "net/netfilter", "net/unix", "net/mptcp"].flatMap((folder) => {
    try {
      const files = readdirSync(`/proc/sys/${folder}`, { withFileTypes: true }).filter((entry) => entry.isFile());
      return files.map((file) => `${folder}/${file.name}`.replaceAll("/", "."));
    } catch {
      return [];
    }
  });
}
