import type { Pod } from "../api/kinds.ts";

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
    memoryBytes: quantity(own.memory ?? shared.memory),
    cpuCores: quantity(own.cpu ?? shared.cpu),
  };
}

/** Suffixes of a quantity (apimachinery, resource.Quantity): binary, decimal, and the small ones. */
const suffixes: Record<string, number> = {
  ...{ n: 1e-9, u: 1e-6, m: 1e-3, "": 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18 },
  ...{ Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50, Ei: 2 ** 60 },
};

/** "512Mi" -> 536870912, "500m" -> 0.5, "1e3" -> 1000; null where it is none. */
export function quantity(text: string | undefined): number | null {
  const [, digits, exponent, suffix = ""] =
    /^\+?(\d+(?:\.\d*)?|\.\d+)(?:([eE][+-]?\d+)|([a-zA-Z]*))$/.exec(text ?? "") ?? [];
  const factor = suffixes[suffix];
  if (digits === undefined || factor === undefined) return null;
  return Number(`${digits}${exponent ?? ""}`) * factor;
}
