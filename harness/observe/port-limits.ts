import { endpointText, isLoopback } from "../core/endpoint.ts";
import { reuseKey } from "../core/ports.ts";
import { sum } from "../detect/windows.ts";
import type { Ending, LiveDestination, TableSample } from "../results/live-samples.ts";
import { forecast, type Point } from "./forecast.ts";
import { limitOf } from "./limit.ts";
import type { Limit } from "./observation.ts";
import type { Seen } from "./seen.ts";
import { perSecondOf, pointsOf, samplesOf } from "./series.ts";
import { numberOf, portsWithin, settingIn } from "./values.ts";

/** Over so many of the last seconds rates are taken: the newest looks tell what goes on now. */
const ratesOverMs = 30_000;
/** ... and where there is one look alone, over what its TIME_WAITs' ages tell of. */
const alone = 10;

/** Ports per source and destination, and over all destinations of a source, against the range; TIME_WAITs against their buckets. */
export function portLimits(seen: Seen): Limit[] {
  const tables = samplesOf(seen.samples, "table");
  const last = tables.at(-1);
  return [
    ...(last === undefined ? [] : last.destinations.map((to) => destinationLimit(seen, to, recent(tables)))).filter(
      ({ used }) => used > 0,
    ),
    ...(last === undefined ? [] : sourceLimits(seen, recent(tables))),
    ...bucketLimit(seen, tables),
  ];
}

/** The looks of the last seconds, at least two where there are so many. */
function recent(tables: readonly TableSample[]): TableSample[] {
  const end = tables.at(-1)?.atMs ?? 0;
  const near = tables.filter(({ atMs }) => atMs >= end - ratesOverMs);
  return near.length > 1 ? near : tables.slice(-2);
}

/** What of a destination counts against the range: all ports but those that connect() may take again. */
function countOf(seen: Seen, to: LiveDestination): { used: number; reusable: number; ending: Ending; held: number } {
  const timeWait = to.states.TIME_WAIT ?? 0;
  const reusable = isReused(seen, to.address) ? sum(to.ending.slice(0, youngFrom(seen))) : 0;
  const ending = reusable === 0 ? to.ending : to.ending.map((count, at) => (at < youngFrom(seen) ? 0 : count));
  return { used: Math.max(0, to.inUse - reusable), reusable, ending, held: Math.max(0, to.inUse - timeWait) };
}

function destinationLimit(seen: Seen, to: LiveDestination, tables: TableSample[]): Limit {
  const ports = portsWithin(seen);
  const isSame = (one: LiveDestination) =>
    one.address === to.address && one.port === to.port && one.source === to.source;
  const looks = tables.map(({ atMs, destinations }) => ({ atMs, to: destinations.find(isSame) ?? null }));
  const counts = pointsOf(looks, (look) => (look.to === null ? 0 : countOf(seen, look.to).used));
  const { used, reusable, ending } = countOf(seen, to);
  const heldPoints = pointsOf(looks, (look) => (look.to === null ? 0 : countOf(seen, look.to).held));
  const madePerSecond = madeWithin(to.ending, tables);
  const perSecond = perSecondOf(counts);
  const expiring = expiredPerSecond(looks);
  const of = ports?.usable ?? null;
  const heldPerSecond = heldGrowth(heldPoints);
  // What is reused does not hold ports for a minute.
  const flow = reusable > 0 ? { madePerSecond: 0, ending: ending.map(() => 0) } : { madePerSecond, ending };
  const seenAhead = of === null ? null : forecast({ used, of, heldPerSecond, ...flow });
  return limitOf({
    limit: "ports",
    subject: destinationName(seen, to, tables.at(-1)?.destinations ?? []),
    used,
    of,
    perSecond,
    secondsToFull: seenAhead?.secondsToFull ?? null,
    unit: "ports",
    detail: {
      kind: "ports",
      timeWait: to.states.TIME_WAIT ?? 0,
      openedPerSecond: perSecond === null || expiring === null || reusable > 0 ? null : perSecond + expiring,
      expiringPerSecond: reusable > 0 ? null : expiring,
      levelsOffAt: seenAhead?.levelsOffAt ?? null,
      reusable,
      scanCliffAt: of === null || isReused(seen, to.address) ? null : Math.floor(of / 2),
    },
  });
}

/** 10.0.3.7:3306, with its name, and the local address where the same is dialled from several. */
export function destinationName(
  seen: Seen,
  { address, port, source }: LiveDestination,
  all: readonly LiveDestination[],
): string {
  const endpoint = endpointText(address, port);
  const name = seen.names[endpoint];
  const named = name === undefined ? endpoint : `${name} (${endpoint})`;
  const twins = all.filter((one) => one.address === address && one.port === port);
  return twins.length > 1 ? `${named} from ${source}` : named;
}

/** tcp_tw_reuse lets connect() take a TIME_WAIT port again after a second: 1 anywhere, 2 on the loopback; timestamps are needed. */
function isReused(seen: Seen, address: string): boolean {
  const reuse = settingIn(seen, reuseKey);
  return (
    settingIn(seen, "net.ipv4.tcp_timestamps") !== "0" && (reuse === "1" || (reuse === "2" && isLoopback(address)))
  );
}

/** First place of `ending` of those that are younger than the delay. */
function youngFrom(seen: Seen): number {
  const delayMs = numberOf(seen, "net.ipv4.tcp_tw_reuse_delay") ?? 1000;
  return Math.max(0, 60 - Math.ceil(delayMs / 1000));
}

/** TIME_WAITs made a second: those that are younger than the time looked over. */
function madeWithin(ending: Ending, tables: readonly TableSample[]): number {
  const spanMs = (tables.at(-1)?.atMs ?? 0) - (tables[0]?.atMs ?? 0);
  const seconds = Math.min(ending.length, Math.max(1, spanMs > 0 ? Math.floor(spanMs / 1000) : alone));
  return sum(ending.slice(ending.length - seconds)) / seconds;
}

/** TIME_WAITs that ended a second between the first and the last look: the first one's told it. Alone: in the next seconds. */
function expiredPerSecond(looks: { atMs: number; to: { ending: Ending } | null }[]): number | null {
  const [first, last] = [looks[0], looks.at(-1)];
  if (first === undefined || last === undefined) return null;
  const seconds = (last.atMs - first.atMs) / 1000;
  const ending = first.to?.ending ?? [];
  if (seconds <= 0) return sum(ending.slice(0, alone)) / alone;
  const whole = Math.min(ending.length, Math.floor(seconds));
  return (sum(ending.slice(0, whole)) + (ending[whole] ?? 0) * (seconds - whole)) / seconds;
}

/** Open connections come and go: growth within the unrest of their number (its root) is none. */
function heldGrowth(points: readonly Point[]): number {
  const [first = 0, last = 0] = [points[0]?.value, points.at(-1)?.value];
  return Math.abs(last - first) <= 2 * Math.sqrt(Math.max(first, last)) + 1 ? 0 : (perSecondOf(points) ?? 0);
}

/** Ports of a local address that are not in TIME_WAIT; null where it has none in use. */
function heldFrom({ sources, destinations }: TableSample, address: string): number | null {
  const inUse = sources.find((one) => one.address === address)?.inUse;
  const own = destinations.filter(({ source }) => source === address);
  return inUse === undefined ? null : Math.max(0, inUse - sum(own.map(({ states }) => states.TIME_WAIT ?? 0)));
}

/** Share of the range that one local address has in use from which its destinations together are worth a row. */
const leastSourceShare = 0.2;

/** Over all destinations: what a program may use that binds before it connects. */
function sourceLimits(seen: Seen, tables: TableSample[]): Limit[] {
  const of = portsWithin(seen)?.usable ?? null;
  const { sources = [], destinations = [] } = tables.at(-1) ?? {};
  return sources.flatMap(({ address, inUse, connections }) => {
    const own = destinations.filter(({ source }) => source === address);
    // With one destination it says what that one's row says.
    if (own.length < 2 || of === null || inUse < leastSourceShare * of) return [];
    const points = pointsOf(tables, (table) => table.sources.find((one) => one.address === address)?.inUse ?? null);
    // A port that serves several destinations was chosen by connect(): then each destination has the whole range.
    if (connections > inUse) return [];
    const ending = Array.from({ length: 60 }, (_, second) => sum(own.map((one) => one.ending[second] ?? 0)));
    const heldPoints = pointsOf(tables, (table) => heldFrom(table, address));
    const flow = { madePerSecond: madeWithin(ending, tables), heldPerSecond: heldGrowth(heldPoints), ending };
    return [
      limitOf({
        ...{ limit: "source-ports", subject: address, used: inUse, of, perSecond: perSecondOf(points) },
        ...{
          secondsToFull: forecast({ used: inUse, of, ...flow }).secondsToFull,
          unit: "ports",
          detail: { kind: "none" },
        },
      }),
    ];
  });
}

function bucketLimit(seen: Seen, tables: readonly TableSample[]): Limit[] {
  const sockets = samplesOf(seen.samples, "sockets");
  const used = sockets.at(-1)?.timeWait;
  if (used === undefined || used === 0) return [];
  const of = numberOf(seen, "net.ipv4.tcp_max_tw_buckets");
  const looks = recent(tables);
  const table = looks.at(-1);
  const counters = samplesOf(seen.samples, "counters");
  const destroyed = perSecondOf(pointsOf(counters, ({ values }) => values.TCPTimeWaitOverflow ?? null));
  const madePerSecond = table === undefined ? null : madeWithin(table.ending, looks);
  const ahead =
    of === null || table === undefined || madePerSecond === null
      ? null
      : forecast({ used, of, madePerSecond, heldPerSecond: 0, ending: table.ending });
  return [
    limitOf({
      limit: "time-wait-buckets",
      subject: "the namespace",
      used,
      of,
      perSecond: perSecondOf(
        pointsOf(
          sockets.filter(({ atMs }) => atMs >= (looks[0]?.atMs ?? 0)),
          ({ timeWait }) => timeWait,
        ),
      ),
      secondsToFull: (destroyed ?? 0) > 0 ? 0 : (ahead?.secondsToFull ?? null),
      unit: "sockets",
      detail: {
        kind: "time-waits",
        madePerSecond,
        expiringPerSecond: expiredPerSecond(looks.map(({ atMs, ending }) => ({ atMs, to: { ending } }))),
        levelsOffAt: ahead?.levelsOffAt ?? null,
        destroyedPerSecond: destroyed,
      },
    }),
  ];
}
