import { isTargetRole } from "../../core/roles.ts";
import type { PredictedWalls } from "../../results/prediction.ts";
import type { DestinationPorts, PortsSample, Role, Sample, SocketsSample } from "../../results/samples.ts";
import type { PortSeries } from "./page-data.ts";
import { everyNth, significant } from "./thin.ts";

interface PortsLook {
  seconds: number;
  timeWait: number | null;
  inUse: number | null;
}

/**
 * The target's TIME_WAITs (fast, sockstat) and its ports in use to the busiest destination (slower, the TCP table) on
 * one time axis, of several copies those of the one that held the most ports; null where the target was never seen with an outgoing connection: its TIME_WAITs then use no port of its range.
 */
export function portSeries(
  samples: Sample[],
  firstRequestMs: number,
  points: number,
  predicted: PredictedWalls | undefined,
): PortSeries | null {
  const role = busiestCopy(samples);
  const tables = samples.filter((sample): sample is PortsSample => sample.kind === "ports" && sample.role === role);
  const usable = tables.at(-1)?.usable ?? predicted?.usablePorts ?? null;
  const busiest = busiestDestination(tables);
  const sockets = samples.filter(
    (sample): sample is SocketsSample => sample.kind === "sockets" && sample.role === role,
  );
  if (usable === null || busiest === null) return null;
  const at = (sample: Sample) => significant((sample.atMs - firstRequestMs) / 1000, 5);
  const looks: PortsLook[] = [
    ...everyNth(sockets, points).map((look) => ({ seconds: at(look), timeWait: look.timeWait, inUse: null })),
    ...everyNth(tables, points).map((look) => ({ seconds: at(look), timeWait: null, inUse: inUseTo(look, busiest) })),
  ].toSorted((one, other) => one.seconds - other.seconds);
  const merged = joinSameInstant(looks);
  return {
    seconds: merged.map((look) => look.seconds),
    timeWait: merged.map((look) => look.timeWait),
    inUse: merged.map((look) => look.inUse),
    used: usedPorts(merged),
    usable,
    cliffExpected: predicted === undefined || predicted.cliffPorts !== null,
  };
}

/**
 * Reading the whole table is dear and so done seldom; sockstat is cheap but counts every TIME_WAIT of the namespace,
 * also those of connections that clients opened. Where the busiest look at the table found most of them to be outgoing,
 * sockstat fills the time between.
 */
function usedPorts(looks: PortsLook[]): (number | null)[] {
  const fullest = looks.reduce(
    (most, look, index) => ((look.inUse ?? 0) > (looks[most]?.inUse ?? 0) ? index : most),
    0,
  );
  const near = looks.slice(0, fullest + 1).findLast(({ timeWait }) => timeWait !== null)?.timeWait ?? 0;
  const mostlyOutgoing = (looks[fullest]?.inUse ?? 0) >= 0.8 * near;
  return looks.map(({ inUse, timeWait }) => inUse ?? (mostlyOutgoing ? timeWait : null));
}

/** Each copy has ports of its own: the one that ever held the most towards a destination meets its wall first. */
function busiestCopy(samples: Sample[]): Role {
  let [busiest, most] = ["target", 0];
  for (const sample of samples) {
    if (sample.kind !== "ports" || !isTargetRole(sample.role)) continue;
    const inUse = Math.max(0, ...sample.destinations.map((destination) => destination.inUse));
    if (inUse > most) [busiest, most] = [sample.role, inUse];
  }
  return busiest;
}

/** The destination that ever held the most ports: exhaustion is per destination, and a chart follows one. */
function busiestDestination(tables: PortsSample[]): string | null {
  const all = tables.flatMap((table) => table.destinations);
  const most = all.reduce<DestinationPorts | null>(
    (max, one) => (max === null || one.inUse > max.inUse ? one : max),
    null,
  );
  return most === null ? null : nameOf(most);
}

function inUseTo(look: PortsSample, name: string | null): number {
  return look.destinations.find((destination) => nameOf(destination) === name)?.inUse ?? 0;
}

function nameOf({ address, port }: DestinationPorts): string {
  return `${address} ${port}`;
}

function joinSameInstant(looks: PortsLook[]): PortsLook[] {
  const joined: PortsLook[] = [];
  for (const look of looks) {
    const last = joined.at(-1);
    if (last === undefined || last.seconds !== look.seconds) joined.push({ ...look });
    else
      joined[joined.length - 1] = {
        ...last,
        timeWait: last.timeWait ?? look.timeWait,
        inUse: last.inUse ?? look.inUse,
      };
  }
  return joined;
}
