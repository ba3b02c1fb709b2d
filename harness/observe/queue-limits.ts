import { largest } from "../detect/windows.ts";
import type { LiveListener } from "../results/live-samples.ts";
import { limitOf } from "./limit.ts";
import type { Limit, LimitDetail } from "./observation.ts";
import type { Seen } from "./seen.ts";
import { perSecondOf, pointsOf, samplesOf } from "./series.ts";
import { numberOf } from "./values.ts";

/** Every listener's accept and SYN queue, Unix listeners' and UDP sockets' queues: the longest that a look saw. */
export function queueLimits(seen: Seen): Limit[] {
  return [...acceptQueueLimits(seen), ...synQueueLimits(seen), ...unixLimits(seen), ...datagramLimits(seen)];
}

/** Of one listening port over all looks. */
interface QueueSeen {
  port: number;
  now: number;
  peak: number;
  of: number | null;
}

/** The port whose queue was nearest to its limit: overflows are counted for the namespace alone. */
export function acceptQueuesSeen(seen: Seen): QueueSeen[] {
  return queuesSeen(seen, ({ queued }) => queued).sort(
    (a, b) => b.peak / (b.of ?? Infinity) - a.peak / (a.of ?? Infinity) || b.peak - a.peak,
  );
}

function queuesSeen(seen: Seen, lengthOf: (listener: LiveListener) => number): QueueSeen[] {
  const tables = samplesOf(seen.samples, "table");
  const lengths = (port: number) =>
    tables.flatMap(({ listeners }) => listeners.filter((one) => one.port === port).map(lengthOf));
  return (tables.at(-1)?.listeners ?? []).map((listener) => ({
    port: listener.port,
    now: lengthOf(listener),
    peak: largest(lengths(listener.port)),
    of: limitOfPort(seen, listener.port),
  }));
}

/** With several sockets on a port, the smallest. */
function limitOfPort({ listenLimits }: Seen, port: number): number | null {
  const own = (listenLimits ?? []).flatMap((one) => ("port" in one && one.port === port ? [one.limit] : []));
  return own.length === 0 ? null : Math.min(...own);
}

function acceptQueueLimits(seen: Seen): Limit[] {
  const overflows = counterPerSecond(seen, "ListenOverflows");
  return acceptQueuesSeen(seen).map((queue, place) => {
    const own = place === 0 ? overflows : null;
    // The kernel lets one more in than the limit says (sk_acceptq_is_full).
    const isFull = (own ?? 0) > 0 || (queue.of !== null && queue.peak > 0 && queue.peak >= queue.of);
    return queueLimit("accept-queue", queue, isFull, {
      ...{ kind: "queue", now: queue.now, binding: bindingOf(seen, queue.of), overflowsPerSecond: own },
    });
  });
}

/** Its limit is the accept queue's; with tcp_syncookies=0 three quarters of tcp_max_syn_backlog as well. Source: tcp_conn_request. */
function synQueueLimits(seen: Seen): Limit[] {
  const drops = [counterPerSecond(seen, "TCPReqQFullDrop"), counterPerSecond(seen, "TCPReqQFullDoCookies")].reduce<
    number | null
  >((sum, rate) => (rate === null ? sum : (sum ?? 0) + rate), null);
  const cookies = numberOf(seen, "net.ipv4.tcp_syncookies");
  const backlog = numberOf(seen, "net.ipv4.tcp_max_syn_backlog");
  const most = cookies === 0 && backlog !== null ? Math.floor(backlog * 0.75) : Infinity;
  const queues = queuesSeen(seen, ({ halfOpen }) => halfOpen).sort((a, b) => b.peak - a.peak);
  return queues.flatMap((queue, place) => {
    const own = place === 0 ? drops : null;
    const of = queue.of === null ? null : Math.min(queue.of, most);
    if (queue.peak === 0 && (own ?? 0) === 0) return [];
    const isFull = (own ?? 0) > 0 || (of !== null && queue.peak >= of);
    return [queueLimit("syn-queue", { ...queue, of }, isFull, { kind: "drops", perSecond: own })];
  });
}

function bindingOf(seen: Seen, limit: number | null): "backlog" | "somaxconn" | null {
  const somaxconn = numberOf(seen, "net.core.somaxconn");
  if (limit === null || somaxconn === null) return null;
  return limit < somaxconn ? "backlog" : "somaxconn";
}

function queueLimit(limit: Limit["limit"], queue: QueueSeen, isFull: boolean, detail: LimitDetail): Limit {
  const { port, peak, of } = queue;
  return limitOf({
    ...{ limit, subject: `port ${port}`, used: peak, of, perSecond: null },
    ...{ secondsToFull: isFull ? 0 : null, unit: "connections", detail },
  });
}

function unixLimits(seen: Seen): Limit[] {
  const looks = samplesOf(seen.samples, "unix");
  const paths = new Set(looks.flatMap(({ listeners }) => listeners.map(({ path }) => path)));
  return [...paths].flatMap((path) => {
    const lengths = looks.flatMap(({ listeners }) => listeners.filter((one) => one.path === path));
    const peak = largest(lengths.map(({ queued }) => queued));
    const of = seen.listenLimits?.find((one) => "path" in one && one.path === path)?.limit ?? null;
    if (peak === 0) return [];
    const detail: LimitDetail = {
      kind: "queue",
      now: lengths.at(-1)?.queued ?? 0,
      binding: bindingOf(seen, of),
      overflowsPerSecond: null,
    };
    return [
      limitOf({
        ...{ limit: "unix-queue", subject: path, used: peak, of, perSecond: null },
        ...{ secondsToFull: of !== null && peak >= of ? 0 : null, unit: "connections", detail },
      }),
    ];
  });
}

function datagramLimits(seen: Seen): Limit[] {
  const looks = samplesOf(seen.samples, "datagrams");
  const ports = new Set(looks.flatMap(({ sockets }) => sockets.map(({ port }) => port)));
  return [...ports].flatMap((port) => {
    const own = looks.map(({ atMs, sockets }) => ({ atMs, sockets: sockets.filter((one) => one.port === port) }));
    const peak = largest(own.flatMap(({ sockets }) => sockets.map(({ queuedBytes }) => queuedBytes)));
    const drops = perSecondOf(pointsOf(own, ({ sockets }) => sockets.reduce((sum, one) => sum + one.drops, 0)));
    const of = seen.receiveBuffers?.find((one) => one.port === port)?.bytes ?? null;
    if (peak === 0 && (drops ?? 0) <= 0) return [];
    return [
      limitOf({
        ...{ limit: "udp-queue", subject: `port ${port}`, used: peak, of, perSecond: null, unit: "bytes" },
        secondsToFull: (drops ?? 0) > 0 ? 0 : null,
        detail: { kind: "drops", perSecond: drops },
      }),
    ];
  });
}

/** null with one look. */
function counterPerSecond({ samples }: Seen, name: string): number | null {
  return perSecondOf(pointsOf(samplesOf(samples, "counters"), ({ values }) => values[name] ?? null));
}
