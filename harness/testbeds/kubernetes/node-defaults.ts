import { escaped } from "../../core/text.ts";
import type { Cluster } from "../../suite/cluster.ts";
import type { Sysctls } from "../../suite/suite.ts";
import type { ClusterApi } from "./api/cluster-api.ts";
import { nodeFacts } from "./doctor/nodes.ts";

/** What kubelets give every pod of their node (defaultPodSysctls), by the node's name; a node that was not asked, or did not answer, is left out. */
export type NodeDefaults = Record<string, Sysctls>;

/** Asks the kubelets that a run may use, where the account may (`get` on nodes/proxy). */
export async function readNodeDefaults(api: ClusterApi, cluster: Cluster): Promise<NodeDefaults> {
  const nodes = (await nodeFacts(api, cluster)) ?? [];
  return Object.fromEntries(
    nodes.flatMap(({ name, config }) => (config === null ? [] : [[name, config.defaultPodSysctls]])),
  );
}

/** A sentence for each set of such settings, with the nodes that have it. Pure. */
export function nodeDefaultsWarnings(defaults: NodeDefaults): string[] {
  const sets = Map.groupBy(Object.entries(defaults), ([, sysctls]) =>
    Object.entries(sysctls)
      .map(([key, value]) => `${key}=${value}`)
      .sort()
      .join(", "),
  );
  return [...sets].flatMap(([text, nodes]) => {
    if (text === "") return [];
    const names = nodes.map(([name]) => escaped(name)).join(", ");
    return [
      `the kubelet of ${names} gives every pod ${escaped(text)} (defaultPodSysctls): the baseline is tuned already, and every profile has it that does not say otherwise; each trial's record has the values`,
    ];
  });
}
