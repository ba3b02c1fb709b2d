import type { V1LabelSelector } from "@kubernetes/client-node";
import { CapabilityError, InputError } from "../../../core/errors.ts";
import { didYouMean } from "../../../core/nearest.ts";
import type { ClusterApi } from "../api/cluster-api.ts";
import type { Pod } from "../api/kinds.ts";
import { ApiRefusal } from "../api/refusal.ts";

/** What --pod and --workload ask for. */
export type PodChoice =
  | { kind: "pod"; namespace: string; name: string }
  | { kind: "workload"; namespace: string; workload: OwnerKind; name: string };

const plurals = {
  deployment: { group: "apps/v1", plural: "deployments" },
  statefulset: { group: "apps/v1", plural: "statefulsets" },
  daemonset: { group: "apps/v1", plural: "daemonsets" },
  replicaset: { group: "apps/v1", plural: "replicasets" },
  job: { group: "batch/v1", plural: "jobs" },
} as const;
export type OwnerKind = keyof typeof plurals;
export const ownerKinds = Object.keys(plurals) as OwnerKind[];

const namePattern = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;

/** NS/NAME. Throws InputError for anything else. */
export function podChoice(typed: string): PodChoice {
  const [namespace = "", name = "", ...more] = typed.split("/");
  if (more.length === 0 && namePattern.test(namespace) && namePattern.test(name))
    return { kind: "pod", namespace, name };
  throw new InputError(`--pod ${JSON.stringify(typed)} is no NAMESPACE/NAME`, {
    hint: "such as --pod shop/web-7d9f4c6b8-x2x9l",
  });
}

/** NS/KIND/NAME; a kind as kubectl takes it: deployment, deployments, deploy. Throws InputError for anything else. */
export function workloadChoice(typed: string): PodChoice {
  const [namespace = "", written = "", name = "", ...more] = typed.split("/");
  if (more.length > 0 || ![namespace, name].every((part) => namePattern.test(part))) {
    throw new InputError(`--workload ${JSON.stringify(typed)} is no NAMESPACE/KIND/NAME`, {
      hint: "such as --workload shop/deployment/web",
    });
  }
  return { kind: "workload", namespace, workload: workloadKind(written), name };
}

const shortNames: Record<string, OwnerKind> = {
  deploy: "deployment",
  sts: "statefulset",
  ds: "daemonset",
  rs: "replicaset",
};

function workloadKind(written: string): OwnerKind {
  const lower = written.toLowerCase();
  const found = ownerKinds.find((kind) => kind === lower || `${kind}s` === lower) ?? shortNames[lower];
  if (found !== undefined) return found;
  throw new InputError(`--workload: no kind ${JSON.stringify(written)}${didYouMean(lower, ownerKinds)}`, {
    hint: `one of ${ownerKinds.join(", ")}`,
  });
}

/** The pods that are meant, those that run first; throws InputError where there is none of that name, CapabilityError where none runs. */
export async function choosePods(api: ClusterApi, choice: PodChoice): Promise<{ running: Pod[]; others: Pod[] }> {
  const pods = choice.kind === "pod" ? [await podNamed(api, choice.name)] : await podsOf(api, choice);
  const running = pods.filter(isRunning);
  const others = pods.filter((pod) => !isRunning(pod));
  if (running.length > 0) return { running, others };
  const what = choice.kind === "pod" ? `pod ${choice.namespace}/${choice.name}` : `any pod of ${wordsOf(choice)}`;
  const why = others.slice(0, 3).map((pod) => stateOf(pod));
  throw new CapabilityError(`can't look at ${what}: ${why.length === 0 ? "there is none" : why.join(", ")}`, {
    hint: `kubectl --namespace ${choice.namespace} get pods`,
  });
}

async function podNamed(api: ClusterApi, name: string): Promise<Pod> {
  const pod = await api.get("Pod", name);
  if (pod !== null) return pod;
  const names = (await api.list("Pod")).map(({ metadata }) => metadata?.name ?? "");
  throw new InputError(`no pod ${name} in namespace ${api.namespace}${didYouMean(name, names)}`, {
    hint: `kubectl --namespace ${api.namespace} get pods`,
  });
}

async function podsOf(api: ClusterApi, choice: PodChoice & { kind: "workload" }): Promise<Pod[]> {
  const { group, plural } = plurals[choice.workload];
  const path = `/apis/${group}/namespaces/${encodeURIComponent(api.namespace)}/${plural}/${encodeURIComponent(choice.name)}`;
  const labels = selectorText(await selectorAt(api, path, choice));
  const pods = await api.list("Pod", { labels });
  return pods.sort((a, b) => (a.metadata?.name ?? "").localeCompare(b.metadata?.name ?? ""));
}

async function selectorAt(
  api: ClusterApi,
  path: string,
  choice: PodChoice & { kind: "workload" },
): Promise<V1LabelSelector> {
  try {
    return ((await api.read(path)) as { spec: { selector: V1LabelSelector } }).spec.selector;
  } catch (error) {
    if (!(error instanceof ApiRefusal && error.code === 404)) throw error;
    throw new InputError(`no ${wordsOf(choice)} in namespace ${choice.namespace}`, {
      hint: `kubectl --namespace ${choice.namespace} get ${choice.workload}s`,
    });
  }
}

function wordsOf({ workload, name }: PodChoice & { kind: "workload" }): string {
  return `${workload} ${name}`;
}

/** A selector as the API's query has it: `app=web,tier in (a,b),!canary`. */
export function selectorText({ matchLabels = {}, matchExpressions = [] }: V1LabelSelector): string {
  const equal = Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`);
  const others = matchExpressions.map(({ key, operator, values = [] }) => {
    if (operator === "Exists") return key;
    if (operator === "DoesNotExist") return `!${key}`;
    return `${key} ${operator === "In" ? "in" : "notin"} (${values.join(",")})`;
  });
  return [...equal, ...others].join(",");
}

function isRunning({ status, metadata }: Pod): boolean {
  return status?.phase === "Running" && metadata?.deletionTimestamp === undefined;
}

function stateOf({ metadata, status }: Pod): string {
  const state = metadata?.deletionTimestamp === undefined ? (status?.phase ?? "unknown") : "being deleted";
  return `${metadata?.name} is ${state}`;
}
