import { formatBytes, formatCount, formatDecimal, formatSpan } from "../../core/numbers.ts";
import { formatPercent } from "../../core/units.ts";
import type { Limit, LimitName, Observation } from "../../observe/observation.ts";

/** The answer in a sentence. It may hold names of unknown origin: whoever prints it escapes it. */
export function verdictWords({ outlook, limits }: Pick<Observation, "outlook" | "limits">): string {
  if (outlook.kind === "room") return "No limit is near.";
  if (outlook.kind === "unseen")
    return "No limit is near of those that could be seen: the range of ports could not be read.";
  const limit = limits[outlook.limit];
  if (limit === undefined) return "No limit is near.";
  switch (outlook.kind) {
    case "reached":
    case "soon":
    case "later":
      return nearWords(limit);
    case "levels-off":
      return `${phraseOf(limit)} ${verb(limit, "levels", "level")} off at ${restWords(limit)}: ${useWords(limit)}${growthWords(limit)}.`;
    case "high":
      return highWords(limit);
  }
}

/** Of a rate only what it was is known, not where it goes. */
function highWords(limit: Limit): string {
  const at = `${phraseOf(limit)} ${verb(limit, "is", "are")} at ${formatPercent(limit.share ?? 0)}`;
  if (limit.unit === "share") return `${at} of its time.`;
  return `${at}${limit.perSecond === null ? "" : ", and not growing"}: ${useWords(limit)}.`;
}

/** A limit that is reached, or fills. */
export function nearWords(limit: Limit): string {
  if (limit.secondsToFull === 0) return reachedWords(limit);
  return `${phraseOf(limit)} ${verb(limit, "runs", "run")} out in about ${spanWords(limit.secondsToFull ?? 0)}: ${useWords(limit)}${growthWords(limit)}.`;
}

/** Of which limit, as a sentence begins: "Ports to 10.0.3.7:3306". */
function phraseOf({ limit, subject, place }: Limit): string {
  return `${nouns[limit](subject)}${place === null ? "" : ` of ${place}`}`;
}

const nouns: Record<LimitName, (subject: string) => string> = {
  ports: (to) => `Ports to ${to}`,
  "source-ports": (from) => `Ports of the local address ${from}, over all destinations,`,
  "accept-queue": (port) => `The accept queue of ${port}`,
  "syn-queue": (port) => `The SYN queue of ${port}`,
  "unix-queue": (path) => `The queue of the Unix socket ${path}`,
  "udp-queue": (port) => `The receive buffer of UDP ${port}`,
  "time-wait-buckets": () => "Buckets for TIME_WAIT sockets",
  descriptors: (who) => `File descriptors of ${who}`,
  memory: (who) => `Memory of ${who}`,
  cpu: (who) => `CPU of ${who}`,
  conntrack: (who) => `Connection tracking of ${who}`,
  softirq: (cpu) => `Packet work (softirqs) on ${cpu}`,
  retransmits: () => "Retransmission",
};

const plural: readonly LimitName[] = ["ports", "source-ports", "time-wait-buckets", "descriptors"];

function verb({ limit }: Limit, one: string, many: string): string {
  return plural.includes(limit) ? many : one;
}

/** What each limit is called in a table. */
export const limitTitles: Record<LimitName, string> = {
  ports: "ports to",
  "source-ports": "ports of source",
  "accept-queue": "accept queue",
  "syn-queue": "SYN queue",
  "unix-queue": "Unix queue",
  "udp-queue": "UDP buffer",
  "time-wait-buckets": "TIME_WAIT buckets",
  descriptors: "descriptors",
  memory: "memory",
  cpu: "CPU",
  conntrack: "conntrack",
  softirq: "softirqs",
  retransmits: "retransmits",
};

function reachedWords(limit: Limit): string {
  const { detail } = limit;
  if (detail.kind === "queue" && (detail.overflowsPerSecond ?? 0) > 0)
    return `${phraseOf(limit)} overflows: ${rate(detail.overflowsPerSecond ?? 0)} connections a second find it full (${useWords(limit)}).`;
  if (detail.kind === "drops" && (detail.perSecond ?? 0) > 0)
    return `${phraseOf(limit)} is full: ${rate(detail.perSecond ?? 0)} dropped a second (${useWords(limit)}).`;
  if (detail.kind === "time-waits" && (detail.destroyedPerSecond ?? 0) > 0)
    return `${phraseOf(limit)} overflow: the kernel destroys ${rate(detail.destroyedPerSecond ?? 0)} a second early (${useWords(limit)}).`;
  if (detail.kind === "cpu" && (detail.throttledShare ?? 0) > 0)
    return `${phraseOf(limit)} is held back by its control group in ${formatPercent(detail.throttledShare ?? 0)} of its periods: ${useWords(limit)}.`;
  if (limit.unit === "share") return `${phraseOf(limit)} is at its limit: ${formatPercent(limit.used)} of its time.`;
  return `${phraseOf(limit)} ${verb(limit, "is", "are")} used up: ${useWords(limit)}.`;
}

/** "23,114 of 28,232 in use" */
function useWords(limit: Limit): string {
  const { used, of } = limit;
  const seen = limit.limit.endsWith("-queue") && limit.unit === "connections" ? "at the longest" : "in use";
  return `${amount(limit, used)}${of === null ? "" : ` of ${amount(limit, of)}`} ${seen}`;
}

/** ", growing by 125 a second (505 opened, 380 leave TIME_WAIT)" */
function growthWords(limit: Limit): string {
  const { perSecond, detail } = limit;
  if (perSecond === null || perSecond <= 0) return "";
  const growing = `, growing by ${amount(limit, perSecond)} a second`;
  if (detail.kind === "ports" && detail.openedPerSecond !== null && detail.expiringPerSecond !== null)
    return `${growing} (${rate(detail.openedPerSecond)} opened, ${rate(detail.expiringPerSecond)} leave TIME_WAIT)`;
  if (detail.kind === "time-waits" && detail.madePerSecond !== null && detail.expiringPerSecond !== null)
    return `${growing} (${rate(detail.madePerSecond)} made, ${rate(detail.expiringPerSecond)} end)`;
  return growing;
}

function restWords(limit: Limit): string {
  const { detail, of } = limit;
  const at = detail.kind === "ports" || detail.kind === "time-waits" ? detail.levelsOffAt : null;
  return `about ${amount(limit, Number((at ?? 0).toPrecision(3)))} of ${amount(limit, of ?? 0)}`;
}

/** What stands behind the numbers of a limit's row, in a line; null where nothing does. */
export function limitRemark(limit: Limit): string | null {
  const { detail } = limit;
  switch (detail.kind) {
    case "ports": {
      const parts = [
        `${formatCount(detail.timeWait)} in TIME_WAIT`,
        ...(detail.reusable > 0
          ? [`${formatCount(detail.reusable)} of them to be reused by connect() and not counted (tcp_tw_reuse)`]
          : []),
        ...(detail.openedPerSecond === null ? [] : [`${rate(detail.openedPerSecond)} opened a second`]),
        ...(detail.expiringPerSecond === null ? [] : [`${rate(detail.expiringPerSecond)} leave TIME_WAIT a second`]),
        ...(detail.levelsOffAt === null
          ? []
          : [`levels off at about ${formatCount(Number(detail.levelsOffAt.toPrecision(3)))}`]),
        ...cliffWords(detail.scanCliffAt, limit.used),
      ];
      return parts.join(", ");
    }
    case "queue": {
      const parts = [
        `now ${formatCount(detail.now)}`,
        ...(detail.binding === null
          ? []
          : [`${detail.binding === "backlog" ? "the program's own backlog" : "net.core.somaxconn"} binds`]),
        ...((detail.overflowsPerSecond ?? 0) > 0 ? [`${rate(detail.overflowsPerSecond ?? 0)} overflows a second`] : []),
      ];
      return parts.join(", ");
    }
    case "time-waits":
      return [
        ...(detail.madePerSecond === null ? [] : [`${rate(detail.madePerSecond)} made a second`]),
        ...(detail.levelsOffAt === null
          ? []
          : [`levels off at about ${formatCount(Number(detail.levelsOffAt.toPrecision(3)))}`]),
        ...((detail.destroyedPerSecond ?? 0) > 0
          ? [`${rate(detail.destroyedPerSecond ?? 0)} destroyed early a second`]
          : []),
      ].join(", ");
    case "drops":
      return (detail.perSecond ?? 0) > 0 ? `${rate(detail.perSecond ?? 0)} dropped a second` : null;
    case "cpu":
      return [
        detail.by === "quota" ? "the limit is its control group's" : "the limit is the CPUs that it may use",
        ...((detail.throttledShare ?? 0) > 0
          ? [`held back in ${formatPercent(detail.throttledShare ?? 0)} of its periods`]
          : []),
      ].join(", ");
    case "sent":
      return `of ${rate(detail.perSecond)} segments sent a second`;
    case "none":
      return null;
  }
}

/** Half the range: from there on connect() scans the busy half first. */
function cliffWords(at: number | null, used: number): string[] {
  if (at === null || used < 0.5 * at) return [];
  return [`the scan cliff at ${formatCount(at)} ${used >= at ? "is passed" : "is ahead"}`];
}

/** A value in the limit's unit. */
export function amount({ unit }: Pick<Limit, "unit">, value: number): string {
  switch (unit) {
    case "bytes":
      return Math.abs(value) < 2 ** 20 ? `${formatDecimal(value / 1024)} KiB` : formatBytes(value);
    case "share":
      return formatPercent(value);
    case "cores":
      return `${formatDecimal(value)} ${value === 1 ? "core" : "cores"}`;
    case "segments/s":
      return `${formatDecimal(value)}/s`;
    default:
      return Math.abs(value) < 10 ? formatDecimal(value) : formatCount(value);
  }
}

function rate(perSecond: number): string {
  return perSecond < 10 ? formatDecimal(Math.max(0, perSecond)) : formatCount(perSecond);
}

/** "41 s"; what is far is not known so well: "3.2 h", "days". */
export function spanWords(seconds: number): string {
  if (seconds > 48 * 3600) return "days";
  return seconds < 3600 ? formatSpan(seconds) : `${formatDecimal(Number((seconds / 3600).toPrecision(2)))} h`;
}
