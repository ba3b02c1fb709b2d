import type { V1ConfigMap, V1Container, V1PodSpec, V1Service } from "@kubernetes/client-node";

/** A workload with what it is told: commands, variables, files. Where it dials anything by name, the name is in there. */
export interface Told {
  spec: Pick<V1PodSpec, "containers" | "initContainers">;
  configMaps: Pick<V1ConfigMap, "data" | "metadata">[];
}

/**
 * Namespaces behind which a Service's name is its own: the one that is written, of it or of its workload; where none is (Helm leaves it to whoever
 * installs) every one that the workloads name with it. Pure.
 */
export function namespacesOf({ metadata }: V1Service, written: string | null, tellers: readonly Told[]): string[] {
  const own = metadata?.namespace ?? written;
  if (own !== null) return [own];
  const behind = new RegExp(
    `(?<![\\w.-])${literally(metadata?.name ?? "")}\\.([a-z0-9-]+)(?:\\.svc(?:\\.cluster\\.local\\.?)?)?(?![\\w.-])`,
    "g",
  );
  const told = tellers
    .flatMap(textsOf)
    .flatMap((text) => [...text.matchAll(behind)].map(([, namespace = ""]) => namespace));
  return [...new Set(["default", ...told])];
}

/** A workload with its Services, as a manifest has them. */
export interface Serving {
  services: V1Service[];
  /** As written. */
  namespace: string | null;
}

/** Whether a workload names a Service of another, in what all `tellers` know of namespaces. Pure. */
export function dials(told: Told, { services, namespace }: Serving, tellers: readonly Told[]): boolean {
  return services.some((service) => namesService(told, service, namespacesOf(service, namespace, tellers)));
}

/** Alone, or with one of its namespaces behind it. */
function namesService(told: Told, { metadata }: V1Service, namespaces: readonly string[]): boolean {
  const [name = "", within] = [literally(metadata?.name ?? ""), namespaces.map(literally).join("|")];
  const mention = new RegExp(
    `(?<![\\w.-])${name}(?:\\.(?:${within})(?:\\.svc(?:\\.cluster\\.local\\.?)?)?)?(?![\\w.-])`,
  );
  return textsOf(told).some((text) => mention.test(text));
}

/** Names with a namespace and `.svc` that a workload is told: cart of shop for "cart.shop.svc.cluster.local". Pure. */
export function namesInCluster(told: Told): { service: string; namespace: string }[] {
  const found = textsOf(told).flatMap((text) => [
    ...text.matchAll(/(?<![\w.-])([a-z0-9-]+)\.([a-z0-9-]+)\.svc(?![\w-])/g),
  ]);
  const named = found.map(([, service = "", namespace = ""]) => ({ service, namespace }));
  return [...new Map(named.map((one) => [`${one.service}.${one.namespace}`, one])).values()];
}

function textsOf({ spec, configMaps }: Told): string[] {
  const containers = [...(spec.initContainers ?? []), ...spec.containers];
  const written = JSON.stringify(spec);
  // A file's ConfigMaps may be another workload's.
  const used = configMaps.filter(({ metadata }) => written.includes(JSON.stringify(metadata?.name)));
  return [...containers.flatMap(textsOfContainer), ...used.flatMap(({ data }) => Object.values(data ?? {}))];
}

function textsOfContainer({ command = [], args = [], env = [] }: V1Container): string[] {
  return [...command, ...args, ...env.flatMap(({ value }) => value ?? [])];
}

function literally(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9-]/g, "\\$&");
}
