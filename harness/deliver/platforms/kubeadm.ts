import { addToAllowlist, allowlistFlag, flagUnion, unionOf } from "../allowlist.ts";
import { yamlOf } from "../new-document.ts";
import { type FileObject, objectsOf } from "../objects.ts";
import type { DeliveryFile, FromFile, Platform } from "../platform.ts";
import { type Selection, unsafeKeys } from "../selection.ts";
import { command } from "../text.ts";
import type { YamlFile } from "../yaml/file.ts";
import { freshFile, onlyDocument, placeOf, platformFile, written } from "./allowlist-file.ts";
import { addToArguments, isArgumentsFile } from "./arguments-file.ts";
import { byHand, sysctlFiles } from "./by-hand.ts";
import { addToFlag } from "./kubelet-flag.ts";

/** Head of a kubelet's configuration file. */
export const kubeletConfiguration = { apiVersion: "kubelet.config.k8s.io/v1beta1", kind: "KubeletConfiguration" };

const [configName, patchName, argsName] = ["1-kubelet-config.yaml", "1-kubeletconfiguration.yaml", "1-kubelet.args"];

/** kubeadm, and any node whose kubelet has a configuration file or an args file. */
export const kubeadm: Platform = {
  title: "kubeadm",
  from: {
    what: "the node's KubeletConfiguration (/var/lib/kubelet/config.yaml), a configuration for kubeadm, or the kubelet's args file",
    isYaml: (text) => !isArgumentsFile(text),
  },
  owns: ({ apiVersion, kind }) =>
    /^(kubeadm|kubelet\.config|kubeproxy\.config)\.k8s\.io\//.test(apiVersion) || kind === "KubeletConfiguration",
  plan(selection, from) {
    const keys = unsafeKeys(selection);
    const host = sysctlFiles(selection);
    const ways = keys.length === 0 ? [] : waysOf(selection, from);
    const places = [placeOf(configName, ["allowedUnsafeSysctls"]), placeOf(patchName, ["allowedUnsafeSysctls"])];
    return {
      files: [...ways, ...host],
      allowlistIn: keys.length === 0 ? [] : [...places, placeOf(argsName, [`--${allowlistFlag}`])],
      notes: [],
      ...byHand(selection, {
        step: [
          "On each node of the pool, one of these three ways:",
          `- merge \`${configName}\`${from === null ? "" : " (yours, with the keys)"} into /var/lib/kubelet/config.yaml${from === null ? ": its list takes the place of one that is there, so use `--from`" : ""};`,
          `- for nodes to come, \`kubeadm join --patches DIR\` with \`${patchName}\` in DIR under the name \`kubeletconfiguration+merge.yaml\`; for those that are there, \`kubeadm upgrade node --patches DIR\`, which keeps it over upgrades;`,
          `- where the kubelet runs with an args file, add the flag of \`${argsName}\` to its KUBELET_EXTRA_ARGS (/etc/default/kubelet on Debian, /etc/sysconfig/kubelet on Fedora). A flag wins over the file: where \`ps\` shows \`--${allowlistFlag}\`, this is the only way that counts.`,
          "A configuration for `kubeadm init` is one for all nodes that join later: their label and taint are what keeps other pods off.",
          command(
            `ps -o args= -C kubelet | grep --only-matching -e '--${allowlistFlag}[^ ]*'   # a flag that is there`,
            "systemctl restart kubelet",
            "journalctl --unit kubelet --since -1m",
          ),
        ].join("\n"),
        nodes: "The kubelet of each node is started again; its pods go on. No node is replaced or rebooted.",
        undo: `The kubelet's configuration as it was kept; a patch or a flag goes where it was put.\n${command("cp --archive /var/lib/kubelet/config.yaml.before /var/lib/kubelet/config.yaml", "systemctl restart kubelet")}`,
        keep: `cp --archive /var/lib/kubelet/config.yaml /var/lib/kubelet/config.yaml.before`,
      }),
    };
  },
};

/** The three ways, each with all that the user's file allows already: in each a list takes the place of the one before. */
function waysOf(selection: Selection, from: FromFile | null): DeliveryFile[] {
  const keys = unsafeKeys(selection);
  if (from !== null && isArgumentsFile(from.text)) {
    const { text, allowed } = addToArguments(from, keys);
    const config = freshFile(configName, { ...kubeletConfiguration, allowedUnsafeSysctls: allowed });
    return [written(configName, config), patchOf(allowed), { name: argsName, text }];
  }
  const there = from === null ? null : platformFile(from, kubeadm.owns);
  if (from === null || there === null) {
    const config = freshFile(configName, { ...kubeletConfiguration, allowedUnsafeSysctls: keys });
    return [written(configName, config), patchOf(keys), argsOf(keys.join(","))];
  }
  const flag = addToFlags(there, keys);
  const at = kubeletAt(there, from);
  const path = [...at, "allowedUnsafeSysctls"];
  const union = unionOf(there.listAt(path), keys);
  addToAllowlist(there, path, keys);
  return [written(configName, there), patchOf(union), argsOf(flagUnion(flag ?? "", union))];
}

/** Where the kubelet's configuration is; a file for kubeadm that has none gets one. */
function kubeletAt(file: YamlFile, from: FromFile) {
  const object = onlyDocument(file, from, ({ kind }) => kind === "KubeletConfiguration");
  if (object !== null) return object.at;
  const isForKubeadm = objectsOf(file).some(({ apiVersion }) => apiVersion.startsWith("kubeadm.k8s.io/"));
  if (!isForKubeadm) throw file.wrong([0], "holds no KubeletConfiguration");
  file.addDocument(kubeletConfiguration);
  return [file.count - 1];
}

/** kubeadm's own arguments for the kubelet of the node that it makes or joins. */
function addToFlags(file: YamlFile, keys: string[]): string | null {
  const isNode = ({ kind }: FileObject) => kind === "InitConfiguration" || kind === "JoinConfiguration";
  const flags = objectsOf(file)
    .filter(isNode)
    .flatMap(({ at }) => addToFlag(file, [...at, "nodeRegistration", "kubeletExtraArgs"], keys) ?? []);
  return flags.length === 0 ? null : [...new Set(flags.join(",").split(","))].join(",");
}

function patchOf(allowedUnsafeSysctls: string[]): DeliveryFile {
  return { name: patchName, text: yamlOf({ allowedUnsafeSysctls }) };
}

function argsOf(allowed: string): DeliveryFile {
  return { name: argsName, text: `KUBELET_EXTRA_ARGS=--${allowlistFlag}=${allowed}\n` };
}
