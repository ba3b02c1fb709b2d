import type { ClusterApi } from "./cluster-api.ts";
import type { Kinds } from "./kinds.ts";
import { parseQuantity } from "./quantity.ts";

/** What a record says of a node. */
export interface RecordedNode {
  name: string;
  /** By its usual label; null where it has none. */
  instanceType: string | null;
  kernel: string;
  osImage: string;
  containerRuntime: string;
  kubelet: string;
  /** Whole CPUs of the machine. */
  cpus: number;
  labels: Record<string, string>;
}

/** Throws ApiRefusal of code 404 where there is no such node. */
export async function readNode(api: ClusterApi, name: string): Promise<RecordedNode> {
  return recordedNode((await api.read(`/api/v1/nodes/${encodeURIComponent(name)}`)) as Kinds["Node"]);
}

/** Nodes that are ready, take new pods, and carry all labels of the selector; taints are the scheduler's matter. */
export async function schedulableNodes(api: ClusterApi, selector: Record<string, string>): Promise<RecordedNode[]> {
  const labels = Object.entries(selector).map(([key, value]) => `${key}=${value}`);
  const nodes = await api.list("Node", labels.length === 0 ? {} : { labels: labels.join(",") });
  return nodes.filter(isSchedulable).map(recordedNode);
}

function isSchedulable(node: Kinds["Node"]): boolean {
  const ready = node.status?.conditions?.find(({ type }) => type === "Ready");
  return node.spec?.unschedulable !== true && ready?.status === "True";
}

/** The facts of a node as the API has it. */
export function recordedNode(node: Kinds["Node"]): RecordedNode {
  const { nodeInfo, capacity } = node.status ?? {};
  const labels = { ...node.metadata?.labels };
  return {
    name: node.metadata?.name ?? "",
    instanceType: labels["node.kubernetes.io/instance-type"] ?? null,
    kernel: nodeInfo?.kernelVersion ?? "",
    osImage: nodeInfo?.osImage ?? "",
    containerRuntime: nodeInfo?.containerRuntimeVersion ?? "",
    kubelet: nodeInfo?.kubeletVersion ?? "",
    cpus: Math.floor(parseQuantity(capacity?.cpu) ?? 0),
    labels,
  };
}
