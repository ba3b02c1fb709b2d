import { addToAllowlist } from "../allowlist.ts";
import { code, command } from "../code-spans.ts";
import { yamlOf } from "../new-document.ts";
import type { DeliveryFile, FromFile, NodePlan, Platform } from "../platform.ts";
import { labelText, nodesCheck, poolKey, taintText, taintWords } from "../pool.ts";
import { nodesSettings, type Selection, unsafeKeys } from "../selection.ts";
import { kebabTrap, nodeTrap } from "../traps.ts";
import { requireSome } from "../workload.ts";
import { YamlFile } from "../yaml/file.ts";
import { locationIn } from "./allowlist-file.ts";
import { constraints, constraintsName, copyOf } from "./openshift-constraints.ts";

const configName = "2-kubeletconfig.yaml";
const tunedName = "5-tuned.yaml";
const listPath = ["spec", "kubeletConfig", "allowedUnsafeSysctls"];

/** OpenShift: a pool of machines with a KubeletConfig, and a security context constraint that lets pods ask. */
export const openshift: Platform = {
  title: "OpenShift",
  reaches: "pods",
  from: {
    what: "the KubeletConfig of your worker pool and the SecurityContextConstraints that your pods have: both are copied under names of their own",
    isYaml: () => true,
  },
  owns: ({ apiVersion, kind }) =>
    /^(machineconfiguration|security|tuned)\.openshift\.io\//.test(apiVersion) || fromKinds.includes(kind),
  plan(selection, from) {
    const unsafe = unsafeKeys(selection).length > 0;
    if (from !== null) requireSome(new YamlFile(from.name, from.text), from, fromKinds);
    const files = [
      ...(unsafe
        ? [poolFile(selection), kubeletConfig(selection, from), constraints(selection, from), grant(selection)]
        : []),
      ...(nodesSettings(selection).length === 0 ? [] : [tuned(selection)]),
    ];
    const places = [locationIn(configName, listPath), locationIn(constraintsName, ["allowedUnsafeSysctls"])];
    return {
      files,
      allowlistIn: places,
      nodeSettingsIn: [locationIn(tunedName, ["spec", "profile"])],
      ...words(selection, unsafe, from === null ? "restricted-v2" : "a copy"),
    };
  },
};

const fromKinds = ["KubeletConfig", "SecurityContextConstraints"];

/** A pool of its own for each name: nodes leave the pool worker for it by a label. */
function poolFile({ name }: Selection): DeliveryFile {
  const roles = { key: "machineconfiguration.openshift.io/role", operator: "In", values: ["worker", name] };
  const pool = {
    apiVersion: "machineconfiguration.openshift.io/v1",
    kind: "MachineConfigPool",
    metadata: { name, labels: { [poolKey]: name } },
    spec: {
      machineConfigSelector: { matchExpressions: [roles] },
      nodeSelector: { matchLabels: { [`node-role.kubernetes.io/${name}`]: "" } },
      maxUnavailable: 1,
    },
  };
  return { name: "1-machineconfigpool.yaml", text: yamlOf(pool) };
}

function kubeletConfig(selection: Selection, from: FromFile | null): DeliveryFile {
  const copy = from === null ? null : copyOf(from, "KubeletConfig", selection);
  if (copy !== null) {
    const { file, at } = copy;
    addToAllowlist(file, [...at, ...listPath], unsafeKeys(selection));
    file.set([...at, "spec", "machineConfigPoolSelector"], { matchLabels: { [poolKey]: selection.name } });
    return { name: configName, text: file.text };
  }
  const { name } = selection;
  const config = {
    apiVersion: "machineconfiguration.openshift.io/v1",
    kind: "KubeletConfig",
    metadata: { name },
    spec: {
      machineConfigPoolSelector: { matchLabels: { [poolKey]: name } },
      kubeletConfig: { allowedUnsafeSysctls: unsafeKeys(selection) },
    },
  };
  return { name: configName, text: yamlOf(config) };
}

/** Lets whoever is bound to it use the constraint; the binding names the user's own service account. */
function grant({ name }: Selection): DeliveryFile {
  const rule = {
    apiGroups: ["security.openshift.io"],
    resources: ["securitycontextconstraints"],
    resourceNames: [name],
    verbs: ["use"],
  };
  const role = { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata: { name }, rules: [rule] };
  return { name: "4-clusterrole.yaml", text: yamlOf(role) };
}

/** Node Tuning Operator: the node's own settings, on the labelled nodes. */
function tuned(selection: Selection): DeliveryFile {
  const { name } = selection;
  const settings = nodesSettings(selection).map(({ key, value }) => `${key}=${value}\n`);
  const data = `[main]\nsummary=Settings of ${name}\ninclude=openshift-node\n\n[sysctl]\n${settings.join("")}`;
  const object = {
    apiVersion: "tuned.openshift.io/v1",
    kind: "Tuned",
    metadata: { name, namespace: "openshift-cluster-node-tuning-operator" },
    spec: {
      profile: [{ name, data }],
      recommend: [{ match: [{ label: poolKey, value: name }], priority: 20, profile: name }],
    },
  };
  return { name: tunedName, text: yamlOf(object) };
}

/** Which configuration each node runs, and whether it is done with it. */
const renderedConfigs =
  "oc get nodes --output custom-columns='NODE:.metadata.name,CONFIG:.metadata.annotations.machineconfiguration\\.openshift\\.io/currentConfig,STATE:.metadata.annotations.machineconfiguration\\.openshift\\.io/state'";

function words(
  selection: Selection,
  unsafe: boolean,
  from: string,
): Omit<NodePlan, "files" | "allowlistIn" | "nodeSettingsIn"> {
  const { name } = selection;
  const bind = `kubectl create rolebinding ${name} --clusterrole ${name} --serviceaccount YOUR_NAMESPACE:YOUR_ACCOUNT --namespace YOUR_NAMESPACE`;
  const forPods = [
    `A pool of machines. It takes what the pool worker has, and what is its own.\n${command("oc apply --filename 1-machineconfigpool.yaml")}`,
    `Its KubeletConfig. It takes the place of one that the pool worker has, as a whole: give that with \`--from\`, and its fields are kept. Older versions of OpenShift lay a pool's machine configurations over one another by name alone: there the one of the pool worker wins over this, and Verify shows a list without the keys. It lets pods set ${unsafeKeys(selection).map(code).join(", ")}.\n${command("oc apply --filename 2-kubeletconfig.yaml")}`,
    `The nodes that move into it, one at a time: label, role, taint.\n${command(`oc label node YOUR_NODE ${labelText(name)} node-role.kubernetes.io/${name}=`, `oc adm taint node YOUR_NODE ${taintText(name)}`, `${renderedConfigs}   # rendered-${name}-... and Done, before the next one`)}`,
    `The constraint that lets pods ask for the keys, for the workload's service account only.\n${command("oc apply --filename 3-securitycontextconstraints.yaml --filename 4-clusterrole.yaml", bind)}`,
  ];
  const node = `The nodes' own settings, by the Node Tuning Operator.\n${command("oc apply --filename 5-tuned.yaml")}`;
  const label = `The nodes: a label.\n${command(`oc label node YOUR_NODE ${labelText(name)}`)}`;
  const hasNode = nodesSettings(selection).length > 0;
  return {
    first:
      "Move one node into the pool and run one pod of the workload there; the others follow when that one has served a peak well.",
    steps: unsafe ? [...forPods, ...(hasNode ? [node] : [])] : [label, node],
    nodes: unsafe
      ? `Each node that gets the role is drained and rebooted once by the Machine Config Operator, one at a time (\`maxUnavailable: 1\`). No other node is touched; a KubeletConfig for the pool worker would reboot all of them. ${taintWords}`
      : "No node is rebooted: tuned sets the values on the labelled nodes at once.",
    verify: [
      ...(unsafe
        ? [`The pool: UPDATED is True, DEGRADED is False.\n${command(`oc get machineconfigpool ${name}`)}`]
        : []),
      nodesCheck(name),
    ],
    undo: [
      ...(unsafe
        ? [
            `The nodes go back to the pool worker, rebooted once more.\n${command(`oc label node YOUR_NODE node-role.kubernetes.io/${name}- ${poolKey}-`, `oc adm taint node YOUR_NODE ${taintText(name)}-`, renderedConfigs)}`,
            `Only when each of them shows \`rendered-worker-...\` and \`Done\` there, the objects: a node whose pool is gone before can't find the configuration that it runs, and stays degraded.\n${command(`oc delete kubeletconfig ${name}`, `oc delete machineconfigpool ${name}`, `oc delete rolebinding ${name} --namespace YOUR_NAMESPACE`, `oc delete clusterrole ${name}`, `oc delete scc ${name}`)}`,
          ]
        : []),
      ...(hasNode
        ? [
            `The nodes' own settings.\n${command(`oc delete tuned ${name} --namespace openshift-cluster-node-tuning-operator`, ...(unsafe ? [] : [`oc label node YOUR_NODE ${poolKey}-`]))}`,
          ]
        : []),
    ],
    security: unsafe
      ? [
          `The constraint ${code(name)} is ${from} with the keys added. Only service accounts with the role binding may use it; nothing else about their pods is freer.`,
        ]
      : [],
    traps: [nodeTrap("Tuned profile"), kebabTrap],
  };
}
