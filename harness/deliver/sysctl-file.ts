import { dottedKey } from "../knowledge/keys.ts";
import { replaced } from "./replaced-value.ts";
import type { DeliveredSetting } from "./selection.ts";

/** Name of the file below /etc/sysctl.d; read after a distribution's own. */
export const sysctlFileName = "90-tunebench.conf";

/** sysctl.d(5): a line for each key. Keys and values were checked (checkSetting): one line each. */
export function sysctlFile(settings: { key: string; value: string }[]): string {
  return settings.map(({ key, value }) => `${key} = ${value}\n`).join("");
}

/**
 * A file of sysctl.d with these settings: a key that is there gets its value in its line, wherever it comes again too, and all else
 * stays. A sentence for each value that was another.
 */
export function mergeSysctlFile(text: string, settings: DeliveredSetting[]): { text: string; notes: string[] } {
  const eol = /\r\n/.test(text) ? "\r\n" : "\n";
  const lines = text.split(/\r?\n/);
  const notes: string[] = [];
  const missing = settings.filter((setting) => {
    const places = [...lines.keys()].filter((at) => partsOf(lines[at] ?? "")?.key === setting.key);
    const last = places.at(-1);
    if (last === undefined) return true;
    const { value, note } = replaced(setting, partsOf(lines[last] ?? "")?.value ?? null);
    for (const at of places) lines[at] = (partsOf(lines[at] ?? "")?.head ?? "") + value;
    notes.push(...(note === null ? [] : [note]));
    return false;
  });
  if (lines.at(-1) === "") lines.pop();
  const added = missing.map(({ key, value }) => `${key} = ${value}`);
  return { text: [...lines, ...added, ""].join(eol), notes };
}

/** `-net/ipv4/tcp_tw_reuse = 1`: its key with dots, what stands before the value, and the value; null for any other line. */
function partsOf(line: string): { key: string; head: string; value: string } | null {
  const [, head, written, value] = /^(\s*-?([^\s=#;-][^\s=]*)\s*=\s*)(.*?)\s*$/.exec(line) ?? [];
  if (head === undefined || written === undefined || value === undefined) return null;
  return { key: dottedKey(written), head, value };
}
