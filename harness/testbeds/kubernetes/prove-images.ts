import type { V1Container, V1Pod } from "@kubernetes/client-node";
import { CapabilityError } from "../../core/errors.ts";
import type { PodForm } from "../../engines/engine.ts";
import type { Cluster } from "../../suite/cluster.ts";
import { untilEnded } from "./api/await-pod.ts";
import { createPod } from "./api/create-pod.ts";
import { readLog } from "./api/log.ts";
import type { ClusterWork } from "./cluster-work.ts";
import { podName } from "./names.ts";
import { ownPodSpec, restricted, restrictedPod } from "./objects/containers.ts";
import { metadataOf, type TrialObjects } from "./objects/run-objects.ts";
import { removeTrial } from "./remove-trial.ts";

const ownMs = 20_000;

/**
 * One pod asks the two images of the cluster file that a run needs for their versions, so that one that is not there, or is another, is told before anything
 * is measured; nothing of it stays. Throws CapabilityError for a version that won't do; rejects with PodFailure where the pod fails.
 */
export async function proveImages(work: ClusterWork, engine: PodForm, trial: TrialObjects): Promise<void> {
  const pod = versionsPod(trial, engine);
  const name = pod.metadata?.name ?? "";
  try {
    await createPod(work.api, pod);
    const said = async (container: string) => {
      await untilEnded(work.api, name, container, { timeouts: work.cluster.timeouts, ownMs });
      return (await readLog(work.api, { pod: name, container })).join(" ");
    };
    const [node, generator] = await Promise.all([said("node"), said("generator")]);
    checkVersions(work.cluster.images, engine, { node, generator });
  } finally {
    await removeTrial(work.api, trial.runName, trial.sequence);
  }
}

/** @throws CapabilityError where `node --version`, or what the engine says of its own, is not what the programs in pods, and the load, need */
export function checkVersions(
  images: Cluster["images"],
  { image, version }: PodForm,
  said: { node: string; generator: string },
): void {
  const [, major = "0", minor = "0"] = /^v(\d+)\.(\d+)\./.exec(said.node.trim()) ?? [];
  const isNewEnough = Number(major) > 22 || (Number(major) === 22 && Number(minor) >= 18);
  if (!isNewEnough) throw wrong("node", images.node, said.node, "Node 22.18 or newer");
  if (!version.accepted.test(said.generator)) throw wrong(image, images[image], said.generator, version.wanted);
}

function wrong(key: string, image: string, said: string, wanted: string): CapabilityError {
  return new CapabilityError(`the image ${image} has ${JSON.stringify(said.slice(0, 80))}, and ${wanted} is needed`, {
    hint: `name another one in the cluster file: images.${key}`,
  });
}

function versionsPod(trial: TrialObjects, { image, version }: PodForm): V1Pod {
  const { images, nodeSelector, tolerations } = trial.cluster;
  const name = podName(trial.runName, trial.sequence, "images");
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: metadataOf(trial, { name, component: "preflight", trial: trial.sequence }),
    spec: {
      ...ownPodSpec(trial.deadlineSeconds),
      nodeSelector,
      tolerations,
      securityContext: restrictedPod(),
      containers: [
        asking(trial, "node", images.node, ["node", "--version"]),
        asking(trial, "generator", images[image], version.argv),
      ],
    },
  };
}

function asking({ cluster }: TrialObjects, name: string, image: string, command: string[]): V1Container {
  return {
    name,
    image,
    imagePullPolicy: cluster.imagePullPolicy,
    command,
    securityContext: restricted(),
    resources: { requests: { cpu: "20m", memory: "64Mi" }, limits: { memory: "256Mi" } },
    terminationMessagePolicy: "FallbackToLogsOnError",
  };
}
