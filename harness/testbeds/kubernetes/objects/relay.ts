import type { RbacV1Subject, V1Pod, V1Role, V1RoleBinding, V1ServiceAccount } from "@kubernetes/client-node";
import type { RelaySettings } from "../../../pods/messages.ts";
import { ownPodSpec, programContainer, programsVolume, restrictedPod } from "./containers.ts";
import { metadataOf, type RunObjects } from "./run-objects.ts";

export interface RelaySpec {
  run: RunObjects;
  /** After so long it ends by itself, whatever became of the harness. */
  deadlineSeconds: number;
  settings: RelaySettings;
  /**
   * own: an account of this run alone, which may read the run's Lease and delete its owner, and nothing else.
   * shared: `tunebench-relay`, for those who may not make roles; an administrator has made it (clusters/rbac.yaml).
   */
  account: "own" | "shared";
}

/** The account of `account: shared`. */
export const sharedRelayAccount = "tunebench-relay";

/** The pod that gathers the runners' exports, and what it may do; `others` come first. */
export function relayObjects(spec: RelaySpec): {
  pod: V1Pod;
  others: (V1ServiceAccount | V1Role | V1RoleBinding)[];
} {
  const name = relayName(spec.run);
  const metadata = metadataOf(spec.run, { name, component: "relay" });
  const account = spec.account === "own" ? name : sharedRelayAccount;
  const container = programContainer(spec.run, {
    name: "relay",
    program: "relay.mjs",
    env: { TUNEBENCH_RELAY: JSON.stringify(spec.settings) },
    cpu: "100m",
    memory: ["128Mi", "512Mi"],
  });
  const pod: V1Pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { ...metadata, annotations: undisturbed },
    spec: {
      ...ownPodSpec(spec.deadlineSeconds),
      automountServiceAccountToken: true,
      serviceAccountName: account,
      nodeSelector: spec.run.cluster.nodeSelector,
      tolerations: spec.run.cluster.tolerations,
      securityContext: restrictedPod(),
      containers: [{ ...container, ports: [{ name: "otlp", containerPort: relayPort }] }],
      volumes: [programsVolume(spec.run)],
    },
  };
  return { pod, others: spec.account === "own" ? accountObjects(spec.run, name) : [] };
}

/** Where the relay takes OTLP over http. */
export const relayPort = 4318;

export function relayName(run: Pick<RunObjects, "runName">): string {
  return `${run.runName}-relay`;
}

/** Keeps Karpenter and the cluster autoscaler from moving a pod of ours for the sake of a better fit. */
export const undisturbed: Record<string, string> = {
  "karpenter.sh/do-not-disrupt": "true",
  "cluster-autoscaler.kubernetes.io/safe-to-evict": "false",
};

function accountObjects(run: RunObjects, name: string): (V1ServiceAccount | V1Role | V1RoleBinding)[] {
  const metadata = metadataOf(run, { name, component: "relay" });
  const subject: RbacV1Subject = { kind: "ServiceAccount", name, namespace: run.namespace };
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata, automountServiceAccountToken: false },
    {
      apiVersion: rbac,
      kind: "Role",
      metadata,
      rules: [
        {
          apiGroups: ["coordination.k8s.io"],
          resources: ["leases"],
          resourceNames: [run.runName],
          verbs: ["get", "list", "watch"],
        },
        { apiGroups: [""], resources: ["configmaps"], resourceNames: [run.runName], verbs: ["delete"] },
      ],
    },
    {
      apiVersion: rbac,
      kind: "RoleBinding",
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name },
      subjects: [subject],
    },
  ];
}

const rbac = "rbac.authorization.k8s.io/v1";
