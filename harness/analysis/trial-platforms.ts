import type { TrialPlatform, TrialRecord } from "../results/trial.ts";

/** Where trials ran in a cluster: each value that any of them had, once, sorted. */
export interface Platforms {
  nodes: string[];
  instanceTypes: string[];
  kernels: string[];
  osImages: string[];
  containerRuntimes: string[];
  kubelets: string[];
  runnerNodes: string[];
  /** k6 pods that shared a load, fewest and most of the trials that had one; null where none had. */
  runners: { fewest: number; most: number } | null;
  /** Longest time between the first and the last runner's begin, ms; null where it is not known of any. */
  mostSkewMs: number | null;
}

/** null where no trial ran in a cluster, or none got so far. */
export function platformsOf(trials: TrialRecord[]): Platforms | null {
  const seen = trials.flatMap(({ platform }) => platform ?? []);
  if (seen.length === 0) return null;
  const values = (field: (platform: TrialPlatform) => string | null) =>
    [...new Set(seen.flatMap((platform) => field(platform) ?? []))].sort();
  const runners = seen.map((platform) => platform.runners).filter((count) => count > 0);
  const skews = trials.flatMap(({ load }) => load.startSkewMs ?? []);
  return {
    nodes: values(({ node }) => node),
    instanceTypes: values(({ instanceType }) => instanceType),
    kernels: values(({ kernel }) => kernel),
    osImages: values(({ osImage }) => osImage),
    containerRuntimes: values(({ containerRuntime }) => containerRuntime),
    kubelets: values(({ kubelet }) => kubelet),
    runnerNodes: [...new Set(seen.flatMap(({ runnerNodes }) => runnerNodes))].sort(),
    runners: runners.length === 0 ? null : { fewest: Math.min(...runners), most: Math.max(...runners) },
    mostSkewMs: skews.length === 0 ? null : Math.max(...skews),
  };
}
