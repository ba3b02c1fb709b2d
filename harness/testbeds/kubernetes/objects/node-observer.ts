import type { V1Pod } from "@kubernetes/client-node";
import type { SamplerSettings } from "../../../pods/messages.ts";
import { podName } from "../names.ts";
import { ownPodSpec, programsVolume, restrictedPod, samplerContainer } from "./containers.ts";
import { onNode } from "./placement.ts";
import { undisturbed } from "./relay.ts";
import { metadataOf, type TrialObjects } from "./run-objects.ts";

/**
 * The node's interrupts and connection tracking: the sampler with the host's /proc at /host/proc, read-only, on the node's own network
 * (/proc/sys/net shows the reader's namespace). Needs Pod Security level privileged for the host path, though it has no privilege.
 */
export function nodeObserverPod(trial: TrialObjects, node: string, settings: SamplerSettings): V1Pod {
  const sampler = samplerContainer(trial, settings);
  const hostProc = { name: "host-proc", mountPath: "/host/proc", readOnly: true };
  // A role begins with a letter: none gets this name.
  const name = podName(trial.runName, trial.sequence, "-observer");
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      ...metadataOf(trial, { name, component: "observer", trial: trial.sequence }),
      annotations: undisturbed,
    },
    spec: {
      ...ownPodSpec(trial.deadlineSeconds),
      hostNetwork: true,
      affinity: onNode(undefined, node),
      tolerations: trial.cluster.tolerations,
      securityContext: restrictedPod(),
      containers: [
        {
          ...sampler,
          env: [...(sampler.env ?? []), { name: "TUNEBENCH_PROC", value: "/host/proc" }],
          volumeMounts: [...(sampler.volumeMounts ?? []), hostProc],
        },
      ],
      volumes: [programsVolume(trial), { name: "host-proc", hostPath: { path: "/proc", type: "Directory" } }],
    },
  };
}
