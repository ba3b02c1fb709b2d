import type { V1Pod, V1PodSpec } from "@kubernetes/client-node";
import { annotationsOf } from "./annotations.ts";
import { programsVolume } from "./containers.ts";
import { imageParts } from "./part-from-image.ts";
import { manifestParts } from "./part-from-manifest.ts";
import { dataMount, type PartPieces, type PartSpec, partMetadata, partName } from "./part-spec.ts";
import { mergedTolerations, onNode } from "./placement.ts";
import type { TrialObjects } from "./run-objects.ts";
import { samplerContainer } from "./sampler.ts";

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
    spec: { ...spec, ...endings(part.trial), ...placement(part, spec), ...accompanied(part, spec) },
  };
  return { pod, others, container };
}

function endings(trial: TrialObjects): Partial<V1PodSpec> {
  return {
    restartPolicy: "Never",
    activeDeadlineSeconds: trial.deadlineSeconds,
    terminationGracePeriodSeconds: 2,
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

/** The sampler beside the part's own containers, and the trial's data folder. */
function accompanied({ trial, sampler }: PartSpec, spec: V1PodSpec): Pick<V1PodSpec, "containers" | "volumes"> {
  return {
    containers: [...spec.containers, samplerContainer(trial, sampler)],
    volumes: [...(spec.volumes ?? []), programsVolume(trial), { name: dataMount.name, emptyDir: {} }],
  };
}
