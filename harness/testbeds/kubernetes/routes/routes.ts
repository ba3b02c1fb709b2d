import type { V1Pod } from "@kubernetes/client-node";
import type { DeliveryRoute } from "../../../suite/cluster.ts";
import type { Sysctls } from "../../../suite/suite.ts";
import { capabilitiesInit } from "./capabilities-init.ts";
import { hostNetwork } from "./host-network.ts";
import { node } from "./node.ts";
import { none } from "./none.ts";
import { podSysctls } from "./pod-sysctls.ts";
import { privilegedInit } from "./privileged-init.ts";
import type { Route, RouteContext, Routed } from "./route.ts";
import { tuningCni } from "./tuning-cni.ts";

export const routes: Record<DeliveryRoute, Route> = {
  "pod-sysctls": podSysctls,
  "privileged-init": privilegedInit,
  "capabilities-init": capabilitiesInit,
  "host-network": hostNetwork,
  node,
  "tuning-cni": tuningCni,
  none,
};

/**
 * Puts settings on a pod by a route, and says what must be made before it.
 * @throws InputError where the two together would change a node
 */
export function applyRoute(route: DeliveryRoute, pod: V1Pod, settings: Sysctls, context: RouteContext): Routed {
  return routes[route].apply(pod, settings, context);
}
