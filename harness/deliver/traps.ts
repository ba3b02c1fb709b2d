/** What looks as if it would do, and does not: as it was met on real clusters. */

export const schemaTrap =
  "`spec.kubelet.allowedUnsafeSysctls` of the EC2NodeClass: there is no such field, the API server answers `field not declared in schema`. The list goes into the NodeConfig of `spec.userData`.";

/** Setting the node's own value, by whichever way the platform has. */
export function nodeTrap(way: string): string {
  return `The key in the node's ${way}: a pod has a network namespace of its own, which begins with the kernel's defaults, so it goes on reading its default (4096 for \`net.core.somaxconn\`).`;
}

export const kebabTrap =
  "`allowed-unsafe-sysctls` in a kubelet configuration file: that is the flag's name; the file's field is `allowedUnsafeSysctls`. The kubelet logs `Using lenient decoding as strict decoding failed`, starts all the same, and allows nothing.";

/** Ways round the allowlist, on any platform. */
export const commonTraps = [
  "`hostNetwork: true`: the pod then has the node's values and ports, and `net.*` beside it is refused (`may not be specified when 'hostNetwork' is true`).",
  "A privileged init container that runs `sysctl -w` works, and needs the Pod Security level privileged with a root process; with only NET_ADMIN and SYS_ADMIN it meets `Read-only file system`.",
];
