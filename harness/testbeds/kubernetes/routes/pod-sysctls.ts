import type { V1Pod, V1Sysctl } from "@kubernetes/client-node";
import type { Sysctls } from "../../../suite/suite.ts";
import { edited } from "./edit.ts";
import type { Route } from "./route.ts";

export const podSysctls: Route = {
  podSecurity: "restricted",
  needs:
    "The pod's securityContext.sysctls. Safe keys go anywhere; others want the node's kubelet to allow them and, in the namespace, Pod Security level privileged.",
  apply: (pod, settings) => ({ pod: withSysctls(pod, settings), others: [] }),
};

/** Settings in the pod's securityContext, in place of those of the same name. */
export function withSysctls(pod: V1Pod, settings: Sysctls): V1Pod {
  const asked: V1Sysctl[] = Object.entries(settings).map(([name, value]) => ({ name, value }));
  if (asked.length === 0) return pod;
  const { securityContext } = pod.spec ?? {};
  const kept = (securityContext?.sysctls ?? []).filter(({ name }) => !Object.hasOwn(settings, dotted(name)));
  return edited(pod, { securityContext: { ...securityContext, sysctls: [...kept, ...asked] } });
}

/** Kubernetes takes both forms of a name. */
function dotted(name: string): string {
  return name.replaceAll("/", ".");
}
