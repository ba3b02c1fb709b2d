import { setTimeout as wait } from "node:timers/promises";
import type { ClusterApi } from "./cluster-api.ts";
import { serverTime } from "./lease-time.ts";
import { ApiRefusal } from "./refusal.ts";

const everyMs = 5_000;
/** Before the relay's 30 s, and after an API server's restart: 15 s of it, a beat before, a retry's wait after. */
const lostAfterMs = 25_000;

/**
 * Renews a run's Lease every 5 s until it is stopped. `lost` resolves with a sentence when that had no success for 20
 * s, or the Lease is gone.
 */
export function startHeartbeat(api: ClusterApi, runName: string): { lost: Promise<string>; stop: () => void } {
  const lost = Promise.withResolvers<string>();
  const ended = new AbortController();
  const tell = () => lost.resolve(`the cluster could not be told for ${lostAfterMs / 1000} s that the run goes on`);
  const timer = setTimeout(tell, lostAfterMs);
  const renew = async () => {
    while (!ended.signal.aborted) {
      const gone = await renewOnce(api, runName, () => void (ended.signal.aborted || timer.refresh()));
      if (gone && !ended.signal.aborted) lost.resolve(`the run's objects in the cluster were deleted by another hand`);
      await wait(everyMs, undefined, { signal: ended.signal, ref: false }).catch(() => {});
    }
  };
  void renew();
  const stop = () => {
    ended.abort();
    clearTimeout(timer);
  };
  return { lost: lost.promise, stop };
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
