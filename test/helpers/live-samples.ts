import type { ObservationInput, Seen } from "../../harness/observe/seen.ts";
import type { LiveDestination, LiveSample, TableSample } from "../../harness/results/live-samples.ts";

/** What a look at a service sees that is well: changed by what a test is about. */

const noTimeWaits = () => new Array<number>(60).fill(0);

export function destination(over: Partial<LiveDestination> = {}): LiveDestination {
  return {
    ...{ source: "10.0.0.5", address: "10.0.3.7", port: 3306, states: { ESTABLISHED: 10 }, inUse: 10 },
    ending: noTimeWaits(),
    ...over,
  };
}

/** `perSecond` TIME_WAITs of each of the last seconds, and some open connections. */
export function dialled(perSecond: number, seconds: number, open = 10): LiveDestination {
  const ending = noTimeWaits().map((_, second) => (second >= 60 - seconds ? perSecond : 0));
  const timeWait = perSecond * Math.min(60, seconds);
  return destination({ states: { ESTABLISHED: open, TIME_WAIT: timeWait }, inUse: open + timeWait, ending });
}

export function table(atMs: number, over: Partial<TableSample> = {}): TableSample {
  const destinations = over.destinations ?? [destination()];
  return {
    ...{ kind: "table", atMs, role: "target", destinations, destinationCount: destinations.length, sources: [] },
    ...{ listeners: [{ port: 8080, queued: 0, halfOpen: 0 }], rows: 20, timeWaits: 0, ending: noTimeWaits() },
    ...{ unsentBytes: 0, unreadBytes: 0, costMs: 1 },
    ...over,
  };
}

export function counters(atMs: number, values: Record<string, number> = {}): LiveSample {
  const usual = {
    ListenOverflows: 0,
    ListenDrops: 0,
    TCPTimeWaitOverflow: 0,
    RetransSegs: 0,
    OutSegs: 1000,
    PassiveOpens: 5,
  };
  return { kind: "counters", atMs, role: "target", values: { ...usual, ...values } };
}

export const usualSettings = {
  "net.core.somaxconn": "4096",
  "net.ipv4.ip_local_port_range": "32768 60999",
  "net.ipv4.ip_local_reserved_ports": "",
  "net.ipv4.tcp_tw_reuse": "2",
  "net.ipv4.tcp_timestamps": "1",
  "net.ipv4.tcp_max_tw_buckets": "131072",
  "net.ipv4.tcp_syncookies": "1",
};

export function seen(samples: LiveSample[], over: Partial<Seen> & { sysctls?: Record<string, string> } = {}): Seen {
  const { sysctls = {}, ...rest } = over;
  const settings = Object.entries({ ...usualSettings, ...sysctls }).map(([key, value]) => ({
    key,
    value,
    origin: { kind: "kernel-default" } as const,
  }));
  return {
    ...{ subject: "shop (pid 4711)", samples, settings, listenLimits: [{ port: 8080, limit: 511 }] },
    ...{ receiveBuffers: [], cpusAllowed: 2, names: {}, caveats: [] },
    ...rest,
  };
}

export function input(all: Seen[], over: Partial<ObservationInput> = {}): ObservationInput {
  return { seen: all, node: [], steering: null, withinSeconds: 300, costMs: 12, caveats: [], ...over };
}
