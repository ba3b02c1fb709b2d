import type { V1HostAlias, V1Service } from "@kubernetes/client-node";
import { namespacesOf, type Told } from "./manifest/dialled.ts";
import type { Manifest } from "./manifest/manifest.ts";

/** Where a part of a manifest is in this trial: its pod, and the Services that were made for it under names of the trial's own. */
export interface PlacedPart {
  manifest: Pick<Manifest, "services" | "spec" | "namespace">;
  podAddress: string;
  /** All workloads of the run. */
  tellers: readonly Told[];
  /** As they were made, in the manifest's order. */
  services: { spec?: { clusterIP?: string } | undefined }[];
}

/**
 * The names under which other manifests dial this part, and where they lead: to the run's own pod. Straight there where a Service has the
 * pod's own ports, as an upstream is dialled; through the trial's Service where it maps them to others.
 */
export function serviceHosts({ manifest, podAddress, services, tellers }: PlacedPart): V1HostAlias[] {
  return manifest.services.map((service, i) => {
    const clusterIp = services[i]?.spec?.clusterIP ?? "None";
    const ip = hasPodsPorts(service, manifest) || clusterIp === "None" ? podAddress : clusterIp;
    return { ip, hostnames: namesOf(service, namespacesOf(service, manifest.namespace, tellers)) };
  });
}

/** As resolv.conf of the manifest's namespace would have them. */
function namesOf({ metadata }: V1Service, namespaces: string[]): string[] {
  const name = metadata?.name ?? "";
  const within = namespaces.map((namespace) => `${name}.${namespace}`);
  return [name, ...within.flatMap((own) => [own, `${own}.svc`, `${own}.svc.cluster.local`])];
}

function hasPodsPorts({ spec }: V1Service, manifest: Pick<Manifest, "spec">): boolean {
  const named = new Map(
    manifest.spec.containers.flatMap(({ ports = [] }) => ports.map((port) => [port.name, port.containerPort] as const)),
  );
  return (spec?.ports ?? []).every(({ port, targetPort = port }) => {
    return (typeof targetPort === "number" ? targetPort : named.get(targetPort)) === port;
  });
}
