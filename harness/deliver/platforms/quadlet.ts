import { InputError } from "../../core/errors.ts";
import { command } from "../code-spans.ts";
import {
  containerSecurity,
  containerTraps,
  holdsWords,
  hostsIpc,
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
import {
  linesOfContainer,
  podmanOption,
  systemdWord,
  systemdWords,
  type UnitLine,
  valuesOf,
} from "./container-unit.ts";

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
  return `Sysctl=${systemdWord(`${key}=${value}`)}`;
}

function merged(from: FromFile, settings: DeliveredSetting[]): Unit {
  const eol = /\r\n/.test(from.text) ? "\r\n" : "\n";
  const lines = from.text.split(/\r?\n/);
  const { start, end } = containerSection(lines, from);
  checkContainer(linesOfContainer(lines), from, settings);
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

function checkContainer(lines: UnitLine[], from: FromFile, settings: DeliveredSetting[]): void {
  const isOthers = ({ text }: UnitLine) => /^(host|none)$|^container:|\.container$/.test(text);
  const refuse = ({ line }: UnitLine, fault: string, hint: string) =>
    new InputError(`${from.name}:${line}:1: this line ${fault}`, { hint });
  const network = [...valuesOf(lines, "Network"), ...podmanOption(lines, "--network", "--net")].find(isOthers);
  if (network !== undefined) throw refuse(network, ...notItsOwn(network.text));
  const pod = [...valuesOf(lines, "Pod"), ...podmanOption(lines, "--pod")].at(-1);
  if (pod !== undefined) throw refuse(pod, ...notItsOwn(`Pod=${pod.text}`));
  const ipc = podmanOption(lines, "--ipc").find(({ text }) => text === "host");
  const fault = ipc === undefined ? null : hostsIpc(settings);
  if (ipc !== undefined && fault !== null) throw refuse(ipc, ...fault);
  const unclear = lines.find(({ text }) => {
    const asks = settings.some(({ key }) => text.includes(key)) && !/^\s*[#;]/.test(text);
    return asks && (/\\\s*$/.test(text) || !/^\s*Sysctl\s*=/.test(text));
  });
  if (unclear === undefined) return;
  throw refuse(
    unclear,
    `has a key that is delivered, and what it does with it is not clear: ${unclear.text.trim()}`,
    "write it as a line Sysctl=KEY=VALUE of its own",
  );
}

/** Words of a line `Sysctl=`; [] for any other line. */
function sysctlWords(line: string): string[] {
  return systemdWords(/^\s*Sysctl\s*=(.*)$/.exec(line)?.[1] ?? "");
}

function valueIn(line: string, key: string): string | null {
  return (
    sysctlWords(line)
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
    sysctlWords(line)
      .map((word) => systemdWord(word.startsWith(`${key}=`) ? `${key}=${value}` : word))
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
