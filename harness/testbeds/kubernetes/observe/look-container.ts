import type { V1Container, V1EphemeralContainer, V1PodSpec, V1SecurityContext } from "@kubernetes/client-node";
import type { LookSettings } from "../../../pods/messages.ts";
import type { Cluster } from "../../../suite/cluster.ts";
import type { Pod } from "../api/kinds.ts";
import { literal, literalEnv, restricted } from "../objects/containers.ts";

/** What the containers that look are made of. */
export interface LookProgram {
  cluster: Pick<Cluster, "images" | "imagePullPolicy">;
  /** The bundled program, which is one argument: an ephemeral container can mount nothing that its pod has not. */
  text: string;
  settings: LookSettings;
}

/** Names of our ephemeral containers begin so. */
export const lookPrefix = "tunebench-look-";

/** A container of a pod, which shares its network, and processes where the runtime can do that, with the container that is looked at. */
export function lookContainer(program: LookProgram, pod: Pod, name: string): V1EphemeralContainer {
  const target = mainContainer(pod);
  return {
    name,
    targetContainerName: target,
    ...lookProgram(program),
    securityContext: asUserOf(pod, target),
  };
}

/** The program in the cluster's Node image, for any container of ours that looks. */
export function lookProgram({ cluster, text, settings }: LookProgram): ProgramContainer {
  return programAsArgument({ cluster, text, env: { TUNEBENCH_LOOK: JSON.stringify(settings) } });
}

type ProgramContainer = Pick<V1Container, "image" | "imagePullPolicy" | "command" | "env" | "terminationMessagePolicy">;

/** A bundled program in the cluster's Node image, for a container that can mount nothing. */
export function programAsArgument({
  cluster,
  text,
  env,
}: Pick<LookProgram, "cluster" | "text"> & { env: Record<string, string> }): ProgramContainer {
  return {
    image: cluster.images.node,
    imagePullPolicy: cluster.imagePullPolicy,
    command: ["node", "--input-type=module", "--eval", literal(text)],
    env: literalEnv(env),
    terminationMessagePolicy: "FallbackToLogsOnError",
  };
}

/** What a look that runs already was told; null where the container is not one of ours. */
export function lookSettings(container: {
  name: string;
  env?: { name: string; value?: string }[];
}): LookSettings | null {
  if (!container.name.startsWith(lookPrefix)) return null;
  const written = container.env?.find(({ name }) => name === "TUNEBENCH_LOOK")?.value;
  try {
    return written === undefined ? null : (JSON.parse(written.replaceAll("$$", "$")) as LookSettings);
  } catch {
    return null;
  }
}

/** The container that the pod is about: as kubectl takes it, else the first that is no proxy of a mesh. */
export function mainContainer(pod: Pod): string {
  const names = (pod.spec?.containers ?? []).map(({ name }) => name);
  const named = pod.metadata?.annotations?.["kubectl.kubernetes.io/default-container"];
  if (named !== undefined && names.includes(named)) return named;
  return names.find((name) => !proxies.includes(name)) ?? names[0] ?? "";
}

const proxies = ["istio-proxy", "linkerd-proxy", "envoy", "consul-dataplane"];

/**
 * Pod Security level restricted. As the user of the container that is looked at, where the spec names an ordinary one: before
 * Linux 6.2 the kernel shows a process' descriptors to its own user only (ptrace(2), PTRACE_MODE_READ_FSCREDS).
 */
export function asUserOf(pod: Pod, container: string): V1SecurityContext {
  const own = pod.spec?.containers.find(({ name }) => name === container)?.securityContext ?? {};
  const ofPod = pod.spec?.securityContext ?? {};
  const user = own.runAsUser ?? ofPod.runAsUser;
  if (user === undefined || user === 0) return restricted();
  const group = own.runAsGroup ?? ofPod.runAsGroup;
  return { ...restricted(user), ...(group === undefined || group === 0 ? {} : { runAsGroup: group }) };
}

/** Whether the pod has the node's own network. */
export function isOnNodesNetwork(spec: Pick<V1PodSpec, "hostNetwork"> | undefined): boolean {
  return spec?.hostNetwork === true;
}
