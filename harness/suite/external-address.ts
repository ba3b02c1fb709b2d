import { isIPv4, isIPv6 } from "node:net";
import { containerOnlyKeys } from "./schema-container.ts";

/** Where a service that is there already is reached: by its address, or by its name in the cluster. */

export interface External {
  /** An IPv4 or IPv6 address without brackets, or a DNS name. */
  host: string;
  port: number;
  /** The Service of the cluster that it is; null where only its address is known. */
  service: { name: string; namespace: string } | null;
}

export const externalPattern = /^(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9.-]{1,253}):([1-9][0-9]{0,4})$/;
/** `host:port`, an IPv6 address in brackets. */
export const externalAllowed = "host:port, such as db.example.org:3306, 10.0.0.7:3306 or [2001:db8::7]:3306";

/** What can't stand beside `external`: what is there already is never started. */
export const startedOnlyKeys = [
  "command",
  "image",
  ...containerOnlyKeys,
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

const dnsLabelPart = "[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?";
export const servicePattern = new RegExp(
  `^service/(${dnsLabelPart})\\.([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?):([1-9][0-9]{0,4})$`,
);
export const serviceAllowed = "service/NAME.NAMESPACE:PORT, such as service/web.shop:80";

/** null where the port is beyond 65535. */
export function parseService(written: string): External | null {
  const [, name = "", namespace = "", digits = ""] = servicePattern.exec(written) ?? [];
  const port = Number(digits);
  return port < 1 || port > 65_535 ? null : { host: `${name}.${namespace}.svc`, port, service: { name, namespace } };
}

/** null where the host is no address and no name, or the port is beyond 65535. */
export function parseExternal(written: string): External | null {
  const [, host = "", digits = ""] = externalPattern.exec(written) ?? [];
  const port = Number(digits);
  if (port < 1 || port > 65_535) return null;
  const service = null;
  if (host.startsWith("[")) return isIPv6(host.slice(1, -1)) ? { host: host.slice(1, -1), port, service } : null;
  return isIPv4(host) || isDnsName(host) ? { host, port, service } : null;
}

/** RFC 1123, with a letter in the last label: what ends in digits only is meant as an address, and is a wrong one. */
function isDnsName(host: string): boolean {
  const labels = host.split(".");
  return labels.every((label) => dnsLabel.test(label)) && /[A-Za-z]/.test(labels.at(-1) ?? "");
}

const dnsLabel = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;
