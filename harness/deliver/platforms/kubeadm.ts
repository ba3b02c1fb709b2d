import { yamlOf } from "../documents.ts";
import type { Platform } from "../platform.ts";
import { unsafeKeys } from "../selection.ts";
import { command } from "../text.ts";
import { type AllowlistForm, allowlistFile } from "./allowlist-file.ts";
import { byHand, sysctlFiles } from "./by-hand.ts";

/** Head of a kubelet's configuration file. */
export const kubeletConfiguration = { apiVersion: "kubelet.config.k8s.io/v1beta1", kind: "KubeletConfiguration" };

const kubeadmForm: AllowlistForm = {
  name: "1-kubelet-config.yaml",
  allowlist: ["allowedUnsafeSysctls"],
  sysctls: null,
  fresh: kubeletConfiguration,
  is: (document) => document.get("kind") === "KubeletConfiguration",
  what: "KubeletConfiguration",
};

/** kubeadm, and any node whose kubelet has a configuration file or an args file. */
export const kubeadm: Platform = {
  title: "kubeadm",
  from: { what: "the node's KubeletConfiguration (/var/lib/kubelet/config.yaml)", yaml: true },
  plan(selection, from) {
    const keys = unsafeKeys(selection);
    const config = allowlistFile(kubeadmForm, selection, from);
    const patch = { name: "1-kubeletconfiguration.yaml", text: yamlOf({ allowedUnsafeSysctls: keys }) };
    const args = { name: "1-kubelet.args", text: `KUBELET_EXTRA_ARGS=--allowed-unsafe-sysctls=${keys.join(",")}\n` };
    const host = sysctlFiles(selection);
    return {
      files: [...(keys.length === 0 ? [] : [config, patch, args]), ...host],
      ...byHand(selection, {
        step: [
          "On each node of the pool, one of these three ways:",
          `- merge \`1-kubelet-config.yaml\`${from === null ? "" : " (yours, with the keys)"} into /var/lib/kubelet/config.yaml;`,
          "- for nodes to come, `kubeadm join --patches DIR` with `1-kubeletconfiguration.yaml` in DIR under the name `kubeletconfiguration+merge.yaml`; for those that are there, `kubeadm upgrade node --patches DIR`, which keeps it over upgrades;",
          "- where the kubelet runs with an args file, add the flag of `1-kubelet.args` to its KUBELET_EXTRA_ARGS (/etc/default/kubelet on Debian, /etc/sysconfig/kubelet on Fedora). A flag wins over the file.",
          command("systemctl restart kubelet", "journalctl --unit kubelet --since -1m"),
        ].join("\n"),
        nodes: "The kubelet of each node is started again; its pods go on. No node is replaced or rebooted.",
        undo: `Take the keys out again.\n${command("systemctl restart kubelet")}`,
      }),
    };
  },
};
