import { kernelDefault } from "../knowledge/settings.ts";

const somaxconn = "net.core.somaxconn";

/** What looks as if it would do, and does not: as it was met on real clusters. */

export const schemaTrap =
  "`spec.kubelet.allowedUnsafeSysctls` of the EC2NodeClass: there is no such field, the API server answers `field not declared in schema`. The list goes into the NodeConfig of `spec.userData`.";

/** Setting the node's own value, by whichever way the platform has. */
export function nodeTrap(way: string): string {
  return `The key in the node's ${way}: a pod has a network namespace of its own, which begins with the kernel's defaults, so it goes on reading its default (${kernelDefault(somaxconn)} for \`${somaxconn}\`).`;
}

export const kebabTrap =
  "`allowed-unsafe-sysctls` in a kubelet configuration file: that is the flag's name; the file's field is `allowedUnsafeSysctls`. The kubelet logs `Using lenient decoding as strict decoding failed`, starts all the same, and allows nothing.";
