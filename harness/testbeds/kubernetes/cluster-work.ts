import type { Cluster } from "../../suite/cluster.ts";
import type { ClusterApi } from "./api/cluster-api.ts";
import { connect } from "./api/connect.ts";
import { openLog } from "./api/log.ts";
import { ApiRefusal } from "./api/refusal.ts";
import type { OpenLog } from "./runners/follow-lines.ts";

/** A cluster that is spoken to, with what every step needs to know of it. */
export interface ClusterWork {
  api: ClusterApi;
  cluster: Cluster;
  /** "v1.34.3" and its 34. */
  version: string;
  minor: number;
  /** Whether networks can be attached to pods (Multus' NetworkAttachmentDefinition). */
  hasNetworkAttachments: boolean;
  /** The API's, of this cluster. */
  openLog: OpenLog;
}

/** Connects as the cluster file says. Rejects as `connect` does. */
export async function openCluster(cluster: Cluster): Promise<ClusterWork> {
  const api = await connect(cluster);
  const { gitVersion, minor } = await api.version();
  return {
    api,
    cluster,
    version: gitVersion,
    minor,
    hasNetworkAttachments: await hasNetworkAttachments(api),
    openLog: (request) => openLog(api, request),
  };
}

async function hasNetworkAttachments(api: ClusterApi): Promise<boolean> {
  try {
    await api.read("/apis/k8s.cni.cncf.io/v1");
    return true;
  } catch (error) {
    if (error instanceof ApiRefusal && (error.code === 404 || error.code === 403)) return false;
    throw error;
  }
}
