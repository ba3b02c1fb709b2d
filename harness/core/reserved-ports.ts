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
