import type { Platform } from "../platform.ts";
import { sysctlFile, sysctlFileName } from "../sysctl-file.ts";
import { command } from "../text.ts";

/** A plain Linux machine: sysctl.d. Here safe and unsafe are the same. */
export const linux: Platform = {
  title: "Linux",
  from: null,
  plan({ settings }) {
    const paths = settings.map(({ key }) => `/proc/sys/${key.replaceAll(".", "/")}`);
    return {
      files: [{ name: sysctlFileName, text: sysctlFile(settings) }],
      steps: [
        `The file. Note the old values first (see Verify).\n${command(`install --mode=644 ${sysctlFileName} /etc/sysctl.d/${sysctlFileName}`, "sysctl --system")}`,
        "Start the service again: a listener's backlog, for one, is taken when it begins to listen.",
      ],
      nodes: "Nothing is rebooted. The values hold for the machine's own network namespace, and again after each boot.",
      verify: [command(`cat ${paths.join(" ")}`)],
      undo: [
        `The old values come back with the next boot, or when they are written with \`sysctl -w\`.\n${command(`rm /etc/sysctl.d/${sysctlFileName}`)}`,
      ],
      security: ["Root is needed once. Every process of the machine's own network namespace gets the values."],
      traps: [
        "For containers with a network of their own (Docker, Podman, Kubernetes) this does nothing: theirs begins with the kernel's defaults. There it is `--sysctl KEY=VALUE` of the container, or this tool's plan for the cluster.",
      ],
    };
  },
};
