import { portRangeKey, reservedPortsKey } from "../../core/ports.ts";
import { command } from "../code-spans.ts";
import { keepStep, putBack } from "../kept-file.ts";
import { checkOneValue } from "../one-value.ts";
import type { FromFile, Platform } from "../platform.ts";
import type { DeliveredSetting } from "../selection.ts";
import { mergeSysctlFile, sysctlFile, sysctlFileName } from "../sysctl-file.ts";
import { locationIn } from "./allowlist-file.ts";

const before = "~/tunebench.before.conf";

/** A plain Linux machine: sysctl.d. Here safe and unsafe are the same. */
export const linux: Platform = {
  title: "Linux",
  reaches: "machine",
  from: { what: "a file of /etc/sysctl.d that is there, or /etc/sysctl.conf", isYaml: () => false },
  owns: () => false,
  plan({ settings }, from) {
    checkOneValue(settings, "a machine");
    const { name, text, notes } = fileOf(settings, from);
    const path = name === "sysctl.conf" ? "/etc/sysctl.conf" : `/etc/sysctl.d/${name}`;
    const keys = settings.map(({ key }) => key);
    return {
      files: [{ name, text }],
      nodeSettingsIn: [locationIn(name, [])],
      notes,
      first: "Begin with one machine of several; go on when it has served a peak well.",
      steps: [
        ...(from === null ? [] : [keepStep(path)]),
        `Keep the old values: what is taken back is what this file holds. Do it once, before anything is changed.\n${command(`sysctl ${keys.join(" ")} | tee ${before}`)}`,
        `See what else sets these keys. A file of sysctl.d whose name sorts after ${name} (with \`99-sysctl.conf\`, that is /etc/sysctl.conf on Debian) and has the same key wins: take the key out there, or the values here won't hold.\n${command(`grep --extended-regexp --with-filename '^[[:space:]]*-?(${keys.map(grepName).join("|")})[[:space:]]*=' /etc/sysctl.conf /etc/sysctl.d/*.conf /run/sysctl.d/*.conf /usr/lib/sysctl.d/*.conf`)}`,
        ...(keys.includes(portRangeKey) ? [listeners(keys.includes(reservedPortsKey))] : []),
        `The file.\n${command(`install --mode=644 ${name} ${path}`, `sysctl --load=${path}`)}`,
        "Start the service again: a listener's backlog, for one, is taken when it begins to listen.",
      ],
      nodes: "Nothing is rebooted. The values hold for the machine's own network namespace, and again after each boot.",
      verify: [`The values, now and (the same) after the next boot.\n${command(`sysctl ${keys.join(" ")}`)}`],
      undo: [
        `The file ${from === null ? "goes" : "as it was"}, and the old values are put back; then the service is started again.\n${command(from === null ? `rm ${path}` : putBack(path), `sysctl --load=${before.replace("~", "$HOME")}`)}`,
      ],
      security: ["Root is needed once. Every process of the machine's own network namespace gets the values."],
      traps: [
        "For containers with a network of their own (Docker, Podman, Kubernetes) this does nothing: theirs begins with the kernel's defaults. There it is `--sysctl KEY=VALUE` of the container, or this tool's plan for the cluster.",
      ],
    };
  },
};

/** A file that is there keeps its name: where its keys count against those of others depends on it. */
function fileOf(settings: DeliveredSetting[], from: FromFile | null) {
  if (from === null) return { name: sysctlFileName, text: sysctlFile(settings), notes: [] };
  const name = /^[\w.-]+\.conf$/.test(from.name) ? from.name : sysctlFileName;
  return { name, ...mergeSysctlFile(from.text, settings) };
}

function listeners(reserved: boolean): string {
  const list = reserved
    ? ` \`${reservedPortsKey}\` takes the place of a list that is there (it is among the values that you kept): write its ports and those of all listeners into the file.`
    : ` Write those into \`${reservedPortsKey}\`.`;
  return `See which ports this machine listens on: a port within the range may be taken by an outgoing connection before its service starts again.${list}\n${command("ss --listening --tcp --udp --numeric --no-header | awk '{print $5}' | sed 's/.*://' | sort --numeric-sort --unique")}`;
}

/** `.` and `/` part a key's words alike. */
function grepName(key: string): string {
  return key.replaceAll(".", "[./]");
}
