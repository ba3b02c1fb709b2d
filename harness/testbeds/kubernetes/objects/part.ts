import type { V1Pod, V1PodSpec } from "@kubernetes/client-node";
import { programsVolume, samplerContainer } from "./containers.ts";
import { imageParts } from "./part-from-image.ts";
import { manifestParts } from "./part-from-manifest.ts";
import { emptyMounts, type PartPieces, type PartSpec, partMetadata, partName } from "./part-spec.ts";
import { mergedTolerations, onNode } from "./placement.ts";
import { undisturbed } from "./relay.ts";
import type { TrialObjects } from "./run-objects.ts";

export interface PartObjects extends Pick<PartPieces, "others" | "container"> {
  pod: V1Pod;
}

/**
 * The pod of a part and what it needs. A bare Pod, whatever the manifest holds: a Deployment whose pods the node refuses makes
 * them again without end.
 * @throws InputError where the manifest has no container of the name asked for, or the files are too large for a ConfigMap
 */
export function partObjects(part: PartSpec): PartObjects {
  const { spec, annotations, others, container } =
    part.manifest === null ? imageParts(part) : manifestParts(part, part.manifest);
  const pod: V1Pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { ...partMetadata(part, partName(part)), annotations: annotationsOf(annotations) },
    spec: {
      ...spec,
      ...endings(part.trial),
      ...placement(part, spec),
      ...accompanied(part, spec),
      ...known(part, spec),
    },
  };
  return { pod, others, container };
}

function endings(trial: TrialObjects): Partial<V1PodSpec> {
  return {
    restartPolicy: "Never",
    activeDeadlineSeconds: trial.deadlineSeconds,
    // Most programs hear no SIGTERM where they are PID 1, and what they hold is thrown away: the next trial need not wait for more.
    terminationGracePeriodSeconds: 1,
    ...(trial.cluster.shareProcessNamespace ? { shareProcessNamespace: true } : {}),
  };
}

function placement({ trial: { cluster }, profile, node }: PartSpec, spec: V1PodSpec): Partial<V1PodSpec> {
  return {
    nodeSelector: { ...spec.nodeSelector, ...cluster.nodeSelector, ...profile?.nodeSelector },
    tolerations: mergedTolerations(spec.tolerations ?? [], cluster.tolerations),
    ...(node === null ? {} : { affinity: onNode(spec.affinity, node) }),
  };
}

/** Names of the run's own parts come before what the user's manifest says of them. */
function known({ hosts }: PartSpec, { hostAliases = [] }: V1PodSpec): Pick<V1PodSpec, "hostAliases"> {
  return hosts.length === 0 ? {} : { hostAliases: [...hosts, ...hostAliases] };
}

/** The sampler beside the part's own containers, and what is behind its empty folders. */
function accompanied({ trial, part, sampler }: PartSpec, spec: V1PodSpec): Pick<V1PodSpec, "containers" | "volumes"> {
  const emptied = emptyMounts({ part }).map(({ name }) => ({ name, emptyDir: {} }));
  return {
    containers: [...spec.containers, samplerContainer(trial, sampler)],
    volumes: [...(spec.volumes ?? []), programsVolume(trial), ...emptied],
  };
}

/**
 * Annotations of a part's pod: ours, and of the user's those that the node's runtime or network acts on. Others would let controllers
 * (sidecars, meshes, scrapers) change what is measured, or reach for it.
 */
function annotationsOf(written: Record<string, string>): Record<string, string> {
  const kept = Object.entries(written).filter(([key]) => actedOnByNode.some((beginning) => key.startsWith(beginning)));
  return { ...Object.fromEntries(kept), ...undisturbed, ...withoutSidecars };
}

/** A proxy in the way would be measured in place of the target. */
const withoutSidecars = { "sidecar.istio.io/inject": "false", "linkerd.io/inject": "disabled" };

const actedOnByNode = [
  "container.apparmor.security.beta.kubernetes.io/",
  "container.seccomp.security.alpha.kubernetes.io/",
  "seccomp.security.alpha.kubernetes.io/",
  "io.kubernetes.cri-o.",
  "cpu-load-balancing.crio.io",
  "cpu-quota.crio.io",
  "irq-load-balancing.crio.io",
  "k8s.v1.cni.cncf.io/networks",
  "v1.multus-cni.io/default-network",
  "kubernetes.io/ingress-bandwidth",
  "kubernetes.io/egress-bandwidth",
];
