/** `host:port` as URLs and logs have it: an IPv6 address in brackets. */
export function endpointText(host: string, port: number | string): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** Whether an address is reached from its own network namespace alone. */
export function isLoopback(address: string): boolean {
  return address === "::1" || address.startsWith("127.");
}
