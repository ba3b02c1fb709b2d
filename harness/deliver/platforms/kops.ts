import { InputError } from "../../core/errors.ts";
import { unionOf } from "../allowlist.ts";
import { command } from "../code-spans.ts";
import { type FileObject, objectsOf, onlyOne, titleOf } from "../objects.ts";
import type { FromFile, Platform } from "../platform.ts";
import { markedBefore, nodesCheck, poolKey, taintText, taintWords } from "../pool.ts";
import { nodesSettings, type Selection, unsafeKeys } from "../selection.ts";
import { kebabTrap, nodeTrap } from "../traps.ts";
import type { YamlFile } from "../yaml/file.ts";
import type { Plain, YamlPath } from "../yaml/model.ts";
import { freshFile, layOver, locationIn, platformFile, written } from "./allowlist-file.ts";

const form = { name: "1-instancegroup.yaml", allowlist: ["spec", "kubelet", "allowedUnsafeSysctls"], sysctls: null };
const parametersPath = ["spec", "sysctlParameters"];

/** kops: an instance group with the kubelet's field, and sysctlParameters for the nodes' own. */
export const kops: Platform = {
  title: "kops",
  reaches: "pods",
  from: {
    what: "the InstanceGroup with its Cluster, as `kops get --name CLUSTER -o yaml` gives them",
    isYaml: () => true,
  },
  owns: ({ apiVersion, kind }) =>
    apiVersion.startsWith("kops.k8s.io/") || kind === "InstanceGroup" || kind === "Cluster",
  plan(selection, from) {
    const there = from === null ? null : platformFile(from, kops.owns);
    const { file, group, seesCluster, notes } =
      from === null || there === null ? freshGroup(selection) : groupIn(there, selection, from);
    const whole = there !== null;
    const unsafe = unsafeKeys(selection).length > 0;
    const edit =
      "Its fields go into your group's spec: machine type, subnets and sizes are yours. With `--from` the whole group is written.";
    return {
      files: [written(form.name, file)],
      allowlistIn: [locationIn(form.name, form.allowlist)],
      nodeSettingsIn: [locationIn(form.name, parametersPath)],
      first: `Begin with one node: \`kops rolling-update cluster --instance-group ${group} --yes --interactive\` asks after each instance; or with a small group of its own, a copy of this one under another name.`,
      steps: [
        `Keep what is there.\n${command(`kops get instancegroups ${group} --output yaml > before.yaml`)}`,
        whole
          ? `The instance group ${group}.\n${command(`kops replace --filename ${form.name}`)}`
          : `${edit}\n${command(`kops edit instancegroup ${group}`)}`,
        `What would be changed, then new instances.\n${command("kops update cluster", "kops update cluster --yes", `kops rolling-update cluster --instance-group ${group} --yes`)}`,
      ],
      nodes: `The rolling update drains and replaces every instance of the group. Other groups are not touched. ${taintWords}`,
      verify: [nodesCheck(selection.name)],
      undo: [
        `The group as it was; its instances are replaced once more.\n${command(
          "kops replace --filename before.yaml",
          "kops update cluster --yes",
          `kops rolling-update cluster --instance-group ${group} --yes`,
        )}`,
      ],
      traps: [nodeTrap("`sysctlParameters`"), kebabTrap],
      notes: [...(unsafe && !seesCluster ? [unseen] : []), ...notes],
    };
  },
};

const unseen =
  "A list of the group's takes the place of the cluster's (`spec.kubelet.allowedUnsafeSysctls` of the Cluster) as a whole. Whether the cluster has one was not seen: look with `kops get cluster --output yaml`, or give the Cluster in `--from` too.";

function freshGroup(selection: Selection) {
  const group = "YOUR_GROUP";
  const file = freshFile(form.name, {
    apiVersion: "kops.k8s.io/v1alpha2",
    kind: "InstanceGroup",
    metadata: { name: group },
  });
  layOver(file, [0], form, selection);
  addOwn(file, [0], selection);
  return { file, group, seesCluster: false, notes: [] };
}

/** The group of nodes that is meant, with the cluster's list in its own: it takes that one's place. */
function groupIn(file: YamlFile, selection: Selection, from: FromFile) {
  const group = nodeGroup(file, from);
  const clusters = objectsOf(file).filter(({ kind }) => kind === "Cluster");
  const label = file.textAt([...group.at, "metadata", "labels", "kops.k8s.io/cluster"]);
  const cluster = clusters.find(({ name }) => name === label) ?? (clusters.length === 1 ? clusters[0] : undefined);
  if (cluster === undefined && clusters.length > 1) {
    throw file.wrong(
      [...group.at, "metadata"],
      `names none of the clusters ${clusters.map(({ name }) => name).join(", ")}`,
    );
  }
  const path = [...group.at, ...form.allowlist];
  const hasOwn = file.has(path);
  if (cluster !== undefined && !hasOwn) {
    const keys = unsafeKeys(selection);
    if (keys.length > 0) file.set(path, unionOf(file.listAt([...cluster.at, ...form.allowlist]), keys));
  }
  layOver(file, group.at, form, selection);
  const before = addOwn(file, group.at, selection);
  const notes = [...(isOnlyGroup(file) ? [onlyGroup] : []), ...(before === null ? [] : [markedBefore(before)])];
  return { file, group: shellName(group), seesCluster: cluster !== undefined || hasOwn, notes };
}

/** Whether the file has the whole cluster, and in it one group for pods. */
function isOnlyGroup(file: YamlFile): boolean {
  const objects = objectsOf(file);
  const groups = objects.filter(({ kind }) => kind === "InstanceGroup");
  const nodes = groups.filter(({ at }) => isNodeRole(file.textAt([...at, "spec", "role"])));
  return nodes.length === 1 && groups.length > 1 && objects.some(({ kind }) => kind === "Cluster");
}

const onlyGroup =
  "**It is the only group of role Node in the file.** With the taint nothing but this workload runs there, and CoreDNS and all else stays Pending. Where the cluster has no other group, make one first: a copy of this group under another name, given with `--group`.";

/** Only a group of role Node: the others serve the cluster itself, and must take its pods. */
function nodeGroup(file: YamlFile, from: FromFile): FileObject {
  const groups = objectsOf(file).filter(({ kind }) => kind === "InstanceGroup");
  const roleOf = ({ at }: FileObject) => file.textAt([...at, "spec", "role"]);
  const nodes = groups.filter((group) => isNodeRole(roleOf(group)));
  const found = onlyOne(nodes, from, { option: "--group", name: from.group });
  if (found !== null) return found;
  const others = groups.map((group) => `${titleOf(group)} (${roleOf(group)})`).join(", ");
  throw new InputError(
    `${from.name} holds no InstanceGroup of role Node${others === "" ? "" : `; it holds ${others}`}`,
    {
      hint: "give the group whose nodes the workload runs on",
    },
  );
}

function isNodeRole(role: string | null): boolean {
  return /^node$/i.test(role ?? "Node");
}

/** Label and taint, and the nodes' own settings in kops' form. Returns another delivery's taint, which gives way. */
function addOwn(file: YamlFile, at: YamlPath, selection: Selection): string | null {
  file.set([...at, "spec", "nodeLabels", poolKey], selection.name);
  const before = putTaint(file, [...at, "spec", "taints"], taintText(selection.name));
  for (const { key, value } of nodesSettings(selection))
    putParameter(file, [...at, ...parametersPath], key, `${key}=${value}`);
  return before;
}

/** Of two taints with one key and effect the kubelet takes neither, and does not start. */
function putTaint(file: YamlFile, path: YamlPath, taint: string): string | null {
  const taints = file.listAt(path);
  const at = taints.findIndex((one) => typeof one === "string" && one.startsWith(`${poolKey}=`));
  const before = at < 0 ? null : String(taints[at]);
  if (at < 0) file.append(path, [taint]);
  else file.set([...path, at], taint);
  return before === taint ? null : before;
}

function putParameter(file: YamlFile, path: YamlPath, key: string, parameter: string): void {
  const isIt = (there: Plain) => typeof there === "string" && there.split("=")[0]?.trim().replaceAll("/", ".") === key;
  const at = file.listAt(path).findLastIndex(isIt);
  if (at < 0) file.append(path, [parameter]);
  else file.set([...path, at], parameter);
}

/** A name as it may stand in a command. */
function shellName({ name }: FileObject): string {
  return name !== null && /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(name) ? name : "YOUR_GROUP";
}
