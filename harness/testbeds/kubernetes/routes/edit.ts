import type { V1Pod, V1PodSpec } from "@kubernetes/client-node";

/** A pod with other fields in its spec. */
export function edited(pod: V1Pod, changes: Partial<V1PodSpec>): V1Pod {
  return { ...pod, spec: { ...(pod.spec ?? { containers: [] }), ...changes } };
}
