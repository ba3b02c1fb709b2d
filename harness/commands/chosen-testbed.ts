import { engines } from "../engines/engines.ts";
import type { Cluster } from "../suite/cluster.ts";
import type { Load } from "../suite/suite.ts";
import { createNetnsTestbed } from "../testbeds/netns/netns.ts";
import type { Testbed } from "../testbeds/testbed.ts";

export interface TestbedOptions {
  /** What makes the load. */
  engine: Load["engine"];
  /** --k6: the program for this machine; null where it was not given. */
  k6: string | null;
  /** Whether the route node may change nodes that are labelled for it. */
  allowNodeChanges: boolean;
  /** Takes what is worth knowing before a run begins. */
  log: (line: string) => void;
}

/** What runs experiments in a cluster; null = in namespaces of this machine. Throws CapabilityError where that can't be. */
export async function testbedOf(cluster: Cluster | null, options: TestbedOptions): Promise<Testbed> {
  const engine = engines[options.engine];
  if (cluster === null) return createNetnsTestbed({ engine, program: options.k6, log: options.log });
  // The client is large, and most runs are at home.
  const { createKubernetesTestbed } = await import("../testbeds/kubernetes/kubernetes.ts");
  return createKubernetesTestbed(cluster, { ...options, engine });
}
