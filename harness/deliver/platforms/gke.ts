import { command } from "../code-spans.ts";
import type { FromFile, Platform } from "../platform.ts";
import { labelText, nodesCheck, taintText } from "../pool.ts";
import type { Selection } from "../selection.ts";
import { kebabTrap, nodeTrap } from "../traps.ts";
import type { YamlFile } from "../yaml/file.ts";
import { freshFile, layOver, locationIn, onlyDocument, platformFile, written } from "./allowlist-file.ts";

const form = {
  name: "1-node-system-config.yaml",
  allowlist: ["kubeletConfig", "allowedUnsafeSysctls"],
  sysctls: ["linuxConfig", "sysctl"],
};

/** GKE Standard: a node system configuration. */
export const gke: Platform = {
  title: "GKE (Standard)",
  reaches: "pods",
  from: { what: "the node pool's system configuration file", isYaml: () => true },
  owns: ({ kind, apiVersion }) => kind === "" && apiVersion === "",
  plan(selection, from) {
    const { name } = selection;
    const marks = ` --node-labels=${labelText(name)} --node-taints=${taintText(name)}`;
    return {
      files: [written(form.name, configFile(selection, from))],
      allowlistIn: [locationIn(form.name, form.allowlist)],
      nodeSettingsIn: [locationIn(form.name, form.sysctls)],
      first:
        "The pool begins with one node (`--num-nodes=1`), and the workload with one pod there; let it grow when that one has served a peak well.",
      steps: [
        `A node pool of its own; machine type, sizes and zones are yours.\n${command(`gcloud container node-pools create ${name} --cluster=YOUR_CLUSTER --num-nodes=1 --system-config-from-file=${form.name}${marks}`)}`,
      ],
      nodes:
        "A new pool touches no node that is there. `gcloud container node-pools update POOL --system-config-from-file` on an existing pool recreates all its nodes, with surge upgrades. Autopilot takes no such file.",
      verify: [nodesCheck(name)],
      undo: [`The pool.\n${command(`gcloud container node-pools delete ${name} --cluster=YOUR_CLUSTER`)}`],
      traps: [nodeTrap("`linuxConfig.sysctl`"), kebabTrap],
    };
  },
};

function configFile(selection: Selection, from: FromFile | null): YamlFile {
  const there = from === null ? null : platformFile(from, gke.owns);
  const file = there ?? freshFile(form.name, {});
  const at = from === null || there === null ? [0] : (onlyDocument(there, from, () => true)?.at ?? [0]);
  layOver(file, at, form, selection);
  return file;
}
