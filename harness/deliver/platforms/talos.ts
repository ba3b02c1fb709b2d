import type { Document } from "yaml";
import { setAt } from "../documents.ts";
import type { FromFile, Platform } from "../platform.ts";
import { nodesCheck, poolKey, taintText } from "../pool.ts";
import type { Selection } from "../selection.ts";
import { command } from "../text.ts";
import { kebabTrap, nodeTrap } from "../traps.ts";
import { type AllowlistForm, allowlistFile } from "./allowlist-file.ts";

const form: AllowlistForm = {
  name: "1-machine.patch.yaml",
  allowlist: ["machine", "kubelet", "extraConfig", "allowedUnsafeSysctls"],
  sysctls: ["machine", "sysctls"],
  fresh: { machine: {} },
  is: (document) => document.has("machine"),
  what: "machine configuration",
};

/** Talos: a patch of the machine configuration. */
export const talos: Platform = {
  title: "Talos",
  from: { what: "the patch that your nodes have already", yaml: true },
  plan(selection, from) {
    const file = allowlistFile(form, selection, from, (document, source) => mark(document, selection, source));
    return {
      files: [file],
      steps: [
        `The patch, on each node of the pool.\n${command("talosctl --nodes YOUR_NODE patch machineconfig --mode=no-reboot --patch @1-machine.patch.yaml")}`,
        `A worker that has joined already can't taint itself (NodeRestriction).\n${command(`kubectl taint node YOUR_NODE ${taintText(selection.name)}`)}`,
      ],
      nodes: "The kubelet of each node is started again; with `--mode=no-reboot` talosctl refuses rather than reboots.",
      verify: [nodesCheck(selection.name)],
      undo: [
        `Keep the configuration first; applied again it takes the settings back.\n${command("talosctl --nodes YOUR_NODE get machineconfig v1alpha1 --output jsonpath='{.spec}' > before.yaml", "talosctl --nodes YOUR_NODE apply-config --mode=no-reboot --file before.yaml")}`,
      ],
      security: [],
      traps: [nodeTrap("`machine.sysctls`"), kebabTrap],
    };
  },
};

function mark(document: Document, selection: Selection, from: FromFile): void {
  setAt(document, ["machine", "nodeLabels", poolKey], selection.name, from);
  setAt(document, ["machine", "nodeTaints", poolKey], `${selection.name}:NoSchedule`, from);
}
