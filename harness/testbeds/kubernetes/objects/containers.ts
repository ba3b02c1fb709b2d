import type {
  V1ConfigMap,
  V1Container,
  V1EnvVar,
  V1PodSecurityContext,
  V1PodSpec,
  V1SecurityContext,
  V1Volume,
} from "@kubernetes/client-node";
import type { SamplerSettings } from "../../../pods/messages.ts";
import { metadataOf, type RunObjects } from "./run-objects.ts";

/** Where things stand inside our pods. */
export const podPaths = {
  /** Files of the suite's folder: `${folder}`. */
  suite: "/tunebench/suite",
  /** An empty folder that lives as long as the pod: `${data}`. */
  data: "/tunebench/data",
  /** relay.mjs, sampler.mjs, stop-generator.mjs. */
  programs: "/tunebench/programs",
  /** The script and what it opens, in the runners. */
  load: "/tunebench/load",
  /** What the engine has of ours beside the script, in the runners. */
  beside: "/tunebench/beside",
} as const;

/** The user of images.node's containers; any ordinary one will do. */
const ordinaryUser = 1000;

/** Pod Security level restricted, for a pod all of whose containers are ours. */
export function restrictedPod(user: number = ordinaryUser): V1PodSecurityContext {
  return {
    runAsNonRoot: true,
    runAsUser: user,
    runAsGroup: user,
    fsGroup: user,
    seccompProfile: { type: "RuntimeDefault" },
  };
}

/** Pod Security level restricted for one container, in a pod that may be the user's. */
export function restricted(user: number = ordinaryUser): V1SecurityContext {
  return {
    runAsNonRoot: true,
    runAsUser: user,
    runAsGroup: user,
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
    seccompProfile: { type: "RuntimeDefault" },
  };
}

/** A container with the cluster's Node image that needs little of anything, at the level restricted. */
export function nodeContainer(
  { cluster }: Pick<RunObjects, "cluster">,
  { name, command, env }: { name: string; command: string[]; env: Record<string, string> },
): V1Container {
  return {
    name,
    image: cluster.images.node,
    imagePullPolicy: cluster.imagePullPolicy,
    command,
    env: literalEnv(env),
    securityContext: restricted(),
    resources: { requests: { cpu: "20m", memory: "64Mi" }, limits: { memory: "192Mi" } },
    terminationMessagePolicy: "FallbackToLogsOnError",
  };
}

/** A container that runs one of our programs. */
export function programContainer(
  run: RunObjects,
  what: { name: string; program: string; env: Record<string, string>; cpu: string; memory: [string, string] },
): V1Container {
  return {
    ...nodeContainer(run, { ...what, command: ["node", `${podPaths.programs}/${what.program}`] }),
    resources: { requests: { cpu: what.cpu, memory: what.memory[0] }, limits: { memory: what.memory[1] } },
    volumeMounts: [{ name: "tunebench-programs", mountPath: podPaths.programs, readOnly: true }],
  };
}

/** The volume behind programContainer's mount; programsConfigMap makes what it holds. */
export function programsVolume(run: RunObjects): V1Volume {
  return { name: "tunebench-programs", configMap: { name: programsName(run), defaultMode: 0o444 } };
}

function programsName(run: Pick<RunObjects, "runName">): string {
  return `${run.runName}-programs`;
}

/** What every pod of ours has in its spec beside its containers. */
export function ownPodSpec(deadlineSeconds: number): Omit<V1PodSpec, "containers"> {
  return {
    restartPolicy: "Never",
    activeDeadlineSeconds: deadlineSeconds,
    terminationGracePeriodSeconds: 2,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    dnsPolicy: "Default",
  };
}

/** Variables whose values reach the program as they are. */
export function literalEnv(env: Record<string, string>): V1EnvVar[] {
  return Object.entries(env).map(([name, value]) => ({ name, value: literal(value) }));
}

/** A text that Kubernetes hands on unchanged: it expands $(NAME), and takes $$ for a single $. */
export function literal(text: string): string {
  return text.replaceAll("$", "$$$$");
}

/** The programs that run inside our pods, by file name ("relay.mjs") -> bundled text. */
export function programsConfigMap(run: RunObjects, programs: Record<string, string>): V1ConfigMap {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: metadataOf(run, { name: programsName(run), component: "relay" }),
    immutable: true,
    data: programs,
  };
}

/** Watches the pod's network and, where the pod shares its process namespace, its processes; its log is what it saw. */
export function samplerContainer(run: RunObjects, settings: SamplerSettings): V1Container {
  return programContainer(run, {
    name: "sampler",
    program: "sampler.mjs",
    env: { TUNEBENCH_SAMPLER: JSON.stringify(settings) },
    cpu: "20m",
    memory: ["64Mi", "192Mi"],
  });
}
