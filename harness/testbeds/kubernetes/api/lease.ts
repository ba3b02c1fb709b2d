import { setTimeout as wait } from "node:timers/promises";
import { V1MicroTime } from "@kubernetes/client-node";
import type { ClusterApi } from "./cluster-api.ts";
import type { Kinds } from "./kinds.ts";
import { ApiRefusal } from "./refusal.ts";

const everyMs = 5_000;
/** Before the relay's 30 s, and after an API server's restart: 15 s of it, a beat before, a retry's wait after. */
const lostAfterMs = 25_000;

/**
 * Renews a run's Lease every 5 s until the signal is aborted. Resolves with a sentence when that had no success for 25 s, or the Lease is
 * gone; never after the signal.
 */
export async function startHeartbeat(api: ClusterApi, runName: string, signal: AbortSignal): Promise<string> {
  const lost = Promise.withResolvers<string>();
  const tell = () => lost.resolve(`the cluster could not be told for ${lostAfterMs / 1000} s that the run goes on`);
  const timer = setTimeout(tell, lostAfterMs);
  signal.addEventListener("abort", () => clearTimeout(timer));
  const renew = async () => {
    while (!signal.aborted) {
      const gone = await renewOnce(api, runName, () => void (signal.aborted || timer.refresh()));
      if (gone && !signal.aborted) lost.resolve(`the run's objects in the cluster were deleted by another hand`);
      await wait(everyMs, undefined, { signal, ref: false }).catch(() => {});
    }
  };
  void renew();
  return await lost.promise;
}

/** Whether the Lease is gone. Any other failure is only a beat that is missing: the timer tells. */
async function renewOnce(api: ClusterApi, runName: string, onRenewed: () => void): Promise<boolean> {
  try {
    await api.patch("Lease", runName, { spec: { renewTime: serverTime(api) } });
    onRenewed();
    return false;
  } catch (error) {
    return error instanceof ApiRefusal && error.code === 404;
  }
}

/** Now, by the API server's wall clock: whoever reads a Lease may have another than who wrote it. */
export function serverTime(api: ClusterApi): V1MicroTime {
  return new V1MicroTime(Date.now() + api.clockAheadMs());
}

/** How long ago a Lease was renewed, by the API server's clock. */
export function staleMs(api: ClusterApi, lease: Kinds["Lease"]): number {
  return serverTime(api).getTime() - Date.parse(lease.spec?.renewTime ?? "");
}
