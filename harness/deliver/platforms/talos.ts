import { addToAllowlist, allowlistFlag } from "../allowlist.ts";
import { command } from "../code-spans.ts";
import type { FromFile, Platform } from "../platform.ts";
import { nodesCheck, taintText, taintWords } from "../pool.ts";
import { type Selection, unsafeKeys } from "../selection.ts";
import { kebabTrap, nodeTrap } from "../traps.ts";
import { freshFile, locationIn, platformFile, written } from "./allowlist-file.ts";
import { addToFlag } from "./kubelet-flag.ts";
import { freshPlaces, markNode, talosPlaces } from "./talos-documents.ts";

const fileName = "1-machine.patch.yaml";

/** Talos: a patch of the machine configuration, or the whole of it. */
export const talos: Platform = {
  title: "Talos",
  reaches: "pods",
  from: { what: "the patch that your nodes have already, or a node's whole machine configuration", isYaml: () => true },
  owns: ({ apiVersion }) => apiVersion === "" || apiVersion === "v1alpha1",
  plan(selection, from) {
    const { file, byFlag, isWhole, path } = machineFile(selection, from);
    const apply = isWhole
      ? `talosctl --nodes YOUR_NODE apply-config --mode=no-reboot --file ${fileName}`
      : `talosctl --nodes YOUR_NODE patch machineconfig --mode=no-reboot --patch @${fileName}`;
    return {
      files: [written(fileName, file)],
      allowlistIn: [locationIn(fileName, path.slice(1))],
      nodeSettingsIn: [locationIn(fileName, ["machine", "sysctls"])],
      first:
        "Do all steps on one node, with one pod of the workload there; go on to the next nodes when that one has served a peak well.",
      steps: [
        `Keep what is there, for each node by itself.\n${command("talosctl --nodes YOUR_NODE get machineconfig v1alpha1 --output jsonpath='{.spec}' > before.yaml")}`,
        `The ${isWhole ? "machine configuration: a whole one is one node's, so give each its own" : "patch, on each node of the pool"}.\n${command(`${apply} --dry-run`, apply)}`,
        `A worker that has joined already can't taint itself (NodeRestriction).\n${command(`kubectl taint node YOUR_NODE ${taintText(selection.name)}`)}`,
      ],
      nodes: `The kubelet of each node is started again; with \`--mode=no-reboot\` talosctl refuses rather than reboots. ${taintWords}`,
      verify: [nodesCheck(selection.name)],
      undo: [
        `The configuration that was kept takes the settings back; the taint goes by hand.\n${command("talosctl --nodes YOUR_NODE apply-config --mode=no-reboot --file before.yaml", `kubectl taint node YOUR_NODE ${taintText(selection.name)}-`)}`,
      ],
      traps: [nodeTrap("`machine.sysctls`"), kebabTrap],
      notes: byFlag
        ? [
            `The machine configuration gives the kubelet the flag \`--${allowlistFlag}\`, which wins over its configuration file: the keys went there.`,
          ]
        : [
            `A flag \`--${allowlistFlag}\` under \`extraArgs\` of another patch would win over this list. Since Talos 1.14 a node may have the documents KubeletConfig and KubeNodeConfig; where it has, give them with \`--from\`: talosctl refuses the same fields under \`machine\` beside them.`,
          ],
    };
  },
};

function machineFile(selection: Selection, from: FromFile | null) {
  const there = from === null ? null : platformFile(from, talos.owns);
  const file = there ?? freshFile(fileName, {});
  const places = from === null || there === null ? freshPlaces : talosPlaces(file, from);
  const keys = unsafeKeys(selection);
  // The kubelet's flag wins over its configuration file.
  const flag = keys.length === 0 ? null : addToFlag(file, places.flags, keys);
  if (flag === null) addToAllowlist(file, places.allowlist, keys);
  markNode(file, places, selection);
  return { file, byFlag: flag !== null, isWhole: places.isWhole, path: flag?.path ?? places.allowlist };
}
