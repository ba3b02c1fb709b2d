import type { V1Pod } from "@kubernetes/client-node";
import { edited } from "./edit.ts";
import { withSysctls } from "./pod-sysctls.ts";
import type { Route } from "./route.ts";

export const hostNetwork: Route = {
  podSecurity: "privileged",
  needs:
    "The pod has the node's network (hostNetwork: true), so the node's values and ports. Settings of its own beside it are refused by the API server.",
  apply: (pod, settings) => ({ pod: withSysctls(onHostNetwork(pod), settings), others: [] }),
};

/** ClusterFirst means the node's own resolver there, unless it is said in full. */
function onHostNetwork(pod: V1Pod): V1Pod {
  const { dnsPolicy = "ClusterFirst" } = pod.spec ?? {};
  return edited(pod, {
    hostNetwork: true,
    dnsPolicy: dnsPolicy === "ClusterFirst" ? "ClusterFirstWithHostNet" : dnsPolicy,
  });
}
