import { CapabilityError, InputError } from "../../../core/errors.ts";
import type { External } from "../../../suite/external-address.ts";
import type { ClusterApi } from "../api/cluster-api.ts";
import type { Kinds, Pod } from "../api/kinds.ts";
import { ApiRefusal } from "../api/refusal.ts";
import { selectorText } from "../observe/choose-pods.ts";

/** A Service that is installed, as it is now. */
export interface Installed {
  /** Where the load goes: the Service's own address; of a headless one each pod's. */
  addresses: string[];
  /** Those that serve, by their names. */
  pods: Pod[];
  /** Where the pods listen; null where that can't be told. */
  podPort: number | null;
}

/** Which Service, of an external target: `service` is its own. */
export type InstalledWanted = Pick<External, "port"> & { service: NonNullable<External["service"]> };

/**
 * What serves behind a Service now, in the API's namespace. Throws InputError where there is no such Service, port or selector, CapabilityError where
 * no pod of it is ready, or the account may not look.
 */
export async function findInstalled(
  api: ClusterApi,
  { service: { name, namespace }, port }: InstalledWanted,
): Promise<Installed> {
  const service = await orHint(api.get("Service", name));
  if (service === null)
    throw new InputError(`no Service ${name} in namespace ${namespace}`, { hint: hintAt(namespace) });
  const problem = problemOf(service, port);
  if (problem !== null) throw new InputError(`Service ${namespace}/${name} ${problem}`, { hint: hintAt(namespace) });
  const selector = service.spec?.selector ?? {};
  const pods = (await orHint(api.list("Pod", { labels: selectorText({ matchLabels: selector }) }))).filter(isServing);
  if (pods.length === 0) {
    throw new CapabilityError(`no pod of Service ${namespace}/${name} is ready`, {
      hint: `kubectl --namespace ${namespace} get pods --selector ${selectorText({ matchLabels: selector })}`,
    });
  }
  pods.sort((a, b) => (a.metadata?.name ?? "").localeCompare(b.metadata?.name ?? ""));
  return { pods, addresses: addressesOf(service, pods), podPort: podPortOf(service, port, pods) };
}

function hintAt(namespace: string): string {
  return `kubectl --namespace ${namespace} get services`;
}

/** What is wrong with a Service that the load is to go to; null where nothing is. Pure. */
export function problemOf({ spec }: Kinds["Service"], port: number): string | null {
  if (spec?.type === "ExternalName")
    return "is a name for something outside the cluster (ExternalName): it has no pods";
  if (Object.keys(spec?.selector ?? {}).length === 0) return "has no selector, so that its pods are not known";
  const ports = (spec?.ports ?? []).map((one) => one.port);
  return ports.includes(port) ? null : `has no port ${port}, but ${ports.join(", ")}`;
}

function isServing({ metadata, status }: Pod): boolean {
  const ready = status?.conditions?.some((condition) => condition.type === "Ready" && condition.status === "True");
  return ready === true && status?.phase === "Running" && metadata?.deletionTimestamp === undefined;
}

function addressesOf({ spec }: Kinds["Service"], pods: Pod[]): string[] {
  const own = spec?.clusterIP ?? "None";
  return own === "None" ? pods.map(({ status }) => status?.podIP ?? "") : [own];
}

/** A name stands for the port that a container of the pods has under it. A headless Service maps none. Pure. */
export function podPortOf({ spec }: Kinds["Service"], port: number, pods: Pod[]): number | null {
  if ((spec?.clusterIP ?? "None") === "None") return port;
  const target = spec?.ports?.find((one) => one.port === port)?.targetPort ?? port;
  if (typeof target === "number") return target;
  const ports = pods.flatMap((pod) => (pod.spec?.containers ?? []).flatMap((container) => container.ports ?? []));
  return ports.find(({ name }) => name === target)?.containerPort ?? null;
}

/** A right that is missing is told with the file that grants it. */
async function orHint<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof ApiRefusal && error.code === 403)) throw error;
    throw new CapabilityError(`the target can't be looked at: ${error.words}`, { hint: rightsHint, cause: error });
  }
}

export const rightsHint =
  "clusters/rbac-external.yaml grants what an external target needs in its namespace, and no more";
