import { addToAllowlist, allowlistFlag, flagUnion, unionOf } from "../allowlist.ts";
import { command } from "../code-spans.ts";
import { yamlOf } from "../new-document.ts";
import { type FileObject, objectsOf } from "../objects.ts";
import type { DeliveryFile, FileLocation, FromFile, Platform } from "../platform.ts";
import { type Selection, unsafeKeys } from "../selection.ts";
import type { YamlFile } from "../yaml/file.ts";
import { freshFile, locationIn, onlyDocument, platformFile, written } from "./allowlist-file.ts";
import { addToArguments, isArgumentsFile } from "./arguments-file.ts";
import { byHand, sysctlFiles } from "./by-hand.ts";
import { addToFlag, type KubeletFlag } from "./kubelet-flag.ts";

/** Head of a kubelet's configuration file. */
export const kubeletConfiguration = { apiVersion: "kubelet.config.k8s.io/v1beta1", kind: "KubeletConfiguration" };

const [configName, patchName, argsName] = ["1-kubelet-config.yaml", "1-kubeletconfiguration.yaml", "1-kubelet.args"];
const field = "allowedUnsafeSysctls";
const configPath = "/var/lib/kubelet/config.yaml";
const [keptConfig, keptArgs] = ["~/kubelet.before.yaml", "~/kubelet.before.args"];

/** kubeadm, and any node whose kubelet has a configuration file or an args file. */
export const kubeadm: Platform = {
  title: "kubeadm",
  reaches: "pods",
  from: {
    what: "the node's KubeletConfiguration (/var/lib/kubelet/config.yaml), a configuration for kubeadm, or the kubelet's args file",
    isYaml: (text) => !isArgumentsFile(text),
  },
  owns: ({ apiVersion, kind }) =>
    /^(kubeadm|kubelet\.config|kubeproxy\.config)\.k8s\.io\//.test(apiVersion) || kind === "KubeletConfiguration",
  plan(selection, from) {
    const keys = unsafeKeys(selection);
    const made = keys.length === 0 ? { files: [], allowlistIn: [] } : waysOf(selection, from);
    return {
      files: [...made.files, ...sysctlFiles(selection)],
      allowlistIn: made.allowlistIn,
      ...byHand(selection, {
        step: kubeadmStep(formOf(from)),
        nodes: "The kubelet of each node is started again; its pods go on. No node is replaced or rebooted.",
        undo: `The kubelet's files as they were kept; a patch goes out of its folder.\n${command(`cp --archive ${keptConfig} ${configPath}`, `cp --archive ${keptArgs} /etc/default/kubelet   # where there was one; else take the flag out of it`, "systemctl restart kubelet")}`,
        keep: [
          `cp --archive ${configPath} ${keptConfig}`,
          `cp --archive /etc/default/kubelet ${keptArgs}   # /etc/sysconfig/kubelet on Fedora; where there is one`,
        ],
      }),
    };
  },
};

/** What --from holds. */
type Form = "nothing" | "kubelet" | "kubeadm" | "arguments";

function formOf(from: FromFile | null): Form {
  if (from === null) return "nothing";
  if (isArgumentsFile(from.text)) return "arguments";
  const there = platformFile(from, kubeadm.owns);
  if (there === null) return "nothing";
  return objectsOf(there).some(isForKubeadm) ? "kubeadm" : "kubelet";
}

function isForKubeadm({ apiVersion }: FileObject): boolean {
  return apiVersion.startsWith("kubeadm.k8s.io/");
}

/** Not one of them may be copied over what a node has unless it is the node's own. */
function kubeadmStep(form: Form): string {
  const config: Record<Form, string> = {
    nothing: `the list of \`${configName}\` goes into ${configPath}. It is no whole configuration: don't copy it there. Where that has a list, it must hold that one's keys too: use \`--from\`;`,
    kubelet: `\`${configName}\`, which is yours with the keys, takes the place of ${configPath}, on the node that it is from; on others its list does;`,
    kubeadm: `\`${configName}\`, which is yours with the keys, is for \`kubeadm init --config\` or \`kubeadm join --config\` of nodes to come. On those that are there the list of its KubeletConfiguration goes into ${configPath}, beside what that has: don't copy it there;`,
    arguments: `where the kubelet has no such flag, the list of \`${configName}\` goes into ${configPath}, beside what that has. It is no whole configuration: don't copy it there;`,
  };
  const flag =
    form === "arguments"
      ? `\`${argsName}\`, which is yours with the keys, takes your file's place. An assignment of KUBELET_EXTRA_ARGS in /etc/default/kubelet takes the place of one in kubeadm-flags.env.`
      : `where the kubelet runs with an args file, add the flag of \`${argsName}\` to its KUBELET_EXTRA_ARGS (/etc/default/kubelet on Debian, /etc/sysconfig/kubelet on Fedora).`;
  return [
    "On each node of the pool, one of these three ways:",
    `- ${config[form]}`,
    `- for nodes to come, \`kubeadm join --patches DIR\` with \`${patchName}\` in DIR under the name \`kubeletconfiguration+merge.yaml\`; for those that are there, \`kubeadm upgrade node --patches DIR\`, which keeps it over upgrades;`,
    `- ${flag} A flag wins over the file, as a whole: where \`ps\` shows \`--${allowlistFlag}\`, this is the only way that counts; where it does not, the flag must hold the file's keys too, or they are lost.`,
    "A configuration for `kubeadm init` is one for all nodes that join later: their label and taint are what keeps other pods off.",
    command(
      `ps -o args= -C kubelet | grep --only-matching -e '--${allowlistFlag}[^ ]*'   # a flag that is there`,
      `grep --after-context 9 allowedUnsafeSysctls ${configPath}   # a list that is there`,
      "systemctl restart kubelet",
      "journalctl --unit kubelet --since -1m",
    ),
  ].join("\n");
}

interface Ways {
  files: DeliveryFile[];
  allowlistIn: FileLocation[];
}

/** The three ways, each with all that the user's file allows already: in each a list takes the place of the one before. */
function waysOf(selection: Selection, from: FromFile | null): Ways {
  const keys = unsafeKeys(selection);
  if (from !== null && isArgumentsFile(from.text)) {
    const { text, allowed } = addToArguments(from, keys);
    return waysWith(configOf(allowed), allowed, { name: argsName, text });
  }
  const there = from === null ? null : platformFile(from, kubeadm.owns);
  if (from === null || there === null) return waysWith(configOf(keys), keys, argsOf(keys.join(",")));
  const flags = addToFlags(there, keys);
  const path = [...kubeletAt(there, from), field];
  const union = unionOf(there.listAt(path), keys);
  addToAllowlist(there, path, keys);
  const all = flagUnion(flags.map(({ allowed }) => allowed).join(","), union);
  const ways = waysWith(written(configName, there), union, argsOf([...new Set(all.split(","))].join(",")));
  return {
    ...ways,
    allowlistIn: [...flags.map(({ path }) => locationIn(configName, path.slice(1))), ...ways.allowlistIn],
  };
}

function waysWith(config: DeliveryFile, allowed: string[], args: DeliveryFile): Ways {
  const patch = { name: patchName, text: yamlOf({ [field]: allowed }) };
  return {
    files: [config, patch, args],
    allowlistIn: [
      locationIn(configName, [field]),
      locationIn(patchName, [field]),
      locationIn(argsName, [`--${allowlistFlag}`]),
    ],
  };
}

/** Where the kubelet's configuration is; a file for kubeadm that has none gets one. */
function kubeletAt(file: YamlFile, from: FromFile) {
  const object = onlyDocument(file, from, ({ kind }) => kind === "KubeletConfiguration");
  if (object !== null) return object.at;
  if (!objectsOf(file).some(isForKubeadm)) throw file.wrong([0], "holds no KubeletConfiguration");
  file.addDocument(kubeletConfiguration);
  return [file.count - 1];
}

/** kubeadm's own arguments for the kubelet of the node that it makes or joins. */
function addToFlags(file: YamlFile, keys: string[]): KubeletFlag[] {
  const isNode = ({ kind }: FileObject) => kind === "InitConfiguration" || kind === "JoinConfiguration";
  return objectsOf(file)
    .filter(isNode)
    .flatMap(({ at }) => addToFlag(file, [...at, "nodeRegistration", "kubeletExtraArgs"], keys) ?? []);
}

function configOf(allowed: string[]): DeliveryFile {
  return written(configName, freshFile(configName, { ...kubeletConfiguration, [field]: allowed }));
}

function argsOf(allowed: string): DeliveryFile {
  return { name: argsName, text: `KUBELET_EXTRA_ARGS=--${allowlistFlag}=${allowed}\n` };
}
