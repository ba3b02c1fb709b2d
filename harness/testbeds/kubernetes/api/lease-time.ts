import { V1MicroTime } from "@kubernetes/client-node";
import type { ClusterApi } from "./cluster-api.ts";
import type { Kinds } from "./kinds.ts";

/** Now, by the API server's wall clock: whoever reads a Lease may have another than who wrote it. */
export function serverTime(api: ClusterApi): V1MicroTime {
  return new V1MicroTime(Date.now() + api.clockAheadMs());
}

/** How long ago a Lease was renewed, by the API server's clock. */
export function staleMs(api: ClusterApi, lease: Kinds["Lease"]): number {
  return serverTime(api).getTime() - Date.parse(lease.spec?.renewTime ?? "");
}
