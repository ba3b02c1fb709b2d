import type { V1Container, V1PodSpec } from "@kubernetes/client-node";
import { literal, literalEnv, ownPodSpec, podPaths, restricted, restrictedPod } from "./containers.ts";
import { filesConfigMap } from "./files.ts";
import { emptyMounts, type PartPieces, type PartSpec, partMetadata, partName, startProbe } from "./part-spec.ts";

/**
 * A part that is made from an image, a command and files. In the cluster's Node image it keeps to Pod Security level restricted;
 * another image is the user's, with the user and the rights that it was built for.
 */
export function imageParts(part: PartSpec): PartPieces {
  const hasFiles = Object.keys(part.files).length > 0;
  const files = hasFiles ? filesConfigMap(partMetadata(part, partName(part)), part.files) : null;
  return {
    spec: podSpec(part, files?.volume.configMap?.name === undefined ? [] : [files.volume]),
    annotations: {},
    others: files === null ? [] : [files.configMap],
    container: "main",
  };
}

function podSpec(part: PartSpec, volumes: V1PodSpec["volumes"] & object): V1PodSpec {
  return {
    ...ownPodSpec(part.trial.deadlineSeconds),
    ...(userImage(part) === null ? { securityContext: restrictedPod() } : {}),
    containers: [container(part, volumes.length > 0)],
    volumes: [...volumes, { name: "tmp", emptyDir: {} }],
  };
}

function userImage({ part, profile }: PartSpec): string | null {
  return profile?.image ?? part.kubernetes?.image ?? null;
}

function container(spec: PartSpec, hasFiles: boolean): V1Container {
  const { part, profile, trial, env } = spec;
  const image = userImage(spec);
  const command = profile?.command ?? part.kubernetes?.command ?? part.command;
  const files = { name: "tunebench-suite", mountPath: podPaths.suite, readOnly: true };
  return {
    name: "main",
    image: image ?? trial.cluster.images.node,
    imagePullPolicy: trial.cluster.imagePullPolicy,
    ...(command.length === 0 ? {} : { command: command.map(literal) }),
    ...(hasFiles ? { workingDir: podPaths.suite } : {}),
    env: literalEnv(env),
    ...(image === null ? { securityContext: restricted() } : {}),
    resources: { requests: { cpu: "100m", memory: "64Mi" }, limits: { memory: "1Gi" } },
    terminationMessagePolicy: "FallbackToLogsOnError",
    ...startProbe(part),
    volumeMounts: [...(hasFiles ? [files] : []), ...emptyMounts(spec), { name: "tmp", mountPath: "/tmp" }],
  };
}
