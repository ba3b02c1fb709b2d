import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { V1Pod, V1PodSpec } from "@kubernetes/client-node";
import type { ExecutionContext } from "ava";
import type { Cluster } from "../../harness/suite/cluster.ts";
import { loadCluster } from "../../harness/suite/cluster-file/load-cluster.ts";
import type { ClusterApi } from "../../harness/testbeds/kubernetes/api/cluster-api.ts";
import { connect } from "../../harness/testbeds/kubernetes/api/connect.ts";
import { mayTakeDown } from "./one-node.ts";
import { type TestCluster, testCluster } from "./test-cluster.ts";

/** A namespace of a real cluster, and the API as the harness speaks to it. */
export interface ApiWorld {
  own: TestCluster;
  cluster: Cluster;
  api: ClusterApi;
  folder: string;
  /** kubectl in the namespace. */
  kubectl(args: string[], input?: string): Promise<string>;
  close(): Promise<void>;
}

/**
 * Another file's tests may be on the cluster at the same time: it stays up, and a namespace that was ours goes by itself. `changes` are of the
 * cluster file.
 */
export async function openApiWorld(changes: Record<string, unknown> = {}): Promise<ApiWorld> {
  const folder = await mkdtemp(join(tmpdir(), "tunebench-test-"));
  const own = await testCluster({ folder, changes });
  const cluster = await loadCluster(own.file, { from: [] });
  const api = await connect(cluster);
  await api.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: own.namespace } });
  // A controller makes the account that each pod of it needs, in a moment.
  while ((await api.get("ServiceAccount", "default")) === null) await wait(50);
  const kubectl = (args: string[], input?: string) => own.kubectl(["--namespace", own.namespace, ...args], input);
  const close = async () => {
    // To delete a namespace costs the cluster more than all that is in it: one that is taken down soon is spared that.
    if (own.isOneNode && process.env[mayTakeDown] === "1") {
      const pods = await api.list("Pod");
      await Promise.all(pods.map(({ metadata }) => api.remove("Pod", metadata?.name ?? "")));
    } else await api.remove("Namespace", own.namespace);
    await rm(folder, { recursive: true, force: true });
  };
  return { own, cluster, api, folder, kubectl, close };
}

/** Of a cluster file: runs whose story needs nobody on the node make one pod less a trial. */
export const withoutNodeObserver = { observeNode: false };

/** As openApiWorld, for one test: it goes with it. */
export async function worldFor(t: ExecutionContext, changes: Record<string, unknown> = {}): Promise<ApiWorld> {
  const world = await openApiWorld(changes);
  t.teardown(world.close);
  return world;
}

/** A pod of one container `main` in the cluster's Node image, which sleeps unless told otherwise. */
export function podOf(
  { cluster, own }: Pick<ApiWorld, "cluster" | "own">,
  name: string,
  changes: { spec?: Partial<V1PodSpec>; container?: Partial<V1PodSpec["containers"][number]> } = {},
): V1Pod {
  const main = { name: "main", image: cluster.images.node, imagePullPolicy: cluster.imagePullPolicy };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: own.namespace },
    spec: {
      restartPolicy: "Never",
      terminationGracePeriodSeconds: 1,
      dnsPolicy: "Default",
      containers: [{ ...main, command: ["sleep", "600"], ...changes.container }],
      ...changes.spec,
    },
  };
}

/** A container's command that is a line of shell. */
export function shell(line: string): string[] {
  return ["sh", "-c", line];
}
