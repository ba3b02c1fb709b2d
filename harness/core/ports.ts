/** The ports that connect() chooses from. */
export const portRangeKey = "net.ipv4.ip_local_port_range";

/** Those of them that it leaves alone. */
export const reservedPortsKey = "net.ipv4.ip_local_reserved_ports";

/** Whether it takes one in TIME_WAIT. */
export const reuseKey = "net.ipv4.tcp_tw_reuse";

/** Both ends belong to it. */
export interface PortRange {
  low: number;
  high: number;
}

/** What a new namespace begins with (net/ipv4/af_inet.c, inet_init_net). */
export const kernelPortRange: PortRange = { low: 32_768, high: 60_999 };

/** `32768 60999`, the blank as the kernel (a tab) or people have it; null for what the kernel would not read as two ports. */
export function parsePortRange(value: string): PortRange | null {
  const match = /^\s*(\d{1,5})\s+(\d{1,5})\s*$/.exec(value);
  return match === null ? null : { low: Number(match[1]), high: Number(match[2]) };
}

export function portsIn({ low, high }: PortRange): number {
  return high - low + 1;
}

/** What connect() may use in a role's namespace. */
export interface RolePorts {
  range: PortRange;
  /** Reserved ports inside the range. */
  reserved: number;
  /** The range minus the reserved ports. */
  usable: number;
  maxTimeWaitBuckets: number | null;
}

/** Port arithmetic of one role by the settings as read inside; null where its range could not be read. */
export function portsOf(
  settings: readonly { role: string; key: string; effective: string | null }[],
  role: string,
): RolePorts | null {
  const value = (key: string) =>
    settings.find((setting) => setting.role === role && setting.key === key)?.effective ?? null;
  const range = parsePortRange(value(portRangeKey) ?? "");
  if (range === null) return null;
  const reserved = reservedWithin(value(reservedPortsKey) ?? "", range);
  const buckets = value("net.ipv4.tcp_max_tw_buckets");
  return {
    range,
    reserved,
    usable: portsIn(range) - reserved,
    maxTimeWaitBuckets: buckets === null ? null : Number(buckets),
  };
}

/** "8080,9000-9010" (ip_local_reserved_ports): how many of these lie in the range, each once. */
export function reservedWithin(value: string, { low, high }: PortRange): number {
  const ports = new Set<number>();
  for (const part of value.split(",")) {
    const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(part.trim());
    if (match === null) continue;
    const first = Math.max(low, Number(match[1]));
    const last = Math.min(high, Number(match[2] ?? match[1]));
    for (let port = first; port <= last; port++) ports.add(port);
  }
  return ports.size;
}
