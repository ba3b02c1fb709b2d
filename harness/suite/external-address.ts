import { isIPv4, isIPv6 } from "node:net";

/** `host:port` of a service that is there already: an IPv4 address, an IPv6 address in brackets, or a DNS name. */

export const externalPattern = /^(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9.-]{1,253}):([1-9][0-9]{0,4})$/;
export const externalAllowed = "host:port, such as db.example.org:3306, 10.0.0.7:3306 or [2001:db8::7]:3306";

/** What can't stand beside `external`: what is there already is never started. */
export const startedOnlyKeys = [
  "command",
  "port",
  "ready",
  "env",
  "sysctls",
  "cpus",
  "privileged",
  "ordinaryUser",
  "writable",
  "rps",
  "kubernetes",
];

/** null where the host is no address and no name, or the port is beyond 65535. */
export function parseExternal(written: string): { host: string; port: number } | null {
  const [, host = "", digits = ""] = externalPattern.exec(written) ?? [];
  const port = Number(digits);
  if (port < 1 || port > 65_535) return null;
  if (host.startsWith("[")) return isIPv6(host.slice(1, -1)) ? { host: host.slice(1, -1), port } : null;
  return isIPv4(host) || isDnsName(host) ? { host, port } : null;
}

/** RFC 1123, with a letter in the last label: what ends in digits only is meant as an address, and is a wrong one. */
function isDnsName(host: string): boolean {
  const labels = host.split(".");
  return labels.every((label) => dnsLabel.test(label)) && /[A-Za-z]/.test(labels.at(-1) ?? "");
}

const dnsLabel = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;
