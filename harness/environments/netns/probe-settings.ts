import { existsSync, readdirSync } from "node:fs";
import { nearest } from "../../core/nearest.ts";
import { sysctlKeyProblem } from "../../suite/sysctl-keys.ts";
import { enterArgv, runInside } from "./enter.ts";
import type { Holder } from "./holder.ts";
import { normalise, pathOf, readKeys, type Setting, writeKey } from "./settings.ts";
import { explainAbsent, explainReadOnly, explainRefused, isPermission } from "./sysctl-reasons.ts";

/** A setting that can't be used, and why. `permission`: root could, we can't. */
export interface SettingProblem {
  key: string;
  asked: string;
  reason: string;
  permission: boolean;
}

/** Tries every asked setting in a throw-away namespace, in the order a trial would write them. */
export async function probeSettings(probe: Holder, settings: Setting[]): Promise<SettingProblem[]> {
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

type Reason = Pick<SettingProblem, "reason" | "permission">;

async function problemOf(probe: Holder, key: string, value: string, mode: number | undefined): Promise<Reason | null> {
  const foreign = sysctlKeyProblem(key);
  if (foreign !== null) return { reason: `is never written: ${foreign}`, permission: false };
  if (mode === undefined) return { reason: await absent(probe, key), permission: false };
  if ((mode & 0o200) === 0) return { reason: explainReadOnly(key), permission: false };
  const words = await writeKey(probe, key, value);
  if (words === null) return await rewritten(probe, key, value);
  const start = (await readKeys(probe, [unprivilegedStart])).get(unprivilegedStart);
  const reason = explainRefused(key, value, words, {
    unprivilegedPortStart: start === undefined ? null : Number(start),
  });
  return { reason, permission: probe.rootless && isPermission(words) };
}

/** A trial proves each setting by reading it back: a value that the kernel writes its own way would never be found. */
async function rewritten(probe: Holder, key: string, value: string): Promise<Reason | null> {
  const found = (await readKeys(probe, [key])).get(key);
  if (found === undefined) return { reason: "can't be read back, so no trial could prove it", permission: false };
  if (found === normalise(value)) return null;
  return { reason: `is taken by the kernel as "${found}": ask for that`, permission: false };
}

const unprivilegedStart = "net.ipv4.ip_unprivileged_port_start";

async function absent(probe: Holder, key: string): Promise<string> {
  const onMachine = existsSync(pathOf(key));
  const suggestion = onMachine ? null : nearest(key, [...(await modesOf(probe, machineKeys())).keys()]);
  return explainAbsent(key, onMachine, suggestion);
}

/** File modes of the keys that exist inside, in one exec: 0444 is read-only for root too. */
async function modesOf(probe: Holder, keys: string[]): Promise<Map<string, number>> {
  if (keys.length === 0) return new Map();
  const keyOf = new Map(keys.map((key) => [pathOf(key), key]));
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
