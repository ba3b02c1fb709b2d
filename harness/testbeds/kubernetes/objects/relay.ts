import type { RbacV1Subject, V1Pod, V1Role, V1RoleBinding, V1Secret, V1ServiceAccount } from "@kubernetes/client-node";
import type { RelaySettings } from "../../../pods/messages.ts";
import type { NetworkPolicy } from "../api/kinds.ts";
import { relayPermissions } from "../permissions.ts";
import { ownPodSpec, programContainer, programsVolume, restrictedPod } from "./containers.ts";
import { networkPolicies, relaySecret, secretEnv } from "./relay-access.ts";
import { metadataOf, type RunObjects } from "./run-objects.ts";

export interface RelaySpec {
  run: RunObjects;
  /** After so long it ends by itself, whatever became of the harness. */
  deadlineSeconds: number;
  settings: RelaySettings;
  /** What the run's own pods are known by. */
  secret: string;
}

/**
 * The pod that gathers the runners' exports, what it may do (an account of this run alone reads its Lease and deletes its owner), and who
 * may speak to it; `others` come first.
 */
export function relayObjects(spec: RelaySpec): {
  pod: V1Pod;
  others: (V1ServiceAccount | V1Role | V1RoleBinding | V1Secret | NetworkPolicy)[];
} {
  const name = relayName(spec.run);
  const metadata = metadataOf(spec.run, { name, component: "relay" });
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
      serviceAccountName: name,
      nodeSelector: spec.run.cluster.nodeSelector,
      tolerations: spec.run.cluster.tolerations,
      securityContext: restrictedPod(),
      containers: [
        {
          ...container,
          env: [...(container.env ?? []), secretEnv(spec.run)],
          ports: [{ name: "otlp", containerPort: relayPort }],
        },
      ],
      volumes: [programsVolume(spec.run)],
    },
  };
  const access = [relaySecret(spec.run, spec.secret), ...networkPolicies(spec.run, relayPort)];
  return { pod, others: [...accountObjects(spec.run, name), ...access] };
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
      rules: relayPermissions.map(({ group, resource, verbs }) => ({
        apiGroups: [group],
        resources: [resource],
        resourceNames: [run.runName],
        verbs: [...verbs],
      })),
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
