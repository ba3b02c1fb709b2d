import { dottedKey, normalValue } from "../../../knowledge/keys.ts";
import type { Cluster, Toleration } from "../../../suite/cluster.ts";
import type { ClusterApi } from "../api/cluster-api.ts";
import type { Kinds } from "../api/kinds.ts";
import { recordedNode } from "../api/nodes.ts";
import { ApiRefusal } from "../api/refusal.ts";
import { unlessRefused } from "./access.ts";
import type { KubeletConfig, NodeFacts } from "./facts.ts";

/** So many kubelets are asked for their configuration: nodes of a pool are alike, and a cluster may have thousands. */
const kubeletsAsked = 10;

/** All nodes, and of the first ones that a run may use the kubelet's configuration; null where the account may not list nodes. */
export async function nodeFacts(api: ClusterApi, cluster: Cluster): Promise<NodeFacts[] | null> {
  const nodes = await unlessRefused(api.list("Node"));
  if (nodes instanceof ApiRefusal) return null;
  const facts = nodes.map((node) => factsOf(node, cluster));
  const asked = facts.filter(({ ready, unusable }) => ready && unusable === null).slice(0, kubeletsAsked);
  return await Promise.all(facts.map(async (node) => (asked.includes(node) ? await withConfig(api, node) : node)));
}

function factsOf(node: Kinds["Node"], cluster: Cluster): NodeFacts {
  const { name, kernel, kubelet, containerRuntime: runtime, instanceType } = recordedNode(node);
  return {
    name,
    kernel,
    kubelet,
    runtime,
    instanceType,
    ready: node.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false,
    unusable: unusableBecause(node, cluster),
    config: null,
    configWords: "not asked",
  };
}

/** Why none of a run's pods gets to a node, by its labels, its taints and `kubectl cordon`; null = they do. Pure. */
export function unusableBecause(
  node: Pick<Kinds["Node"], "metadata" | "spec">,
  { nodeSelector, tolerations }: Pick<Cluster, "nodeSelector" | "tolerations">,
): string | null {
  const labels = node.metadata?.labels ?? {};
  if (Object.entries(nodeSelector).some(([key, value]) => labels[key] !== value)) return "not of the node selector";
  if (node.spec?.unschedulable === true) return "cordoned";
  const taint = node.spec?.taints?.find(
    (each) => each.effect !== "PreferNoSchedule" && !tolerations.some((toleration) => tolerates(toleration, each)),
  );
  if (taint === undefined) return null;
  return `taint ${taint.key}${taint.value === undefined ? "" : `=${taint.value}`}:${taint.effect}`;
}

/** As the scheduler compares them (kubernetes.io: Taints and Tolerations): no key with Exists is all of them, no effect any. */
function tolerates(toleration: Toleration, taint: { key: string; value?: string; effect: string }): boolean {
  if (toleration.effect !== undefined && toleration.effect !== taint.effect) return false;
  if (toleration.key === undefined) return toleration.operator === "Exists";
  if (toleration.key !== taint.key) return false;
  return toleration.operator === "Exists" || (toleration.value ?? "") === (taint.value ?? "");
}

async function withConfig(api: ClusterApi, node: NodeFacts): Promise<NodeFacts> {
  const answer = await unlessRefused(api.read(`/api/v1/nodes/${encodeURIComponent(node.name)}/proxy/configz`));
  if (answer instanceof ApiRefusal) return { ...node, configWords: answer.words };
  return { ...node, config: kubeletConfigOf(answer), configWords: null };
}

/** configz leaves out what has its zero value. */
function kubeletConfigOf(answer: unknown): KubeletConfig {
  const { kubeletconfig: found } = answer as { kubeletconfig: Partial<KubeletConfig> };
  return {
    allowedUnsafeSysctls: found.allowedUnsafeSysctls ?? [],
    defaultPodSysctls: Object.fromEntries(
      Object.entries(found.defaultPodSysctls ?? {}).map(([key, value]) => [dottedKey(key), normalValue(value)]),
    ),
    protectKernelDefaults: found.protectKernelDefaults ?? false,
    containerLogMaxSize: found.containerLogMaxSize ?? null,
    podPidsLimit: found.podPidsLimit ?? null,
  };
}
