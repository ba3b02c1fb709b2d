import { didYouMean } from "../core/nearest.ts";

/**
 * Sysctl keys that a suite may set: those known to be private to a network or IPC namespace. Any other key would be the
 * machine's own, which is never written. Whether a key exists and takes a value is the kernel's answer, at preflight.
 */

/** Words joined by single dots; no slash, so that a key can never leave /proc/sys. */
export const sysctlKeyPattern = /^[a-z][a-z0-9_-]*(\.[A-Za-z0-9_-]+)+$/;

/** Families that live in a network or IPC namespace (Documentation/admin-guide/sysctl, ipc_namespaces(7), network_namespaces(7)). */
const privateKeys = /^(net\..+|kernel\.(shm|msg)[a-z_]+|kernel\.sem|fs\.mqueue\..+)$/;

const sysctlKeyAllowed =
  "a sysctl as words joined by dots, such as net.ipv4.tcp_tw_reuse, of a family that namespaces keep apart: net.*, kernel.shm*, kernel.msg*, kernel.sem, fs.mqueue.*";

/** What is wrong with a key, as a sentence; null where it may be asked for. */
export function sysctlKeyProblem(key: string): string | null {
  if (!sysctlKeyPattern.test(key)) {
    const dotted = key.replaceAll("/", ".");
    const hint =
      dotted !== key && sysctlKeyPattern.test(dotted) ? `; did you mean "${dotted}"?` : didYouMean(key, commonKeys);
    return `${JSON.stringify(key)} is not a sysctl key; use ${sysctlKeyAllowed}${hint}`;
  }
  if (privateKeys.test(key)) return null;
  return `${key} is the machine's own setting, shared by all namespaces, and tunebench never writes those; use a key of net.*, kernel.shm*, kernel.msg*, kernel.sem or fs.mqueue.*${didYouMean(key, commonKeys)}`;
}

/** Keys that people reach for in such experiments: spellings to offer. */
const commonKeys = [
  "net.core.somaxconn",
  "net.ipv4.ip_local_port_range",
  "net.ipv4.ip_local_reserved_ports",
  "net.ipv4.tcp_fin_timeout",
  "net.ipv4.tcp_keepalive_time",
  "net.ipv4.tcp_max_syn_backlog",
  "net.ipv4.tcp_max_tw_buckets",
  "net.ipv4.tcp_rmem",
  "net.ipv4.tcp_syncookies",
  "net.ipv4.tcp_timestamps",
  "net.ipv4.tcp_tw_reuse",
  "net.ipv4.tcp_tw_reuse_delay",
  "net.ipv4.tcp_wmem",
  "kernel.msgmax",
  "kernel.sem",
  "kernel.shmmax",
  "fs.mqueue.msg_max",
];
