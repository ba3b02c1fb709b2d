import type { Platform } from "../platform.ts";
import { labelText, nodesCheck, taintText } from "../pool.ts";
import { command } from "../text.ts";
import { kebabTrap, nodeTrap } from "../traps.ts";
import { type AllowlistForm, allowlistFile } from "./allowlist-file.ts";

const form: AllowlistForm = {
  name: "1-node-system-config.yaml",
  allowlist: ["kubeletConfig", "allowedUnsafeSysctls"],
  sysctls: ["linuxConfig", "sysctl"],
  fresh: {},
  is: () => true,
  what: "node system configuration",
};

/** GKE Standard: a node system configuration. */
export const gke: Platform = {
  title: "GKE (Standard)",
  from: { what: "the node pool's system configuration file", yaml: true },
  plan(selection, from) {
    const { name } = selection;
    const marks = ` --node-labels=${labelText(name)} --node-taints=${taintText(name)}`;
    return {
      files: [allowlistFile(form, selection, from)],
      steps: [
        `A node pool of its own; machine type, sizes and zones are yours.\n${command(`gcloud container node-pools create ${poolName(name)} --cluster=YOUR_CLUSTER --system-config-from-file=${form.name}${marks}`)}`,
      ],
      nodes:
        "A new pool touches no node that is there. `gcloud container node-pools update POOL --system-config-from-file` on an existing pool recreates all its nodes, with surge upgrades. Autopilot takes no such file.",
      verify: [nodesCheck(name)],
      undo: [`The pool.\n${command(`gcloud container node-pools delete ${poolName(name)} --cluster=YOUR_CLUSTER`)}`],
      security: [],
      traps: [nodeTrap("`linuxConfig.sysctl`"), kebabTrap],
    };
  },
};

/** GKE's names have at most 40 characters. */
function poolName(name: string): string {
  return name.slice(0, 40).replace(/-+$/, "");
}
