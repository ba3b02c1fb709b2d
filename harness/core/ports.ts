/** What connect() may use in a role's namespace. */
export interface RolePorts {
  range: { low: number; high: number };
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
  const bounds = value("net.ipv4.ip_local_port_range")?.split(/\s+/).map(Number);
  const [low, high] = bounds ?? [];
  if (low === undefined || high === undefined) return null;
  const reserved = reservedWithin(value("net.ipv4.ip_local_reserved_ports") ?? "", low, high);
  const buckets = value("net.ipv4.tcp_max_tw_buckets");
  return {
    range: { low, high },
    reserved,
    usable: high - low + 1 - reserved,
    maxTimeWaitBuckets: buckets === null ? null : Number(buckets),
  };
}

/** "8080,9000-9010" (ip_local_reserved_ports): how many of these lie in the range, each once. */
export function reservedWithin(value: string, low: number, high: number): number {
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
