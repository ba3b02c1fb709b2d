import { setTimeout as wait } from "node:timers/promises";
import { CapabilityError, IncompleteError } from "../../../core/errors.ts";
import type { Scope } from "../../../core/scope.ts";
import type { Cluster } from "../../../suite/cluster.ts";
import { labelKeys, ownLabels } from "../names.ts";
import type { ClusterApi } from "./cluster-api.ts";
import { ApiRefusal } from "./refusal.ts";

/** What people keep in a namespace; metadata only is read. */
const resources = [
  "v1/pods",
  "v1/configmaps",
  "v1/secrets",
  "v1/services",
  "v1/persistentvolumeclaims",
  "v1/serviceaccounts",
  "apps/v1/deployments",
  "apps/v1/statefulsets",
  "apps/v1/daemonsets",
  "batch/v1/jobs",
  "batch/v1/cronjobs",
  "coordination.k8s.io/v1/leases",
];

/** What the cluster itself puts into each. */
const clustersOwn = ["v1/configmaps kube-root-ca.crt", "v1/serviceaccounts default"];

/** A new namespace gets its account for pods from the controller manager, in a moment. */
const accountMs = 20_000;

/**
 * Sees to it that the run's namespace is there. With `create: true` it is made where it is missing, carries the run's
 * label, and is removed again with the scope, unless others have put something into it. Throws CapabilityError where it
 * is missing or being deleted.
 */
export async function ensureNamespace(
  api: ClusterApi,
  cluster: Pick<Cluster, "create" | "file">,
  runName: string,
  scope: Scope,
): Promise<void> {
  const phase = await untilSettled(api);
  if (phase === "unknown" || phase === "Active") return;
  if (phase === "Terminating") {
    throw new CapabilityError(`the namespace ${api.namespace} is being deleted, for more than ${goingMs / 1000} s`, {
      hint: `kubectl get namespace ${api.namespace} --output=yaml shows what it waits for`,
    });
  }
  if (!cluster.create) {
    const hint = `kubectl create namespace ${api.namespace}, or \`create: true\` in ${cluster.file}`;
    throw new CapabilityError(`there is no namespace ${api.namespace} in context ${api.context}`, { hint });
  }
  const metadata = { name: api.namespace, labels: { ...ownLabels, [labelKeys.run]: runName } };
  await scope.acquire(
    `namespace ${api.namespace}`,
    () => api.create({ apiVersion: "v1", kind: "Namespace", metadata }),
    () => tearDown(api, runName),
    60_000,
  );
  await untilAccount(api);
}

/** A namespace that an earlier run made goes within seconds of its end. */
const goingMs = 60_000;

/** As phaseOf, once it is no longer being deleted, or that takes too long. */
async function untilSettled(api: ClusterApi): Promise<string> {
  const until = performance.now() + goingMs;
  for (;;) {
    const phase = await phaseOf(api);
    if (phase !== "Terminating" || performance.now() > until) return phase;
    await wait(250);
  }
}

/** An account that may not read namespaces may still run in one that is there. */
async function phaseOf(api: ClusterApi): Promise<string> {
  try {
    const found = await api.get("Namespace", api.namespace);
    return found === null ? "missing" : (found.status?.phase ?? "Active");
  } catch (error) {
    if (error instanceof ApiRefusal && error.code === 403) return "unknown";
    throw error;
  }
}

async function untilAccount(api: ClusterApi): Promise<void> {
  const until = performance.now() + accountMs;
  while ((await api.get("ServiceAccount", "default")) === null) {
    if (performance.now() > until)
      throw new IncompleteError(`the new namespace ${api.namespace} got no service account`);
    await wait(200);
  }
}

async function tearDown(api: ClusterApi, runName: string): Promise<void> {
  const others = await removeOwnNamespace(api, runName);
  if (typeof others === "string") return;
  throw new IncompleteError(`left as it is: ${others.slice(0, 5).join(", ")} in it`);
}

/**
 * Deletes the namespace where a run made it (this one, where it is named) and nothing is in it; the cluster empties it
 * after this has resolved. Resolves with what is in it where that is why it stays.
 */
export async function removeOwnNamespace(
  api: ClusterApi,
  runName?: string,
): Promise<"removed" | "not ours" | string[]> {
  const maker = await makerOf(api);
  if (maker === null || (runName !== undefined && maker !== runName)) return "not ours";
  // What the run made itself may still be going.
  const labels = `${labelKeys.run}!=${maker}`;
  const lists = resources.map(async (resource) =>
    (await api.names(resource, { labels })).map((name) => `${resource} ${name}`),
  );
  const others = (await Promise.all(lists)).flat().filter((name) => !clustersOwn.includes(name));
  if (others.length > 0) return others;
  await api.remove("Namespace", api.namespace);
  return "removed";
}

/** The run that made the namespace; null where none of ours did, it is gone or going, or this account can't tell. */
async function makerOf(api: ClusterApi): Promise<string | null> {
  try {
    const namespace = await api.get("Namespace", api.namespace);
    const going = namespace?.status?.phase === "Terminating";
    return going ? null : (namespace?.metadata?.labels?.[labelKeys.run] ?? null);
  } catch (error) {
    if (error instanceof ApiRefusal && error.code === 403) return null;
    throw error;
  }
}
