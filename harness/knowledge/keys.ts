import { didYouMean } from "../core/nearest.ts";
import { scopeOf, settings } from "./settings.ts";

/**
 * Sysctl keys that a suite may set: of families that network or IPC namespaces keep apart. Any other would be the machine's own,
 * which is never written. Whether a key exists and takes a value is the kernel's answer, at preflight.
 */

/** Words joined by single dots; no slash, so that a key can never leave /proc/sys. */
export const sysctlKeyPattern = /^[a-z][a-z0-9_-]*(\.[A-Za-z0-9_-]+)+$/;

/** The same, of the families that namespaces keep apart: what an editor can say of a key. */
export const privateKeyPattern =
  /^(?:net\.[A-Za-z0-9_-]|kernel\.shm|kernel\.msg|kernel\.sem$|fs\.mqueue\.)[A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)*$/;

const sysctlKeyAllowed =
  "a sysctl as words joined by dots, such as net.ipv4.tcp_tw_reuse, of a family that namespaces keep apart: net.*, kernel.shm*, kernel.msg*, kernel.sem, fs.mqueue.*";

/** What is wrong with a key, as a sentence; null where it may be asked for. */
export function sysctlKeyProblem(key: string): string | null {
  if (!sysctlKeyPattern.test(key)) {
    const dotted = dottedKey(key);
    const hint = dotted !== key && sysctlKeyPattern.test(dotted) ? `; did you mean "${dotted}"?` : likeKnown(key);
    return `${JSON.stringify(key)} is not a sysctl key; use ${sysctlKeyAllowed}${hint}`;
  }
  const scope = scopeOf(key);
  if (key.startsWith("net.") && scope?.kind === "machine" && scope.inside === "writable") {
    return `${key} is ${scope.governs}, though every namespace shows it, and tunebench never writes it`;
  }
  if (isOfNamespaces(key)) return null;
  return `${key} is the machine's own setting, shared by all namespaces, and tunebench never writes those; use a key of net.*, kernel.shm*, kernel.msg*, kernel.sem or fs.mqueue.*${likeKnown(key)}`;
}

/** Whether a key is of a family that the kubelet, and a suite, takes for private to a namespace; some of net.* are not all the same. */
export function isOfNamespaces(key: string): boolean {
  return /^(net\..|kernel\.shm|kernel\.msg|kernel\.sem$|fs\.mqueue\.)/.test(key);
}

/**
 * Whether a write inside a new namespace stays there: true only where a record or a family says so. That a key is visible and takes
 * a write is no proof.
 */
export function isKnownPrivate(key: string): boolean {
  return scopeOf(key)?.kind === "private";
}

/** The interface that a key is about: eth0 of net.ipv4.conf.eth0.rp_filter; null for any other key. */
export function interfaceOf(key: string): string | null {
  return /^net\.[a-z0-9]+\.(?:conf|neigh)\.([^.]+)\./.exec(key)?.[1] ?? null;
}

/** `net/core/somaxconn` -> net.core.somaxconn: sysctl(8) and the kubelet take both. */
export function dottedKey(key: string): string {
  return key.replaceAll("/", ".");
}

/** File of a key: net.ipv4.tcp_tw_reuse is /proc/sys/net/ipv4/tcp_tw_reuse. The key must have passed sysctlKeyProblem. */
export function procFile(key: string): string {
  return `/proc/sys/${key.replaceAll(".", "/")}`;
}

/** A value with white space as one blank: the kernel puts tabs between the fields, people put what they like. */
export function normalValue(value: string): string {
  return value.trim().replace(/\s+/g, " ");
}

/** `; did you mean "net.core.somaxconn"?`, or nothing. */
function likeKnown(key: string): string {
  return didYouMean(
    key,
    settings.filter(({ scope }) => scope.kind === "private").map((setting) => setting.key),
  );
}
