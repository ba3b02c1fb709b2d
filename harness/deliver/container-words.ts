import { InputError } from "../core/errors.ts";
import { didYouMean } from "../core/nearest.ts";
import { procFile } from "../knowledge/keys.ts";
import { code } from "./code-spans.ts";
import type { FromFile } from "./platform.ts";
import type { DeliveredSetting } from "./selection.ts";

/** What is the same for every platform that gives a container its settings. */

/** The one that is meant, of the names that a user's file has. Throws InputError where that is not clear. */
export function chosenName(names: string[], from: FromFile, what: string): string {
  const { workload, name } = from;
  const [first] = names;
  if (first === undefined) throw new InputError(`${name} holds no ${what}`);
  if (workload !== undefined && !names.includes(workload)) {
    throw new InputError(`${name} holds no ${what} ${workload}${didYouMean(workload, names)}`, {
      hint: `it holds ${names.join(", ")}`,
    });
  }
  if (workload === undefined && names.length > 1) {
    throw new InputError(`${name} holds ${names.length} that may be meant: ${names.join(", ")}`, {
      hint: "say which: --workload NAME",
    });
  }
  const chosen = workload ?? first;
  // It stands in the plan's commands; Compose and ECS refuse another one themselves.
  if (/^[\w.-]+$/.test(chosen)) return chosen;
  throw new InputError(`${name}: ${JSON.stringify(chosen)} is no name of a ${what}`, {
    hint: "letters, digits, dots, dashes and underscores",
  });
}

/** What is wrong, and a hint, where a container has another's network, or the host's: its own settings are refused when it starts. */
export function notItsOwn(network: string): [fault: string, hint: string] {
  return [
    `leaves it no network of its own (${network})`,
    network === "host"
      ? "with the host's network it has the host's settings: --platform linux, on the host"
      : "give the settings to the one whose network it shares",
  ];
}

/** The same of the host's IPC namespace; null where no setting is about that. */
export function hostsIpc(settings: DeliveredSetting[]): [fault: string, hint: string] | null {
  if (settings.every(({ key }) => key.startsWith("net."))) return null;
  return ["gives it the host's IPC namespace", "its IPC settings are the host's"];
}

/** `cat` of every value, to be run inside. */
export function readInside(settings: DeliveredSetting[]): string {
  return `cat ${settings.map(({ key }) => procFile(key)).join(" ")}`;
}

/** "`/proc/sys/...` holds `1`, ..." */
export function holdsWords(settings: DeliveredSetting[]): string {
  return settings.map(({ key, value }) => `${code(procFile(key))} holds ${code(value)}`).join(", ");
}

/** What looks as if it would do, and does not. */
export const containerTraps = [
  "The host's own sysctl.d: a container has a network namespace of its own, which begins with the kernel's defaults.",
  "`sysctl -w` in the container's entrypoint: /proc/sys is read-only there, unless it is privileged.",
];

/** Who must be what for it. */
export const containerSecurity = [
  "No container is privileged and none has a capability more: the runtime writes the values before the program starts, into the container's own namespaces.",
];

/** An unprivileged user's network namespace had no net.core before Linux 6.3. */
export function rootlessCaveats(settings: DeliveredSetting[]): string[] {
  const keys = settings.filter(({ key }) => key.startsWith("net.core."));
  return keys.length === 0
    ? []
    : [`Rootless, ${code(keys[0]?.key ?? "")} is there from Linux 6.3 on: before, the container does not start.`];
}
