const rangeKey = "net.ipv4.ip_local_port_range";
const reservedKey = "net.ipv4.ip_local_reserved_ports";

/**
 * A value under which no port that something listens on can be given to a connection: of a range the widest part without such a port, of
 * reserved ports those. Any other key's is as it was asked. null where no range is left, or nothing to reserve: no profile may have an empty value.
 */
export function freeValue(key: string, value: string, listening: readonly number[]): string | null {
  if (key === reservedKey) return value === "" ? reserving(listening) : value;
  const [low, high] = value.split(/\s+/).map(Number);
  if (key !== rangeKey || low === undefined || high === undefined) return value;
  return widest(low, high, listening);
}

function reserving(listening: readonly number[]): string | null {
  const ports = [...new Set(listening)].sort((one, other) => one - other);
  return ports.length === 0 ? null : ports.join(",");
}

function widest(low: number, high: number, listening: readonly number[]): string | null {
  const inside = listening.filter((port) => port >= low && port <= high).sort((one, other) => one - other);
  const starts = [low, ...inside.map((port) => port + 1)];
  const parts = starts.map((from, place) => differentParity(from, (inside[place] ?? high + 1) - 1));
  const longest = parts.reduce((most, next) => (next.to - next.from > most.to - most.from ? next : most));
  return longest.to <= longest.from ? null : `${longest.from} ${longest.to}`;
}

/** The kernel wants one bound even and one odd. */
function differentParity(from: number, to: number): { from: number; to: number } {
  return from % 2 === to % 2 ? { from: from + 1, to } : { from, to };
}
