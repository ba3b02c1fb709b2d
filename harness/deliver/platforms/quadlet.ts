import { InputError } from "../../core/errors.ts";
import { command } from "../code-spans.ts";
import {
  containerSecurity,
  containerTraps,
  holdsWords,
  notItsOwn,
  readInside,
  rootlessCaveats,
} from "../container-words.ts";
import { keepStep, putBack } from "../kept-file.ts";
import { checkOneValue } from "../one-value.ts";
import type { FromFile, Platform } from "../platform.ts";
import { replaced } from "../replaced-value.ts";
import type { DeliveredSetting } from "../selection.ts";
import { locationIn } from "./allowlist-file.ts";

/**
 * Podman's quadlet: `Sysctl=` of a .container unit, or of a drop-in beside it.
 * https://docs.podman.io/en/latest/markdown/podman-systemd.unit.5.html
 */
export const quadlet: Platform = {
  title: "Podman quadlet",
  reaches: "container",
  from: { what: "the .container unit", isYaml: () => false },
  owns: () => false,
  plan({ settings }, from) {
    checkOneValue(settings, "a container");
    const { name, text, notes } = from === null ? dropIn(settings) : merged(from, settings);
    const path = `/etc/containers/systemd/YOUR_UNIT.container${from === null ? `.d/${name}` : ""}`;
    return {
      files: [{ name, text }],
      nodeSettingsIn: [locationIn(name, [])],
      notes: [...notes, ...rootlessCaveats(settings)],
      first: "Begin with one host of several; go on when its service has served a peak well.",
      steps: [
        ...(from === null ? [] : [keepStep(path)]),
        `Where units are: \`/etc/containers/systemd\`, of a user \`~/.config/containers/systemd\`.${from === null ? " A drop-in is read from Podman 5.0 on; before, `--from UNIT` merges with the unit itself." : ""}\n${command(`install -D --mode=644 ${name} ${path}`)}`,
        `See what comes of it, and start the service anew (of a user: \`systemctl --user\`, \`quadlet -dryrun -user\`).\n${command("/usr/libexec/podman/quadlet -dryrun | grep --word-regexp sysctl   # Debian: /usr/lib/podman/quadlet", "systemctl daemon-reload", "systemctl restart YOUR_UNIT.service")}`,
      ],
      nodes: "Nothing of the machine is changed: the container is replaced, and with it go its connections.",
      verify: [`Inside, ${holdsWords(settings)}.\n${command(`podman exec YOUR_CONTAINER ${readInside(settings)}`)}`],
      undo: [
        `${from === null ? "The drop-in goes" : "The unit as it was"}; then the service is started anew.\n${command(from === null ? `rm ${path}` : putBack(path), "systemctl daemon-reload", "systemctl restart YOUR_UNIT.service")}`,
      ],
      security: containerSecurity,
      traps: [...containerTraps, "`Network=host`: `net.*` beside it is refused."],
    };
  },
};

interface Unit {
  name: string;
  text: string;
  notes: string[];
}

function dropIn(settings: DeliveredSetting[]): Unit {
  return { name: "10-tunebench.conf", text: `[Container]\n${settings.map(lineOf).join("\n")}\n`, notes: [] };
}

/** A value with a blank is quoted: an unquoted line is a list of words. */
function lineOf({ key, value }: { key: string; value: string }): string {
  return `Sysctl=${wordOf(`${key}=${value}`)}`;
}

function wordOf(text: string): string {
  return /[\s"'\\]/.test(text) ? `"${text.replace(/["\\]/g, "\\$&")}"` : text;
}

function merged(from: FromFile, settings: DeliveredSetting[]): Unit {
  const eol = /\r\n/.test(from.text) ? "\r\n" : "\n";
  const lines = from.text.split(/\r?\n/);
  const { start, end } = containerSection(lines, from);
  checkSections(linesOfContainer(lines), from, settings);
  const notes: string[] = [];
  const missing = settings.filter((setting) => {
    const at = lines.findLastIndex(
      (line, index) => index >= start && index < end && valueIn(line, setting.key) !== null,
    );
    if (at < 0) return true;
    const { value, note } = replaced(setting, valueIn(lines[at] ?? "", setting.key));
    lines[at] = withValue(lines[at] ?? "", setting.key, value);
    notes.push(...(note === null ? [] : [note]));
    return false;
  });
  lines.splice(lastLineOf(lines, start, end) + 1, 0, ...missing.map(lineOf));
  return { name: "1-unit.container", text: lines.join(eol), notes };
}

/** Lines of [Container] without its head. A section may come again: the last one has what is added. */
function containerSection(lines: string[], from: FromFile): { start: number; end: number } {
  const start = lines.findLastIndex((line) => line.trim() === "[Container]") + 1;
  if (start === 0)
    throw new InputError(`${from.name} has no section [Container]`, { hint: "--from takes a .container unit" });
  const next = lines.findIndex((line, index) => index >= start && /^\s*\[/.test(line));
  const end = next < 0 ? lines.length : next;
  // An empty assignment takes back what came before.
  const reset = lines.findLastIndex((line, index) => index >= start && index < end && /^\s*Sysctl\s*=\s*$/.test(line));
  return { start: Math.max(start, reset + 1), end };
}

/** Of all sections [Container], which are one to systemd. */
function linesOfContainer(lines: string[]): string[] {
  const heads = lines.flatMap((line, index) => (/^\s*\[/.test(line) ? [index] : []));
  return heads.flatMap((head, at) =>
    lines[head]?.trim() === "[Container]" ? lines.slice(head + 1, heads[at + 1] ?? lines.length) : [],
  );
}

/** Those that hold: an empty assignment takes back what came before. */
function valuesOf(lines: string[], key: string): string[] {
  const assignment = new RegExp(`^\\s*${key}\\s*=\\s*(.*)$`);
  const values = lines.flatMap((line) => assignment.exec(line)?.[1]?.trim() ?? []);
  return values.slice(values.lastIndexOf("") + 1);
}

function checkSections(lines: string[], from: FromFile, settings: DeliveredSetting[]): void {
  const isOthers = (network: string) => /^(host|none)$|^container:|\.container$/.test(network);
  const network = valuesOf(lines, "Network").find(isOthers);
  if (network !== undefined) throw notItsOwn(from, network);
  const pod = valuesOf(lines, "Pod").at(-1);
  if (pod !== undefined) throw notItsOwn(from, `Pod=${pod}`);
  const unclear = lines.find((line) => {
    const asks = settings.some(({ key }) => line.includes(key)) && !/^\s*[#;]/.test(line);
    return asks && (/\\\s*$/.test(line) || !/^\s*Sysctl\s*=/.test(line));
  });
  if (unclear === undefined) return;
  throw new InputError(`${from.name}: what this line does to a key that is delivered is not clear: ${unclear.trim()}`, {
    hint: "write it as a line Sysctl=KEY=VALUE of its own",
  });
}

/** Words of a line `Sysctl=`, as systemd splits them; [] for any other line. */
function wordsOf(line: string): string[] {
  const list = /^\s*Sysctl\s*=(.*)$/.exec(line)?.[1] ?? "";
  const words = list.match(/(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^\s"'])+/g) ?? [];
  return words.map((word) =>
    word.replace(
      /"((?:[^"\\]|\\.)*)"|'([^']*)'/g,
      (_, double?: string, single?: string) => double?.replace(/\\(.)/g, "$1") ?? single ?? "",
    ),
  );
}

function valueIn(line: string, key: string): string | null {
  return (
    wordsOf(line)
      .findLast((word) => word.startsWith(`${key}=`))
      ?.slice(key.length + 1) ?? null
  );
}

/** The line as it is where the value is the same. */
function withValue(line: string, key: string, value: string): string {
  if (valueIn(line, key) === value) return line;
  const head = /^\s*Sysctl\s*=\s*/.exec(line)?.[0] ?? "Sysctl=";
  return (
    head +
    wordsOf(line)
      .map((word) => wordOf(word.startsWith(`${key}=`) ? `${key}=${value}` : word))
      .join(" ")
  );
}

/** Of a section: what is added stands before the blank lines at its end. */
function lastLineOf(lines: string[], start: number, end: number): number {
  return Math.max(
    start - 1,
    lines.findLastIndex((line, index) => index >= start && index < end && line.trim() !== ""),
  );
}
