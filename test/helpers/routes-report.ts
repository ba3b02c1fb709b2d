import { analyze } from "../../harness/analysis/analyze.ts";
import type { ReportInput } from "../../harness/report/report-input.ts";
import type { ProfileRecord } from "../../harness/results/run.ts";
import type { Refusal, TrialRecord } from "../../harness/results/trial.ts";
import { clusterPlatform } from "./record-parts.ts";
import { type StoredRun, storedRun } from "./stories.ts";
import { exhaustedTrial, profileRecord, type TrialOverrides, trialRecord } from "./trial-builder.ts";

const reuse = { "net.ipv4.tcp_tw_reuse": "1" };

/** What a one-node Kubernetes said of them. */
export const readOnly: Refusal = {
  route: "capabilities-init",
  words: "sysctl: error setting key 'net.ipv4.tcp_tw_reuse': Read-only file system",
  reason: "/proc/sys is mounted read-only in every container that is not privileged",
  remedy: "use the route privileged-init",
};

const hostNetwork: Refusal = {
  route: "host-network",
  words:
    'Pod "tb-001-target" is invalid: spec.securityContext.sysctls[0].name: Invalid value: "net.ipv4.tcp_tw_reuse": may not be specified when \'hostNetwork\' is true',
  reason: "a pod on the node's network has no network namespace of its own",
  remedy: "leave hostNetwork out",
};

/** One profile of the port-exhaustion story by each route, in two blocks, with four k6 pods. */
export function routesRun(): StoredRun {
  const by = (name: string, route: string, sysctls = reuse): ProfileRecord => ({
    ...profileRecord(name, sysctls),
    route,
  });
  const refused = (refusal: Refusal) => (overrides: TrialOverrides) => refusedTrial(overrides, refusal);
  const onNode = (make: (overrides: TrialOverrides) => TrialRecord, route: string) => (overrides: TrialOverrides) => ({
    ...make({ ...overrides, load: { startSkewMs: 1.2 } }),
    platform: clusterPlatform({ route, runners: 4, runnerNodes: ["node-b", "node-c"] }),
  });
  const story = storedRun(2, [
    [{ ...profileRecord("baseline"), route: "pod-sysctls" }, onNode(exhaustedTrial, "pod-sysctls")],
    [by("pod-sysctls", "pod-sysctls"), onNode(trialRecord, "pod-sysctls")],
    [by("privileged-init", "privileged-init"), onNode(trialRecord, "privileged-init")],
    [by("capabilities-init", "capabilities-init"), refused(readOnly)],
    [by("host-network", "host-network"), refused(hostNetwork)],
  ]);
  const { provenance } = story.run;
  provenance.k6 = "image grafana/k6:2.2.0";
  provenance.environment = {
    kind: "kubernetes",
    cluster: "eks-karpenter",
    clusterFile: "/clusters/eks-karpenter/cluster.yaml",
    rootless: true,
    kubernetes: { version: "v1.34.3", context: "prod", namespace: "load-tests" },
  };
  return story;
}

/** The same as a report takes it; without time series. */
export function routesReport(): ReportInput {
  const { run, trials } = routesRun();
  return { run, trials, analysis: analyze(run, trials), series: [] };
}

function refusedTrial(overrides: TrialOverrides, refusal: Refusal): TrialRecord {
  return trialRecord({
    ...overrides,
    outcome: "refused",
    refusal,
    stoppedBy: null,
    requests: 0,
    successes: 0,
    loadSeconds: 0,
  });
}
