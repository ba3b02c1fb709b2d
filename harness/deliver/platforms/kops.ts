import type { Document } from "yaml";
import { addTo, setAt } from "../documents.ts";
import type { FromFile, Platform } from "../platform.ts";
import { nodesCheck, poolKey, taintText } from "../pool.ts";
import { nodeSettings, type Selection } from "../selection.ts";
import { command } from "../text.ts";
import { kebabTrap, nodeTrap } from "../traps.ts";
import { type AllowlistForm, allowlistFile } from "./allowlist-file.ts";

const form: AllowlistForm = {
  name: "1-instancegroup.yaml",
  allowlist: ["spec", "kubelet", "allowedUnsafeSysctls"],
  sysctls: null,
  fresh: { apiVersion: "kops.k8s.io/v1alpha2", kind: "InstanceGroup", metadata: { name: "YOUR_GROUP" } },
  is: (document) => document.get("kind") === "InstanceGroup",
  what: "InstanceGroup",
};

/** kops: an instance group with the kubelet's field, and sysctlParameters for the nodes' own. */
export const kops: Platform = {
  title: "kops",
  from: { what: "the InstanceGroup, as `kops get instancegroups NAME -o yaml` gives it", yaml: true },
  plan(selection, from) {
    const file = allowlistFile(form, selection, from, (document, source) => addOwn(document, selection, source));
    const whole = from !== null;
    const edit =
      "Its fields go into your group's spec: machine type, subnets and sizes are yours. With `--from` the whole group is written.";
    return {
      files: [file],
      steps: [
        whole
          ? `The instance group.\n${command("kops replace --filename 1-instancegroup.yaml")}`
          : `${edit}\n${command("kops edit instancegroup YOUR_GROUP")}`,
        `New instances.\n${command("kops update cluster --yes", "kops rolling-update cluster --instance-group YOUR_GROUP --yes")}`,
      ],
      nodes:
        "The rolling update drains and replaces every instance of the group. Other groups are not touched; pods without the toleration no longer come onto this one.",
      verify: [nodesCheck(selection.name)],
      undo: [
        `The group as it was, kept before all else; its instances are replaced once more.\n${command(
          "kops get instancegroups YOUR_GROUP --output yaml > before.yaml   # before",
          "kops replace --filename before.yaml",
          "kops update cluster --yes",
          "kops rolling-update cluster --instance-group YOUR_GROUP --yes",
        )}`,
      ],
      security: [],
      traps: [nodeTrap("`sysctlParameters`"), kebabTrap],
    };
  },
};

/** Label and taint, and the nodes' own settings in kops' form. */
function addOwn(document: Document, selection: Selection, from: FromFile): void {
  const same = (there: unknown, wanted: string) => there === wanted;
  setAt(document, ["spec", "nodeLabels", poolKey], selection.name, from);
  addTo(document, ["spec", "taints"], [taintText(selection.name)], from, same);
  const parameters = nodeSettings(selection).map(({ key, value }) => `${key}=${value}`);
  if (parameters.length > 0) addTo(document, ["spec", "sysctlParameters"], parameters, from, same);
}
