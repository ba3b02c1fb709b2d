import { randomBytes } from "node:crypto";
import type { V1Pod } from "@kubernetes/client-node";
import { kernelPortRange, type PortRange, parsePortRange, portRangeKey } from "../../../core/ports.ts";
import type { Scope } from "../../../core/scope.ts";
import type { LookSettings } from "../../../pods/messages.ts";
import type { Cluster } from "../../../suite/cluster.ts";
import { untilRunning } from "../api/await-pod.ts";
import type { ClusterApi } from "../api/cluster-api.ts";
import { connect } from "../api/connect.ts";
import { createPod } from "../api/create-pod.ts";
import type { Pod } from "../api/kinds.ts";
import { ensureNamespace } from "../api/run-namespace.ts";
import { labelsOf } from "../names.ts";
import { ownPodSpec, restricted, restrictedPod } from "../objects/containers.ts";
import { onNode } from "../objects/placement.ts";
import { undisturbed } from "../objects/relay.ts";
import { lookProgram } from "./look-container.ts";

/** Of the pod on the node. */
export const nodeLookContainer = "look";

/** For its start, and for what comes after the last sample that is wanted. */
const marginSeconds = 90;

/** Where pods on nodes are made: the cluster file's namespace. All of one look bear the same name in their labels. */
export interface NodeLooks {
  api: ClusterApi;
  runName: string;
}

/** Sees to it that the namespace is there. Rejects as ensureNamespace does. */
export async function openNodeLooks(cluster: Cluster, scope: Scope): Promise<NodeLooks> {
  const api = await connect(cluster);
  const runName = `tunebench-look-${randomBytes(4).toString("hex")}`;
  await ensureNamespace(api, cluster, runName, scope);
  return { api, runName };
}

export interface NodeLookRequest extends NodeLooks {
  cluster: Cluster;
  /** Whose node, and which of its containers. */
  pod: Pod;
  container: string;
  text: string;
  seconds: number;
  scope: Scope;
}

/**
 * Makes the pod on the node that looks at another pod there, and waits until it runs; it goes with the scope. Gives its name. Rejects with
 * PodFailure where the cluster does not let it in, ApiRefusal where the account may not make it.
 */
export async function placeNodeLook(request: NodeLookRequest): Promise<string> {
  const { api, cluster, scope } = request;
  const name = `${request.runName}-${randomBytes(2).toString("hex")}`;
  const patience = { timeouts: cluster.timeouts, ownMs: cluster.timeouts.startMs, signal: scope.signal };
  await scope.acquire(
    `pod ${name}`,
    async () => {
      await createPod(api, nodeLookPod(request, name));
      return await untilRunning(api, name, patience);
    },
    () => api.remove("Pod", name),
  );
  return name;
}

/**
 * The node's process namespace and network, its cgroups, and the host's /proc at /host/proc, where runtimes mask interrupts in a container's own;
 * all read-only. No privilege and no capability: to read a pod's settings it would have to enter the pod's network namespace (CAP_SYS_ADMIN).
 */
function nodeLookPod({ api, runName, cluster, pod, container, text, seconds }: NodeLookRequest, name: string): V1Pod {
  const settings: LookSettings = {
    seconds: Math.ceil(seconds) + marginSeconds,
    keys: [],
    containerId: containerId(pod, container),
    sharesProcesses: false,
    portRange: specRange(pod),
  };
  const program = lookProgram({ cluster, text, settings });
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace: api.namespace,
      labels: labelsOf({ runName, component: "observer" }),
      annotations: undisturbed,
    },
    spec: {
      ...ownPodSpec(settings.seconds + marginSeconds),
      hostNetwork: true,
      hostPID: true,
      affinity: onNode(undefined, pod.spec?.nodeName ?? ""),
      tolerations: [...cluster.tolerations, ...everyTaint],
      securityContext: restrictedPod(),
      containers: [
        {
          name: nodeLookContainer,
          ...program,
          env: [...(program.env ?? []), { name: "TUNEBENCH_PROC", value: "/host/proc" }],
          securityContext: restricted(),
          resources: { requests: { cpu: "20m", memory: "64Mi" }, limits: { memory: "192Mi" } },
          volumeMounts: [
            { name: "host-proc", mountPath: "/host/proc", readOnly: true },
            { name: "host-cgroups", mountPath: "/sys/fs/cgroup", readOnly: true },
          ],
        },
      ],
      volumes: [
        { name: "host-proc", hostPath: { path: "/proc", type: "Directory" } },
        { name: "host-cgroups", hostPath: { path: "/sys/fs/cgroup", type: "Directory" } },
      ],
    },
  };
}

/** The pod that is looked at is on that node already. */
const everyTaint = [{ operator: "Exists" }];

/** "containerd://4f1c…" -> 4f1c…, by which the container's cgroups are named. */
function containerId(pod: Pod, container: string): string {
  const status = pod.status?.containerStatuses?.find(({ name }) => name === container);
  return status?.containerID?.split("://")[1] ?? "";
}

/** What the pod's own spec asks for, else what a new namespace begins with. */
function specRange(pod: Pod): PortRange {
  const asked = pod.spec?.securityContext?.sysctls?.find(({ name }) => name === portRangeKey)?.value;
  return parsePortRange(asked ?? "") ?? kernelPortRange;
}
