import { platformsOf } from "../analysis/trial-platforms.ts";
import { formatMilliseconds } from "../core/units.ts";
import type { ReportInput } from "./report-input.ts";

/** The cluster that a run's parts were in, and the nodes they came to: names and what they were; [] on this machine. */
export function clusterFacts({ run, trials }: ReportInput): [string, string][] {
  const { cluster, kubernetes } = run.provenance.environment;
  if (kubernetes === null) return [];
  const routes = [...new Set(run.profiles.flatMap(({ route }) => route ?? []))];
  const seen = platformsOf(trials);
  const facts: [string, string[] | null][] = [
    ["Cluster", [`${cluster} (context ${kubernetes.context}), namespace ${kubernetes.namespace}`]],
    ["Kubernetes", [kubernetes.version]],
    ["Settings reach the pods by", routes],
    ["Nodes of the target", seen?.nodes ?? null],
    ["Instance type", seen?.instanceTypes ?? null],
    ["Kernel", seen?.kernels ?? null],
    ["Nodes' system", seen?.osImages ?? null],
    ["Container runtime", seen?.containerRuntimes ?? null],
    ["Kubelet", seen?.kubelets ?? null],
    ["Load from", runnersWords(seen)],
  ];
  return facts.flatMap(([name, values]): [string, string][] =>
    values === null || values.length === 0 ? [] : [[name, values.join(", ")]],
  );
}

/** "4 pods on node-b and node-c, begun within 1.2 ms of one another" */
function runnersWords(seen: ReturnType<typeof platformsOf>): string[] {
  if (seen === null || seen.runners === null) return [];
  const { fewest, most } = seen.runners;
  const count = `${fewest === most ? most : `${fewest} to ${most}`} ${most === 1 ? "pod" : "pods"}`;
  const where = seen.runnerNodes.length === 0 ? "" : ` on ${seen.runnerNodes.join(", ")}`;
  const skew = seen.mostSkewMs === null ? "" : `, begun within ${formatMilliseconds(seen.mostSkewMs)} of one another`;
  return [`${count}${where}${skew}`];
}
