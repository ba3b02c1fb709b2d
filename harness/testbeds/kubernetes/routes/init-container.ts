import type { V1Container, V1Pod, V1SecurityContext } from "@kubernetes/client-node";
import { InputError } from "../../../core/errors.ts";
import { sysctlKeyProblem } from "../../../knowledge/keys.ts";
import type { Sysctls } from "../../../suite/suite.ts";
import { literal, literalEnv } from "../objects/containers.ts";
import { writeSettings } from "../objects/node-programs.ts";
import type { TrialObjects } from "../objects/run-objects.ts";
import { edited } from "./edit.ts";

/** Name of the init container that writes the settings; its log and its last words are the route's. */
export const settingsContainer = "tunebench-settings";

/**
 * The pod with an init container before all others that writes the settings as root, with the rights given.
 * @throws InputError for a key that is not private to a pod, and for a pod that shares the node's network or IPC: it would write the node's
 */
export function withSettingsContainer(
  pod: V1Pod,
  settings: Sysctls,
  trial: TrialObjects,
  rights: V1SecurityContext,
): V1Pod {
  if (Object.keys(settings).length === 0) return pod;
  checkOwnNamespaces(pod);
  for (const key of Object.keys(settings)) checkKey(key);
  const container: V1Container = {
    name: settingsContainer,
    image: trial.cluster.images.node,
    imagePullPolicy: trial.cluster.imagePullPolicy,
    command: ["node", "--eval", literal(writeSettings)],
    env: literalEnv({ TUNEBENCH_SYSCTLS: JSON.stringify(settings) }),
    securityContext: { ...rights, runAsUser: 0, runAsNonRoot: false, readOnlyRootFilesystem: true },
    resources: { requests: { cpu: "20m", memory: "64Mi" }, limits: { memory: "192Mi" } },
    terminationMessagePolicy: "FallbackToLogsOnError",
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
