import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
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

/** Another file's tests may be on the cluster at the same time: it stays up, and a namespace that was ours goes by itself. */
export async function openApiWorld(): Promise<ApiWorld> {
  const folder = await mkdtemp(join(tmpdir(), "tunebench-test-"));
  const own = await testCluster({ folder });
  await own.kubectl(["create", "namespace", own.namespace]);
  const cluster = await loadCluster(own.file, { from: [] });
  const api = await connect(cluster);
  const kubectl = (args: string[], input?: string) => own.kubectl(["--namespace", own.namespace, ...args], input);
  const close = async () => {
    // To delete a namespace costs the cluster more than all that is in it: one that is taken down soon is spared that.
    const gone = own.isOneNode && process.env[mayTakeDown] === "1" ? ["pods", "--all"] : ["namespace", own.namespace];
    await kubectl(["delete", ...gone, "--ignore-not-found", "--wait=false"]);
    await rm(folder, { recursive: true, force: true });
  };
  return { own, cluster, api, folder, kubectl, close };
}

/** As openApiWorld, for one test: it goes with it. */
export async function worldFor(t: ExecutionContext): Promise<ApiWorld> {
  const world = await openApiWorld();
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
