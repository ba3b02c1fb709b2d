import { dottedKey, isOfNamespaces } from "./keys.ts";
import { scopeOf, settingOf } from "./settings.ts";

/** Which sysctls a pod may have, by the version of Kubernetes. */

/** How a key can reach a pod. safe: anywhere. unsafe: where the node's kubelet allows it. node: never, the node itself has it. */
export type Reach =
  | { kind: "safe"; since: number; kernel: string | null }
  | { kind: "unsafe"; safeFrom: number | null }
  | { kind: "node" };

/**
 * How a key reaches a pod of Kubernetes 1.`minor`. Pod Security's levels baseline and restricted let the kubelet's safe ones through,
 * by the same versions. Of net.* the kubelet lets the machine's through as well, and runc then fails.
 */
export function reachOf(key: string, minor: number): Reach {
  const scope = scopeOf(key);
  if (scope === null ? !isOfNamespaces(key) : scope.kind === "machine") return { kind: "node" };
  const safe = settingOf(key)?.safe ?? null;
  if (safe === null) return { kind: "unsafe", safeFrom: null };
  return safe.sinceMinor <= minor
    ? { kind: "safe", since: safe.sinceMinor, kernel: safe.kernel }
    : { kind: "unsafe", safeFrom: safe.sinceMinor };
}

/**
 * Whether a kubelet's allowlist has a key: by its name, or by the beginning that an entry with a * at its end gives. The kubelet
 * takes a name with slashes for the same with dots.
 */
export function isAllowlisted(key: string, allowedUnsafeSysctls: string[]): boolean {
  return allowedUnsafeSysctls.some((entry) => {
    const dotted = dottedKey(entry);
    return dotted.endsWith("*") ? key.startsWith(dotted.slice(0, -1)) : dotted === key;
  });
}

/** Whether a kernel (as a node tells it: "5.10.0-30-amd64") is at least another ("4.15"); null where its text has no number. */
export function kernelIsAtLeast(kernel: string, least: string): boolean | null {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(kernel) ?? [];
  const [leastMajor = 0, leastMinor = 0] = least.split(".").map(Number);
  if (major === undefined || minor === undefined) return null;
  return Number(major) > leastMajor || (Number(major) === leastMajor && Number(minor) >= leastMinor);
}

/** What looks as if it would do without a kubelet's allowlist: sentences. */
export const waysRoundAllowlist = [
  "`hostNetwork: true`: the pod then has the node's values and ports, and `net.*` beside it is refused (`may not be specified when 'hostNetwork' is true`).",
  "A privileged init container that runs `sysctl -w` works, and needs the Pod Security level privileged with a root process; with only NET_ADMIN and SYS_ADMIN it meets `Read-only file system`.",
];
