import { readFileSync } from "node:fs";
import { kubeconfigFile } from "./configuration.ts";
import { type DaemonName, daemonNames, daemonPid } from "./daemons.ts";
import { clusterProcesses, leftovers } from "./down.ts";
import { kubectlOf, readiness } from "./kubectl.ts";
import { kubeletParameters } from "./kubelet.ts";
import { findNode } from "./node-namespaces.ts";
import { apiUrl, type KubeletParameters, places } from "./places.ts";
import { readTuningSysctls, type TuningSysctls } from "./pod-network.ts";
import { readState } from "./state.ts";

/** The cluster as it is now. */
export type ClusterStatus = { running: false; left: string[] } | RunningCluster;

export interface RunningCluster {
  running: true;
  /** Of PID 1 of the node's namespaces, as this machine numbers it: what nsenter takes to look inside. */
  pid: number;
  /** False where `up` did not come to its end. */
  whole: boolean;
  kubernetes: string;
  apiUrl: string;
  kubeconfig: string;
  kubectl: string;
  images: Record<string, string>;
  /** Programs that should run and do not. */
  missing: DaemonName[];
  /** The node's Ready condition; null without an answer. */
  node: { ready: boolean; message: string } | null;
  /** As the kubelet itself says; null without an answer. */
  kubelet: KubeletParameters | null;
  /** What new pods get from the CNI plugin `tuning`; null where `up` did not come so far. */
  tuning: TuningSysctls | null;
  processes: number;
  /** Of all its processes, pods' included, what they share divided among them (Pss). */
  memoryBytes: number;
}

/** Looks, and changes nothing. */
export async function clusterStatus(): Promise<ClusterStatus> {
  const pid = findNode();
  const state = readState();
  if (pid === null || state === null) return { running: false, left: leftovers() };
  const kubectl = kubectlOf(state.programs);
  const [node, kubelet] = await Promise.all([readiness(kubectl, places.name), kubeletParameters(kubectl)]);
  const pids = clusterProcesses();
  return {
    running: true,
    pid,
    whole: state.whole,
    kubernetes: state.kubernetes,
    apiUrl,
    kubeconfig: kubeconfigFile,
    kubectl: kubectl.path,
    images: state.images,
    missing: daemonNames.filter((name) => daemonPid(pid, name) === null),
    node,
    kubelet,
    tuning: state.whole ? readTuningSysctls() : null,
    processes: pids.length,
    memoryBytes: pids.map(memoryOf).reduce((sum, bytes) => sum + bytes, 0),
  };
}

function memoryOf(pid: number): number {
  try {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
    return Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
