import type { ClusterApi } from "../api/cluster-api.ts";
import type { Kinds, Pod } from "../api/kinds.ts";
import { ApiRefusal } from "../api/refusal.ts";

/** Names of addresses, for people: "10.96.0.7" -> "Service shop/db". */
export type AddressNames = Record<string, string>;

/**
 * Of Services, in the whole cluster where the account may list them, else of the namespace, else of none; and of the pods that are known
 * anyway. What goes to a Service has its address in the pod's table: the node puts a pod's in its place later.
 */
export async function addressNames(api: ClusterApi, pods: readonly Pod[]): Promise<AddressNames> {
  return { ...podNames(pods), ...serviceNames(await servicesSeen(api)) };
}

async function servicesSeen(api: ClusterApi): Promise<Kinds["Service"][]> {
  const everywhere = async () => ((await api.read("/api/v1/services")) as { items: Kinds["Service"][] }).items;
  return (await unlessForbidden(everywhere())) ?? (await unlessForbidden(api.list("Service"))) ?? [];
}

async function unlessForbidden<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ApiRefusal && error.code === 403) return null;
    throw error;
  }
}

/** By each address of theirs: the cluster's own, and those from outside. */
export function serviceNames(services: readonly Kinds["Service"][]): AddressNames {
  return Object.fromEntries(
    services.flatMap(({ metadata, spec, status }) => {
      const name = `Service ${metadata?.namespace}/${metadata?.name}`;
      const balancers = (status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => ip ?? []);
      const addresses = [...(spec?.clusterIPs ?? [spec?.clusterIP ?? ""]), ...(spec?.externalIPs ?? []), ...balancers];
      return addresses.filter((address) => address !== "" && address !== "None").map((address) => [address, name]);
    }),
  );
}

/** Not of pods on their node's network: their address is the node's. */
export function podNames(pods: readonly Pod[]): AddressNames {
  return Object.fromEntries(
    pods
      .filter(({ spec, status }) => spec?.hostNetwork !== true && status?.podIP !== undefined)
      .map(({ metadata, status }) => [status?.podIP ?? "", `pod ${metadata?.namespace}/${metadata?.name}`]),
  );
}
