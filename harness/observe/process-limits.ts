import { fill, growth } from "./forecast.ts";
import { limitOf } from "./limit.ts";
import type { Limit } from "./observation.ts";
import type { Seen } from "./seen.ts";
import { perSecondOf, pointsOf, samplesOf } from "./series.ts";

/** From here on the cores that a program may use are all in use: two looks are ticks of 10 ms apart. */
const allCores = 0.95;
/** Share of the periods in which its CPU limit held a group back that matters; as the rule cgroup-throttling has it. */
const throttledShare = 0.05;
/** The kernel reclaims before the last page, and kills when that gives nothing. */
const fullMemory = 0.98;

/** Descriptors, memory and CPU of the processes that are meant, and what they retransmit. */
export function processLimits(seen: Seen): Limit[] {
  return [...descriptorLimit(seen), ...memoryLimit(seen), ...cpuLimit(seen), ...retransmits(seen)];
}

function descriptorLimit({ samples, subject }: Seen): Limit[] {
  const looks = samplesOf(samples, "process");
  const last = looks.findLast(({ openFiles }) => openFiles !== null);
  if (last?.openFiles == null) return [];
  const perSecond = growth(pointsOf(looks, ({ openFiles }) => openFiles));
  const { openFiles: used, openFilesLimit: of } = last;
  return [
    limitOf({
      ...{
        limit: "descriptors",
        subject,
        used,
        of,
        perSecond,
        unit: "descriptors",
      },
      secondsToFull: of === null ? null : fill(used, of, perSecond),
      detail: { kind: "none" },
    }),
  ];
}

/** What can't be dropped at once of its cgroup; without a cgroup that can be read what is resident, of no limit. */
function memoryLimit({ samples, subject }: Seen): Limit[] {
  const groups = samplesOf(samples, "group").filter(({ memoryBytes }) => memoryBytes !== null);
  const last = groups.at(-1);
  if (last?.memoryBytes != null && last.memoryLimitBytes !== null) {
    const { memoryBytes: used, memoryLimitBytes: of } = last;
    const perSecond = growth(pointsOf(groups, ({ memoryBytes }) => memoryBytes));
    const kills = (last.oomKills ?? 0) - (groups[0]?.oomKills ?? 0);
    const isFull = kills > 0 || used >= fullMemory * of;
    return [
      limitOf({
        ...{ limit: "memory", subject, used, of, perSecond, unit: "bytes" },
        secondsToFull: isFull ? 0 : fill(used, of, perSecond),
        detail: { kind: "none" },
      }),
    ];
  }
  const looks = samplesOf(samples, "roleCpu").filter(({ memoryBytes }) => memoryBytes !== null);
  const resident = looks.at(-1)?.memoryBytes ?? null;
  if (resident === null) return [];
  const perSecond = growth(pointsOf(looks, ({ memoryBytes }) => memoryBytes));
  return [
    limitOf({
      ...{ limit: "memory", subject, used: resident, of: null, perSecond },
      ...{ secondsToFull: null, unit: "bytes", detail: { kind: "none" } },
    }),
  ];
}

function cpuLimit({ samples, subject, cpusAllowed }: Seen): Limit[] {
  const perSecond = perSecondOf(pointsOf(samplesOf(samples, "roleCpu"), ({ cpuMs }) => cpuMs));
  if (perSecond === null) return [];
  const groups = samplesOf(samples, "group");
  const quota = groups.at(-1)?.cpuLimitCores ?? null;
  const limits = [quota, cpusAllowed].filter((cores) => cores !== null);
  const of = limits.length === 0 ? null : Math.min(...limits);
  const rise = (points: { value: number }[]) => (points.at(-1)?.value ?? 0) - (points[0]?.value ?? 0);
  const periods = rise(pointsOf(groups, ({ cpuPeriods }) => cpuPeriods));
  const share = periods <= 0 ? null : rise(pointsOf(groups, ({ throttledPeriods }) => throttledPeriods)) / periods;
  const used = perSecond / 1000;
  const isFull = (of !== null && used >= allCores * of) || (share ?? 0) >= throttledShare;
  const by = quota !== null && quota === of ? "quota" : "cpus";
  return [
    limitOf({
      ...{ limit: "cpu", subject, used, of, perSecond: null, secondsToFull: isFull ? 0 : null },
      ...{ unit: "cores", detail: { kind: "cpu", by, throttledShare: share } },
    }),
  ];
}

/** A rate without a limit: what of the segments sent was sent again. */
function retransmits({ samples }: Seen): Limit[] {
  const counters = samplesOf(samples, "counters");
  const again = perSecondOf(pointsOf(counters, ({ values }) => values.RetransSegs ?? null));
  const sent = perSecondOf(pointsOf(counters, ({ values }) => values.OutSegs ?? null));
  if (again === null || sent === null || again <= 0) return [];
  return [
    limitOf({
      ...{ limit: "retransmits", subject: "the namespace", used: again, of: null, perSecond: null },
      ...{ secondsToFull: null, unit: "segments/s", detail: { kind: "sent", perSecond: sent } },
    }),
  ];
}
