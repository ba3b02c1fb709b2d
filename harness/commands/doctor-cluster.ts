import { lacking } from "../core/capability.ts";
import { ExpectedError } from "../core/errors.ts";
import { kubeletDemands, usualKeys } from "../knowledge/settings.ts";
import type { Cluster } from "../suite/cluster.ts";
import { clusterFolders, loadCluster } from "../suite/cluster-file/load-cluster.ts";
import type { ClusterApi } from "../testbeds/kubernetes/api/cluster-api.ts";
import { connect } from "../testbeds/kubernetes/api/connect.ts";
import { clusterCapabilities } from "../testbeds/kubernetes/doctor/capabilities.ts";
import { gatherFacts } from "../testbeds/kubernetes/doctor/gather-facts.ts";
import { keyRows } from "../testbeds/kubernetes/doctor/key-rows.ts";
import { probeNode } from "../testbeds/kubernetes/doctor/probe.ts";
import { keyProbeRows, protectedRows } from "../testbeds/kubernetes/doctor/probe-rows.ts";
import type { ClusterReport, DoctorOptions } from "./doctor-text.ts";

/**
 * What a cluster of Kubernetes can do for a run and what it lacks, from its API; which keys its pods may have; with --probe what one
 * pod reads.
 */
export async function clusterReport(options: DoctorOptions): Promise<ClusterReport> {
  const keys = options.keys ?? usualKeys;
  const cluster = await loadCluster(options.cluster, { from: clusterFolders() });
  const api = await connect(cluster);
  const facts = await gatherFacts(api, cluster);
  const probed = options.probe === true ? await probe(api, cluster, keys, facts.version.minor) : null;
  const capabilities = [
    ...clusterCapabilities(facts, cluster),
    ...(probed instanceof ExpectedError ? [lacking("probe", { detail: probed.message, remedy: probed.hint })] : []),
  ];
  const able = capabilities.every(({ ok, required }) => ok || !required);
  const found = probed instanceof ExpectedError ? null : probed;
  return { name: cluster.name, able, capabilities, keys: keyRows(facts, keys), probe: found };
}

/** What a pod reads, or why none came to run: where none does, no run's does. */
async function probe(api: ClusterApi, cluster: Cluster, keys: string[], minor: number) {
  try {
    const { node, readings } = await probeNode(api, cluster, [...Object.keys(kubeletDemands), ...keys]);
    return { node, demanded: protectedRows(readings), keys: keyProbeRows(readings, keys, minor) };
  } catch (error) {
    if (error instanceof ExpectedError) return error;
    throw error;
  }
}
