import { type Capability, capability, lacking } from "../../../core/capability.ts";
import type { ClusterFacts, KubeletConfig, NodeFacts } from "./facts.ts";

/** What the nodes can do for a run. Pure. */
export function nodeCapabilities({ nodes, version }: ClusterFacts): Capability[] {
  if (nodes === null) {
    const remedy = "kubectl apply -f clusters/rbac.yaml, as an administrator";
    return [lacking("nodes", { detail: "this account may not list them", remedy })];
  }
  const usable = usableNodes(nodes);
  if (usable.length === 0) return [noNodes(nodes)];
  return [present(nodes, usable), ...skew(usable, version.minor), sidecars(usable), ...kubelets(usable)];
}

/** Nodes that a run's pods can get to. */
export function usableNodes(nodes: NodeFacts[]): NodeFacts[] {
  return nodes.filter(({ ready, unusable }) => ready && unusable === null);
}

function noNodes(nodes: NodeFacts[]): Capability {
  const reasons = counted(nodes.map(({ ready, unusable }) => unusable ?? (ready ? "" : "not ready")));
  return lacking("nodes", {
    detail: nodes.length === 0 ? "the cluster has none" : `none of ${nodes.length} takes a run's pods: ${reasons}`,
    remedy: "nodeSelector and tolerations of the cluster file say which nodes a run may use",
  });
}

function present(nodes: NodeFacts[], usable: NodeFacts[]): Capability {
  const kinds = counted(
    usable.map(({ instanceType, kernel, kubelet, runtime }) =>
      [...(instanceType === null ? [] : [instanceType]), `kernel ${kernel}`, `kubelet ${kubelet}`, runtime].join(", "),
    ),
  );
  const of = nodes.length === usable.length ? "" : ` of ${nodes.length}`;
  return capability("nodes", { detail: `${usable.length}${of} can take a run's pods: ${kinds}` });
}

/** A kubelet may be as new as the API server, and three minors older (kubernetes.io: Version Skew Policy). */
function skew(usable: NodeFacts[], server: number): Capability[] {
  const wrong = usable.filter(({ kubelet }) => {
    const behind = server - minorOf(kubelet);
    return behind < 0 || behind > 3;
  });
  if (wrong.length === 0) return [];
  const versions = counted(wrong.map(({ kubelet }) => kubelet));
  const detail = `kubelets that don't go with an API server of 1.${server}: ${versions}`;
  return [lacking("skew", { detail, remedy: "bring the nodes within three minors below the API server" }, false)];
}

/** Minor from which on a container can run beside the others and end with them (restartPolicy Always of an init container). */
const sidecarsSince = 29;

function sidecars(usable: NodeFacts[]): Capability {
  const old = usable.filter(({ kubelet }) => minorOf(kubelet) < sidecarsSince);
  if (old.length === 0) return capability("sidecars", { detail: "every kubelet runs them (1.29 or newer)" });
  return lacking("sidecars", {
    detail: `the samplers need a kubelet of 1.${sidecarsSince} or newer: ${counted(old.map(({ kubelet }) => kubelet))}`,
    remedy: "choose newer nodes with nodeSelector in the cluster file",
  });
}

/** NaN for what is no version: no comparison holds for it. */
function minorOf(kubelet: string): number {
  return Number(/^v?1\.(\d+)/.exec(kubelet)?.[1]);
}

function kubelets(usable: NodeFacts[]): Capability[] {
  const told = usable.flatMap(({ config }) => (config === null ? [] : [config]));
  const asked = usable.filter(({ configWords }) => configWords !== "not asked");
  if (told.length > 0) {
    const of = usable.length === told.length ? "" : `${told.length} of ${usable.length} nodes: `;
    return [capability("kubelets", { detail: `${of}${counted(told.map(configWords))}`, required: false })];
  }
  const words = asked[0]?.configWords ?? "not asked";
  const remedy =
    "let an administrator run doctor once: get on nodes/proxy, which it needs, is more than a run should have";
  return [lacking("kubelets", { detail: `their configuration can't be read: ${words}`, remedy }, false)];
}

function configWords(config: KubeletConfig): string {
  const { allowedUnsafeSysctls: allowed, protectKernelDefaults: protects, containerLogMaxSize, podPidsLimit } = config;
  const defaults = Object.entries(config.defaultPodSysctls).map(([key, value]) => `${key}=${value}`);
  return [
    `unsafe sysctls allowed: ${allowed.join(", ") || "none"}`,
    `protectKernelDefaults ${protects ? "on" : "off"}`,
    ...(defaults.length === 0 ? [] : [`every pod gets ${defaults.join(", ")} (defaultPodSysctls)`]),
    ...(containerLogMaxSize === null ? [] : [`logs rotate at ${containerLogMaxSize}`]),
    ...(podPidsLimit === null || podPidsLimit < 0 ? [] : [`${podPidsLimit} processes per pod`]),
  ].join("; ");
}

/** "3 x this; 1 x that", the commonest first; "this" alone where all are alike and there is one. */
function counted(texts: string[]): string {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  const rows = [...counts].sort(([, a], [, b]) => b - a);
  return rows.map(([text, count]) => (texts.length === 1 ? text : `${count} x ${text}`)).join("; ");
}
