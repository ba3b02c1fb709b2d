import type { Pod } from "../api/kinds.ts";
import { parseQuantity } from "../api/quantity.ts";

/** What a container may use, as its pod's spec says; null: no limit. */
export interface PodLimits {
  memoryBytes: number | null;
  cpuCores: number | null;
}

/** Of a container; where it has no limit of its own the pod's, which all its containers share (since 1.34). */
export function podLimits(pod: Pod, container: string): PodLimits {
  const own = pod.spec?.containers.find(({ name }) => name === container)?.resources?.limits ?? {};
  const shared = pod.spec?.resources?.limits ?? {};
  return {
    memoryBytes: parseQuantity(own.memory ?? shared.memory),
    cpuCores: parseQuantity(own.cpu ?? shared.cpu),
  };
}
