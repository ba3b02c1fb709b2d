import { setTimeout as pause } from "node:timers/promises";
import type { ClusterAccess } from "./cluster-access.ts";
import type { RelaySettings } from "./messages.ts";

/** What the harness says through its Lease. */
export interface LeaseListener {
  /** Runners of this trial are to end; once for each trial. */
  onStop(trial: string): void;
  /** No sign of life for too long; once. */
  onSilence(silentMs: number): void;
  onTrouble(detail: string): void;
}

/** The annotation that names the trial whose runners are to end. */
const stopAnnotation = "tunebench.dev/stop";
/** The harness renews every 5 s: a watch without a word for longer may be cut, and is looked after. */
const quietMs = 7000;
/** What was last heard of the API is too old to judge the harness by: it may be the API that is away. */
const outageMs = 15_000;
const againMs = 500;
const lookMs = 1000;

/**
 * Follows the harness's Lease until the signal. Silence is measured by this process's own clock from the last time that renewTime
 * changed, so that no two machines' clocks are compared; and only while the API answers: after an outage the harness has all its time again.
 */
export async function followLease(
  api: ClusterAccess,
  { namespace, run, silenceMs }: RelaySettings,
  listener: LeaseListener,
  signal: AbortSignal,
): Promise<void> {
  const collection = `/apis/coordination.k8s.io/v1/namespaces/${encodeURIComponent(namespace)}/leases`;
  const told = new Set<string>();
  const seen = { renewTime: "", changedMs: performance.now(), contactMs: performance.now() };

  const heard = () => {
    const now = performance.now();
    if (now - seen.contactMs > outageMs) seen.changedMs = now;
    seen.contactMs = now;
  };
  const look = (lease: Lease) => {
    heard();
    const renewTime = lease.spec?.renewTime ?? "";
    if (renewTime !== seen.renewTime) seen.changedMs = performance.now();
    seen.renewTime = renewTime;
    const trial = lease.metadata?.annotations?.[stopAnnotation];
    if (trial === undefined || told.has(trial)) return;
    told.add(trial);
    listener.onStop(trial);
  };
  const judge = setInterval(() => {
    const now = performance.now();
    if (now - seen.changedMs < silenceMs || now - seen.contactMs > outageMs) return;
    clearInterval(judge);
    listener.onSilence(now - seen.changedMs);
  }, lookMs);

  /** One look and the watch from there on, until it ends or has nothing to say. */
  const follow = async () => {
    const { status, body } = await api.call("GET", `${collection}/${encodeURIComponent(run)}`);
    if (status === 404) return heard();
    if (status !== 200) throw new Error(`the Lease can't be read: ${status} ${JSON.stringify(body)}`);
    const lease = body as Lease;
    look(lease);
    const quiet = new AbortController();
    let timer = setTimeout(() => quiet.abort(), quietMs);
    const query = new URLSearchParams({
      watch: "true",
      fieldSelector: `metadata.name=${run}`,
      resourceVersion: lease.metadata?.resourceVersion ?? "",
    });
    try {
      const onEvent = ({ type, object }: { type: string; object: unknown }) => {
        // ERROR: what was asked for is too old (410); DELETED: the next look says so. Both begin anew.
        if (type !== "ADDED" && type !== "MODIFIED") return quiet.abort();
        clearTimeout(timer);
        timer = setTimeout(() => quiet.abort(), quietMs);
        look(object as Lease);
      };
      await api.watch(`${collection}?${query}`, onEvent, AbortSignal.any([quiet.signal, signal]));
    } catch (error) {
      if (!quiet.signal.aborted) throw error;
    } finally {
      clearTimeout(timer);
    }
  };

  try {
    while (!signal.aborted) {
      await follow().catch((error: Error) => signal.aborted || listener.onTrouble(error.message));
      await pause(againMs, undefined, { signal }).catch(() => {});
    }
  } finally {
    clearInterval(judge);
  }
}

interface Lease {
  metadata?: { resourceVersion?: string; annotations?: Record<string, string> };
  spec?: { renewTime?: string };
}
