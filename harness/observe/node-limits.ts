import { rises } from "../detect/deltas.ts";
import type { LiveSample } from "../results/live-samples.ts";
import type { ConntrackCounts } from "../results/samples.ts";
import { fill, growth } from "./forecast.ts";
import { limitOf } from "./limit.ts";
import type { Limit } from "./observation.ts";
import type { Seen } from "./seen.ts";
import { perSecondOf, pointsOf, samplesOf } from "./series.ts";

/** At this share of its time in softirqs a CPU takes no more packets. */
const busySoftirqs = 0.95;

/** Connection tracking of the machine's own namespace, and its CPU that does most softirqs. */
export function nodeLimits(samples: readonly LiveSample[]): Limit[] {
  return [...conntrackLimit(samplesOf(samples, "node"), "the node"), ...softirqLimit(samples)];
}

/** Connection tracking of a namespace that has a table of its own. */
export function trackingLimits({ samples }: Seen): Limit[] {
  return conntrackLimit(samplesOf(samples, "tracking"), "the namespace");
}

function conntrackLimit(looks: readonly (ConntrackCounts & { atMs: number })[], subject: string): Limit[] {
  const last = looks.at(-1);
  // Nothing is tracked where it is loaded and no rule of the namespace asks for it.
  if (last === undefined || last.conntrackCount === null || last.conntrackCount === 0) return [];
  const { conntrackCount: used, conntrackMax: of } = last;
  const perSecond = growth(pointsOf(looks, ({ conntrackCount }) => conntrackCount));
  const drops = perSecondOf(pointsOf(looks, ({ conntrackDrops }) => conntrackDrops));
  return [
    limitOf({
      ...{ limit: "conntrack", subject, used, of, perSecond, unit: "entries" },
      secondsToFull:
        (drops ?? 0) > 0 && used >= 0.8 * (of ?? Infinity) ? 0 : of === null ? null : fill(used, of, perSecond),
      detail: { kind: "drops", perSecond: drops },
    }),
  ];
}

function softirqLimit(samples: readonly LiveSample[]): Limit[] {
  const looks = samplesOf(samples, "node");
  const [first, last] = [looks[0], looks.at(-1)];
  if (first === undefined || last === undefined || last.atMs <= first.atMs) return [];
  const shares = rises(first.cpuSoftirqMs, last.cpuSoftirqMs).map((ms) => Math.min(1, ms / (last.atMs - first.atMs)));
  const used = Math.max(0, ...shares);
  return [
    limitOf({
      ...{ limit: "softirq", subject: `CPU ${Math.max(0, shares.indexOf(used))}`, used, of: 1, perSecond: null },
      ...{ secondsToFull: used >= busySoftirqs ? 0 : null, unit: "share", detail: { kind: "none" } },
    }),
  ];
}
