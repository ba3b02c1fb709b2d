import type { V1Pod } from "@kubernetes/client-node";
import { untilRunning } from "./api/await-pod.ts";
import { createPod, dryRunPod } from "./api/create-pod.ts";
import type { ClusterWork } from "./cluster-work.ts";
import { podName } from "./names.ts";
import { ownPodSpec, programsVolume, restrictedPod, samplerContainer } from "./objects/containers.ts";
import { mergedTolerations, onNode } from "./objects/placement.ts";
import { metadataOf } from "./objects/run-objects.ts";
import { removeTrial } from "./remove-trial.ts";
import { type Delivery, prepareRoute, refusalIn } from "./route-settings.ts";
import { type Refusal, untakenRefusal } from "./routes/refusals.ts";
import { observePods, type PodObserver } from "./runners/follow-samplers.ts";
import { notTaken, settingReadings, untilSettings } from "./settings.ts";

/** Settings of a role that are to be tried before anything is measured. */
export interface RouteTrial extends Delivery {
  role: string;
  nodeSelector: Record<string, string>;
}

const ownMs = 20_000;

/**
 * One bare pod with the settings, by the route, as the API server, the kubelet and the kernel take them: checked by the server first, then
 * run, its values read inside. Resolves with what the platform refused, null where all of it is there; nothing of it stays. Rejects with
 * PodFailure where the pod fails for another reason, with the signal's where it is aborted before there is a pod.
 */
export async function proveRoute(work: ClusterWork, tried: RouteTrial): Promise<Refusal | null> {
  const observer = observePods(work.openLog);
  try {
    return await tryOut(work, tried, observer);
  } catch (error) {
    const refusal = refusalIn(error, tried.route);
    if (refusal === null) throw error;
    return refusal;
  } finally {
    observer.forget(podNameOf(tried));
    await observer.stop(performance.now());
    await removeTrial(work.api, tried.trial.runName, tried.trial.sequence);
  }
}

async function tryOut(work: ClusterWork, tried: RouteTrial, observer: PodObserver): Promise<Refusal | null> {
  const { api, cluster } = work;
  const bare = barePod(tried);
  const { pod } = await prepareRoute(work, bare, tried);
  await dryRunPod(api, pod);
  tried.signal.throwIfAborted();
  await createPod(api, pod);
  const { name } = await untilRunning(api, bare.metadata?.name ?? "", { timeouts: cluster.timeouts, ownMs });
  observer.add({ role: tried.role, pod: name });
  const values = await untilSettings(observer, tried.role, tried.signal);
  const wrong = notTaken(settingReadings(tried.role, tried.settings, values));
  return wrong.length === 0 ? null : untakenRefusal(tried.route, wrong);
}

/** Only the sampler, which reads the settings as every trial's does. */
function barePod({ trial, role, settings, nodeSelector, node }: RouteTrial): V1Pod {
  const { cluster } = trial;
  const sampler = samplerContainer(trial, { role, keys: Object.keys(settings), listenPort: null, looks: "pod" });
  const metadata = metadataOf(trial, {
    name: podNameOf({ trial, role }),
    component: "preflight",
    trial: trial.sequence,
    role,
  });
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata,
    spec: {
      ...ownPodSpec(trial.deadlineSeconds),
      nodeSelector: { ...cluster.nodeSelector, ...nodeSelector },
      tolerations: mergedTolerations(cluster.tolerations),
      ...(node === null ? {} : { affinity: onNode(undefined, node) }),
      securityContext: restrictedPod(),
      containers: [sampler],
      volumes: [programsVolume(trial)],
    },
  };
}

function podNameOf({ trial, role }: Pick<RouteTrial, "trial" | "role">): string {
  return podName(trial.runName, trial.sequence, role);
}
