import { allowlistFlag } from "../allowlist.ts";
import type { FromFile, Platform } from "../platform.ts";
import { nodesCheck, poolKey, taintText } from "../pool.ts";
import { nodeSettings, type Selection, unsafeKeys } from "../selection.ts";
import { command } from "../text.ts";
import { kebabTrap, nodeTrap } from "../traps.ts";
import type { YamlFile } from "../yaml/file.ts";
import { freshFile, layOver, onlyDocument, placeOf, platformFile, written } from "./allowlist-file.ts";
import { addToFlag } from "./kubelet-flag.ts";

const form = {
  name: "1-machine.patch.yaml",
  allowlist: ["machine", "kubelet", "extraConfig", "allowedUnsafeSysctls"],
  sysctls: ["machine", "sysctls"],
};
const flagsPath = ["machine", "kubelet", "extraArgs"];

/** Talos: a patch of the machine configuration, or the whole of it. */
export const talos: Platform = {
  title: "Talos",
  from: { what: "the patch that your nodes have already, or a node's whole machine configuration", isYaml: () => true },
  owns: ({ apiVersion }) => apiVersion === "" || apiVersion === "v1alpha1",
  plan(selection, from) {
    const there = from === null ? null : platformFile(from, talos.owns);
    const { file, byFlag, isWhole } = machineFile(selection, from, there);
    const path = byFlag ? [...flagsPath, allowlistFlag] : form.allowlist;
    const apply = isWhole
      ? `talosctl --nodes YOUR_NODE apply-config --mode=no-reboot --file ${form.name}`
      : `talosctl --nodes YOUR_NODE patch machineconfig --mode=no-reboot --patch @${form.name}`;
    return {
      files: [written(form.name, file)],
      allowlistIn: unsafeKeys(selection).length > 0 ? [placeOf(form.name, path)] : [],
      nodeSettingsIn: nodeSettings(selection).length > 0 ? [placeOf(form.name, form.sysctls)] : [],
      first:
        "Do all steps on one node, with one pod of the workload there; go on to the next nodes when that one has served a peak well.",
      steps: [
        `Keep what is there, for each node by itself.\n${command("talosctl --nodes YOUR_NODE get machineconfig v1alpha1 --output jsonpath='{.spec}' > before.yaml")}`,
        `The ${isWhole ? "machine configuration: a whole one is one node's, so give each its own" : "patch, on each node of the pool"}.\n${command(`${apply} --dry-run`, apply)}`,
        `A worker that has joined already can't taint itself (NodeRestriction).\n${command(`kubectl taint node YOUR_NODE ${taintText(selection.name)}`)}`,
      ],
      nodes: "The kubelet of each node is started again; with `--mode=no-reboot` talosctl refuses rather than reboots.",
      verify: [nodesCheck(selection.name)],
      undo: [
        `The configuration that was kept takes the settings back; the taint goes by hand.\n${command("talosctl --nodes YOUR_NODE apply-config --mode=no-reboot --file before.yaml", `kubectl taint node YOUR_NODE ${taintText(selection.name)}-`)}`,
      ],
      security: [],
      traps: [nodeTrap("`machine.sysctls`"), kebabTrap],
      notes: byFlag
        ? [
            `The machine configuration gives the kubelet the flag \`--${allowlistFlag}\`, which wins over its configuration file: the keys went there.`,
          ]
        : [
            `A flag \`--${allowlistFlag}\` under \`machine.kubelet.extraArgs\` of another patch would win over this list.`,
          ],
    };
  },
};

function machineFile(selection: Selection, from: FromFile | null, there: YamlFile | null) {
  if (from === null || there === null) {
    const file = freshFile(form.name, { machine: {} });
    lay(file, [0], selection);
    return { file, byFlag: false, isWhole: false };
  }
  const machine = onlyDocument(there, from, ({ at }) => there.has([...at, "machine"]));
  if (machine === null) throw there.wrong([0], "holds no machine configuration");
  return { file: there, byFlag: lay(there, machine.at, selection), isWhole: there.has([...machine.at, "cluster"]) };
}

/** Returns whether the list is the kubelet's flag: that wins over its configuration file. */
function lay(file: YamlFile, at: (string | number)[], selection: Selection): boolean {
  const keys = unsafeKeys(selection);
  const byFlag = keys.length > 0 && addToFlag(file, [...at, ...flagsPath], keys) !== null;
  layOver(file, at, form, byFlag ? { ...selection, settings: nodeSettings(selection) } : selection);
  file.set([...at, "machine", "nodeLabels", poolKey], selection.name);
  file.set([...at, "machine", "nodeTaints", poolKey], `${selection.name}:NoSchedule`);
  return byFlag;
}
