import { analyze } from "../../harness/analysis/analyze.ts";
import type { ReportInput } from "../../harness/report/report-input.ts";
import type { ProfileRecord } from "../../harness/results/run.ts";
import type { TrialRecord } from "../../harness/results/trial.ts";
import { clusterPlatform } from "./record-parts.ts";
import { type StoredRun, storedRun } from "./stories.ts";
import { exhaustedTrial, profileRecord, type TrialOverrides, trialRecord } from "./trial-builder.ts";

const reuse = { "net.ipv4.tcp_tw_reuse": "1" };

/** The port-exhaustion story in a cluster, one profile by each of two routes, in two blocks, with four k6 pods. */
export function clusterRun(): StoredRun {
  const by = (route: string): ProfileRecord => ({ ...profileRecord(route, reuse), route });
  const onNode = (make: (overrides: TrialOverrides) => TrialRecord, route: string) => (overrides: TrialOverrides) => ({
    ...make({ ...overrides, load: { startSkewMs: 1.2 } }),
    platform: clusterPlatform({ route, runners: 4, runnerNodes: ["node-b", "node-c"] }),
  });
  const story = storedRun(2, [
    [{ ...profileRecord("baseline"), route: "pod-sysctls" }, onNode(exhaustedTrial, "pod-sysctls")],
    [by("pod-sysctls"), onNode(trialRecord, "pod-sysctls")],
    [by("privileged-init"), onNode(trialRecord, "privileged-init")],
  ]);
  const { provenance } = story.run;
  provenance.engine = "image grafana/k6:2.2.0";
  provenance.environment = {
    kind: "kubernetes",
    cluster: "eks-karpenter",
    clusterFile: "/clusters/eks-karpenter/cluster.yaml",
    rootless: true,
    kubernetes: { version: "v1.34.3", context: "prod", namespace: "load-tests" },
    containers: null,
  };
  return story;
}

/** The same as a report takes it; without time series. */
export function clusterReport(): ReportInput {
  const { run, trials } = clusterRun();
  return { run, trials, analysis: analyze(run, trials), series: [] };
}
