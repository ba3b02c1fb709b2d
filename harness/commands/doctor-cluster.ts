import { lacking } from "../core/capability.ts";
import { ExpectedError, exitCodes } from "../core/errors.ts";
import type { Screen } from "../core/screen.ts";
import { kubeletDemands, usualKeys } from "../knowledge/settings.ts";
import type { Cluster } from "../suite/cluster.ts";
import { clusterFolders, loadCluster } from "../suite/cluster-file/load.ts";
import type { ClusterApi } from "../testbeds/kubernetes/api/cluster-api.ts";
import { connect } from "../testbeds/kubernetes/api/connect.ts";
import { clusterCapabilities } from "../testbeds/kubernetes/doctor/capabilities.ts";
import { gatherFacts } from "../testbeds/kubernetes/doctor/gather-facts.ts";
import { keyRows } from "../testbeds/kubernetes/doctor/keys.ts";
import { probeNode } from "../testbeds/kubernetes/doctor/probe.ts";
import { keyProbeRows, protectedRows } from "../testbeds/kubernetes/doctor/probe-rows.ts";
import { capabilityLines, type DoctorOptions, keyTable, protectedTable, readTable } from "./doctor-text.ts";

/**
 * `tunebench doctor --cluster NAME` for a cluster of Kubernetes: what it can do for a run and what it lacks, from its API; which
 * keys its pods may have; with --probe what one pod reads. Exit 3 where a run can't work.
 */
export async function clusterDoctor(screen: Screen, options: DoctorOptions): Promise<number> {
  const keys = options.keys ?? usualKeys;
  const cluster = await loadCluster(options.cluster, { from: clusterFolders() });
  const api = await connect(cluster);
  const facts = await gatherFacts(api, cluster);
  const capabilities = clusterCapabilities(facts, cluster);
  screen.write(capabilityLines(capabilities, screen.width));
  screen.write(`\n${keyTable(keyRows(facts, keys), screen.width)}`);
  const probed = options.probe !== true || (await probe(screen, api, cluster, keys, facts.version.minor));
  const able = probed && capabilities.every(({ ok, required }) => ok || !required);
  screen.write(`\nThe cluster ${cluster.name} ${able ? "can run experiments" : "can't run experiments yet"}.\n`);
  return able ? exitCodes.done : exitCodes.cannotRunHere;
}

/** Tells what a pod reads; whether one came to run: where none does, no run's does. */
async function probe(screen: Screen, api: ClusterApi, cluster: Cluster, keys: string[], minor: number) {
  try {
    const { node, readings } = await probeNode(api, cluster, [...Object.keys(kubeletDemands), ...keys]);
    const wanted = protectedTable(protectedRows(readings), screen.width);
    const found = readTable(keyProbeRows(readings, keys, minor), screen.width);
    screen.write(
      `\nWhat --protect-kernel-defaults demands of node ${node}\n${wanted}\nA pod's own namespaces there\n${found}`,
    );
    return true;
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    const missing = lacking("probe", { detail: error.message, remedy: error.hint });
    screen.write(`\n${capabilityLines([missing], screen.width)}`);
    return false;
  }
}
