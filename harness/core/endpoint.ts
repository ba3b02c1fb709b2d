/** `host:port` as URLs and logs have it: an IPv6 address in brackets. */
export function endpointText(host: string, port: number | string): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}
