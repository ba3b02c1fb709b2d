import type {
  CoreV1Event,
  V1ConfigMap,
  V1Job,
  V1Lease,
  V1Namespace,
  V1NetworkPolicy,
  V1NetworkPolicyIngressRule,
  V1NetworkPolicyPeer,
  V1NetworkPolicySpec,
  V1Node,
  V1ObjectMeta,
  V1Pod,
  V1Role,
  V1RoleBinding,
  V1Secret,
  V1SelfSubjectAccessReview,
  V1Service,
  V1ServiceAccount,
} from "@kubernetes/client-node";

/**
 * An object as the API's JSON has it: client-node's types, with moments as text (RFC 3339), as nothing here is
 * deserialised.
 */
export type Wire<T> = T extends Date ? string : T extends object ? { [K in keyof T]: Wire<T[K]> } : T;

/** A network that Multus attaches to a pod beside its own (k8s.cni.cncf.io/v1). */
export interface NetworkAttachment {
  apiVersion?: string;
  kind?: string;
  metadata?: Wire<V1ObjectMeta>;
  spec: { config: string };
}

/** What may come into pods. client-node calls `from` of a rule `_from`, and turns it back where it serialises. */
export interface NetworkPolicy extends Omit<V1NetworkPolicy, "spec"> {
  spec: Omit<V1NetworkPolicySpec, "ingress"> & {
    ingress: (Omit<V1NetworkPolicyIngressRule, "_from"> & { from: V1NetworkPolicyPeer[] })[];
  };
}

/** The kinds that this house talks about, each as it comes from the API. */
export interface Kinds {
  ConfigMap: Wire<V1ConfigMap>;
  Event: Wire<CoreV1Event>;
  Job: Wire<V1Job>;
  Lease: Wire<V1Lease>;
  Namespace: Wire<V1Namespace>;
  NetworkAttachmentDefinition: NetworkAttachment;
  NetworkPolicy: Wire<NetworkPolicy>;
  Node: Wire<V1Node>;
  Pod: Wire<V1Pod>;
  Role: Wire<V1Role>;
  RoleBinding: Wire<V1RoleBinding>;
  Secret: Wire<V1Secret>;
  SelfSubjectAccessReview: Wire<V1SelfSubjectAccessReview>;
  Service: Wire<V1Service>;
  ServiceAccount: Wire<V1ServiceAccount>;
}
export type Kind = keyof Kinds;

export type Pod = Kinds["Pod"];
export type Event = Kinds["Event"];

/** What an object that is to be made needs to have: apiVersion and kind of a kind above. */
export interface ApiObject {
  apiVersion?: string;
  kind?: string;
  metadata?: { name?: string; namespace?: string };
}

/** Where the API has each kind. */
const places: Record<Kind, { group: string; plural: string; namespaced: boolean }> = {
  ConfigMap: { group: "api/v1", plural: "configmaps", namespaced: true },
  Event: { group: "api/v1", plural: "events", namespaced: true },
  Job: { group: "apis/batch/v1", plural: "jobs", namespaced: true },
  Lease: { group: "apis/coordination.k8s.io/v1", plural: "leases", namespaced: true },
  NetworkAttachmentDefinition: {
    group: "apis/k8s.cni.cncf.io/v1",
    plural: "network-attachment-definitions",
    namespaced: true,
  },
  Namespace: { group: "api/v1", plural: "namespaces", namespaced: false },
  NetworkPolicy: { group: "apis/networking.k8s.io/v1", plural: "networkpolicies", namespaced: true },
  Node: { group: "api/v1", plural: "nodes", namespaced: false },
  Pod: { group: "api/v1", plural: "pods", namespaced: true },
  Role: { group: "apis/rbac.authorization.k8s.io/v1", plural: "roles", namespaced: true },
  RoleBinding: { group: "apis/rbac.authorization.k8s.io/v1", plural: "rolebindings", namespaced: true },
  Secret: { group: "api/v1", plural: "secrets", namespaced: true },
  SelfSubjectAccessReview: {
    group: "apis/authorization.k8s.io/v1",
    plural: "selfsubjectaccessreviews",
    namespaced: false,
  },
  Service: { group: "api/v1", plural: "services", namespaced: true },
  ServiceAccount: { group: "api/v1", plural: "serviceaccounts", namespaced: true },
};

/** `/api/v1/namespaces/perf/pods`, or of one object, or of a subresource of it; every name escaped. */
export function pathOf(kind: Kind, namespace: string, ...rest: string[]): string {
  const { group, plural, namespaced } = places[kind];
  const within = namespaced ? ["namespaces", namespace] : [];
  return `/${group}/${[...within, plural, ...rest].map(encodeURIComponent).join("/")}`;
}

/** The kind of an object; throws where it is none of ours, which is a bug of the caller. */
export function kindOf(object: ApiObject): Kind {
  const kind = object.kind ?? "";
  if (!Object.hasOwn(places, kind)) throw new Error(`no place in the API known for the kind ${kind}`);
  return kind as Kind;
}
