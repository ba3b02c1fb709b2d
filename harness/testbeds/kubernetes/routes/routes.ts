import type {
  KubernetesObject,
  V1Container,
  V1Pod,
  V1PodSpec,
  V1SecurityContext,
  V1Sysctl,
} from "@kubernetes/client-node";
import { InputError } from "../../../core/errors.ts";
import { sysctlKeyProblem } from "../../../knowledge/keys.ts";
import type { DeliveryRoute } from "../../../suite/cluster.ts";
import type { futileRoutes } from "../../../suite/schema-kubernetes.ts";
import type { Sysctls } from "../../../suite/suite.ts";
import { literal, nodeContainer } from "../objects/containers.ts";
import { writeSettings } from "../objects/node-programs.ts";
import { nodeSettingsPod } from "../objects/node-settings.ts";
import type { TrialObjects } from "../objects/run-objects.ts";
import { withNetworkAttachment } from "./tuning-cni.ts";

/** What a route knows of its surroundings. */
export interface RouteContext {
  trial: TrialObjects;
  /** The node that the pod runs on; null = any. */
  node: string | null;
  /** Whether the cluster has network attachments (NetworkAttachmentDefinition, k8s.cni.cncf.io/v1). */
  hasNetworkAttachments: boolean;
}

export interface Routed {
  /** With the settings on it, as far as the route puts them there. */
  pod: V1Pod;
  /** Come before the pod. The pod of the route node must have said {"applied": true} before. */
  others: KubernetesObject[];
}

/** What suites may ask for, and what only doctor tries. */
export type ProbedRoute = DeliveryRoute | (typeof futileRoutes)[number];

/** One way of bringing settings into a pod. */
export interface Route {
  /** Lowest Pod Security level whose namespace takes such a pod, and what comes before it, where the keys are ones that the level knows to be safe. */
  podSecurity: "restricted" | "baseline" | "privileged";
  /** @throws InputError where the route and the pod together would change a node that nobody allowed to be changed */
  apply(pod: V1Pod, settings: Sysctls, context: RouteContext): Routed;
}

export const routes: Record<ProbedRoute, Route> = {
  "pod-sysctls": {
    podSecurity: "restricted",
    apply: (pod, settings) => ({ pod: withSysctls(pod, settings), others: [] }),
  },
  "privileged-init": {
    podSecurity: "privileged",
    apply: (pod, settings, { trial }) => ({
      pod: withSettingsContainer(pod, settings, trial, { privileged: true }),
      others: [],
    }),
  },
  "tuning-cni": {
    podSecurity: "restricted",
    apply: (pod, settings, { hasNetworkAttachments }) =>
      hasNetworkAttachments && Object.keys(settings).length > 0
        ? withNetworkAttachment(pod, settings)
        : { pod, others: [] },
  },
  node: {
    podSecurity: "privileged",
    apply: (pod, settings, { trial, node }) => ({
      pod,
      others: Object.keys(settings).length === 0 ? [] : [nodeSettingsPod(trial, node, settings)],
    }),
  },
  "capabilities-init": {
    podSecurity: "privileged",
    apply: (pod, settings, { trial }) => ({
      pod: withSettingsContainer(pod, settings, trial, {
        privileged: false,
        allowPrivilegeEscalation: true,
        capabilities: { drop: ["ALL"], add: ["NET_ADMIN", "SYS_ADMIN"] },
      }),
      others: [],
    }),
  },
  "host-network": {
    podSecurity: "privileged",
    apply: (pod, settings) => ({ pod: withSysctls(edited(pod, { hostNetwork: true }), settings), others: [] }),
  },
  none: {
    podSecurity: "restricted",
    apply: (pod) => ({ pod, others: [] }),
  },
};

/**
 * Puts settings on a pod by a route, and says what must be made before it.
 * @throws InputError where the two together would change a node
 */
export function applyRoute(route: ProbedRoute, pod: V1Pod, settings: Sysctls, context: RouteContext): Routed {
  return routes[route].apply(pod, settings, context);
}

/** Settings in the pod's securityContext, in place of those of the same name. */
function withSysctls(pod: V1Pod, settings: Sysctls): V1Pod {
  const asked: V1Sysctl[] = Object.entries(settings).map(([name, value]) => ({ name, value }));
  if (asked.length === 0) return pod;
  const { securityContext } = pod.spec ?? {};
  const kept = (securityContext?.sysctls ?? []).filter(({ name }) => !Object.hasOwn(settings, dotted(name)));
  return edited(pod, { securityContext: { ...securityContext, sysctls: [...kept, ...asked] } });
}

/** Kubernetes takes both forms of a name. */
function dotted(name: string): string {
  return name.replaceAll("/", ".");
}

/** Name of the init container that writes the settings; its log and its last words are the route's. */
const settingsContainer = "tunebench-settings";

/**
 * The pod with an init container before all others that writes the settings as root, with the rights given.
 * @throws InputError for a key that is not private to a pod, and for a pod that shares the node's network or IPC: it would write the node's
 */
function withSettingsContainer(pod: V1Pod, settings: Sysctls, trial: TrialObjects, rights: V1SecurityContext): V1Pod {
  if (Object.keys(settings).length === 0) return pod;
  checkOwnNamespaces(pod);
  for (const key of Object.keys(settings)) checkKey(key);
  const container: V1Container = {
    ...nodeContainer(trial, {
      name: settingsContainer,
      command: ["node", "--eval", literal(writeSettings)],
      env: { TUNEBENCH_SYSCTLS: JSON.stringify(settings) },
    }),
    securityContext: { ...rights, runAsUser: 0, runAsNonRoot: false, readOnlyRootFilesystem: true },
  };
  return edited(pod, { initContainers: [container, ...(pod.spec?.initContainers ?? [])] });
}

function checkOwnNamespaces(pod: V1Pod): void {
  const shared = (["hostNetwork", "hostIPC"] as const).find((field) => pod.spec?.[field] === true);
  if (shared === undefined) return;
  throw new InputError(`the pod has ${shared}: true, so that an init container would change the node's own settings`, {
    hint: `leave ${shared} out of the manifest, or use the route node, which restores them`,
  });
}

function checkKey(key: string): void {
  const problem = sysctlKeyProblem(key);
  if (problem !== null) throw new InputError(problem);
}

/** A pod with other fields in its spec. */
function edited(pod: V1Pod, changes: Partial<V1PodSpec>): V1Pod {
  return { ...pod, spec: { ...(pod.spec ?? { containers: [] }), ...changes } };
}
