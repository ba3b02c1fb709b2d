import { InputError } from "../../core/errors.ts";
import { jsonText } from "../../core/text.ts";
import { addToAllowlist } from "../allowlist.ts";
import { code, command } from "../code-spans.ts";
import type { DeliveryFile, FromFile, Platform } from "../platform.ts";
import { labelText, nodesCheck, taintText } from "../pool.ts";
import { nodesSettings, type Selection, unsafeKeys } from "../selection.ts";
import { nodeTrap } from "../traps.ts";
import { YamlFile } from "../yaml/file.ts";
import { isJsonObject, locationIn } from "./allowlist-file.ts";

/** AKS: a kubelet configuration of AKS's own form, given when a node pool is made. */
export const aks: Platform = {
  title: "AKS",
  reaches: "pods",
  from: { what: "the node pool's kubelet configuration (JSON)", isYaml: () => false },
  owns: () => false,
  plan(selection, from) {
    const { name } = selection;
    const keys = unsafeKeys(selection);
    const file = kubeletFile(keys, from);
    const config = keys.length === 0 ? "" : ` --kubelet-config ${file.name}`;
    const create = `az aks nodepool add --resource-group YOUR_GROUP --cluster-name YOUR_CLUSTER --name YOUR_POOL --node-count 1${config} --labels ${labelText(name)} --node-taints ${taintText(name)}`;
    return {
      files: keys.length === 0 ? [] : [file],
      allowlistIn: [locationIn(file.name, [field])],
      first:
        "The pool begins with one node (`--node-count 1`), and the workload with one pod there; let it grow when that one has served a peak well.",
      steps: [
        `A node pool of its own (at most 12 letters and digits in its name); machine type and sizes are yours.\n${command(create)}`,
        ...nodeWords(selection),
      ],
      nodes:
        "A new pool touches no node that is there. The kubelet's configuration is given when a pool is made; moving the workload onto the new pool is the rollout.",
      verify: [nodesCheck(name)],
      undo: [
        `The pool.\n${command("az aks nodepool delete --resource-group YOUR_GROUP --cluster-name YOUR_CLUSTER --name YOUR_POOL")}`,
      ],
      traps: [nodeTrap("`--linux-os-config` (`netCoreSomaxconn`, `netIpv4TcpTwReuse`)")],
    };
  },
};

/** Throws InputError where the user's file is no JSON object with such a list. */
function kubeletFile(keys: string[], from: FromFile | null): DeliveryFile {
  const name = "1-kubelet-config.json";
  if (from === null) return { name, text: jsonText({ allowedUnsafeSysctls: keys }) };
  if (!isJsonObject(from.text)) throw new InputError(`${from.name} is no JSON object`);
  if (/^\s*\{\s*\}\s*$/.test(from.text)) return kubeletFile(keys, null);
  const file = new YamlFile(from.name, from.text);
  addToAllowlist(file, [0, field], keys);
  return { name, text: file.text };
}

const field = "allowedUnsafeSysctls";

/** AKS has names of its own for some of a node's settings; a name is not guessed. */
function nodeWords(selection: Selection): string[] {
  const keys = nodesSettings(selection).map(({ key, value }) => code(`${key} = ${value}`));
  return keys.length === 0
    ? []
    : [
        `The node's own settings, ${keys.join(", ")}: look them up among the names of \`--linux-os-config\` (\`netCoreNetdevMaxBacklog\` and others); a key that is not there needs a privileged DaemonSet.`,
      ];
}
