import { isDeepStrictEqual } from "node:util";
import { buildPrograms } from "../../harness/cache/go-programs.ts";
import type { BuildRequest } from "../../harness/cache/made-once.ts";
import { abortable } from "../../harness/core/waits.ts";
import { type AssembleRequest, assemble } from "./assemble.ts";
import { requireOneNode } from "./capabilities.ts";
import { kubeconfigFile } from "./configuration.ts";
import { daemonNames, daemonPid } from "./daemons.ts";
import { endProcesses, leftovers, takeDown } from "./down.ts";
import { type ImagePrograms, imageVersions, importImages } from "./images.ts";
import { kubectlOf } from "./kubectl.ts";
import { kubeletParameters, restartKubelet } from "./kubelet.ts";
import { cachedKubernetes, kubernetesPrograms } from "./kubernetes-programs.ts";
import { lockCluster } from "./lock.ts";
import { findNode } from "./node-namespaces.ts";
import type { KubeletParameters } from "./places.ts";
import { readTuningSysctls, type TuningSysctls, writePodNetwork } from "./pod-network.ts";
import { type ClusterState, readState, writeState } from "./state.ts";

/** What `cluster up one-node` is asked for. */
export interface UpRequest {
  /** Folder of Kubernetes' programs (prepareUp). */
  programs: string;
  kubelet: KubeletParameters;
  tuning: TuningSysctls;
  images: ImagePrograms;
  onProgress: (line: string) => void;
  /** Ends a cluster that is being made, with all that is there of it. */
  abort: AbortSignal;
}

/**
 * All that comes before a cluster is begun: checks the machine, and builds Kubernetes if the cache has it not. The folder
 * of its programs. Throws CapabilityError with what this machine lacks.
 */
export async function prepareUp(request: BuildRequest): Promise<string> {
  const cached = await cachedKubernetes(request.env);
  await requireOneNode(request.env, cached);
  return cached.built ? cached.folder : await buildPrograms(request, cached.programs);
}

/**
 * Brings the cluster up, or the one that is up to these parameters: only its kubelet is started again then, if its own differ.
 * What an earlier `up` left unfinished is removed first, and what this one did when it fails or is ended. Resolves once the
 * node is ready, with the kubeconfig's path. Throws CapabilityError where the kubelet refuses the parameters,
 * IncompleteError where a program of the cluster ends or takes too long, and the signal's reason where it came.
 */
export async function bringUp(request: UpRequest): Promise<string> {
  const { version } = await kubernetesPrograms();
  const lock = await lockCluster(request.onProgress);
  try {
    const work = { ...request, kubectl: kubectlOf(request.programs) };
    const whole = wholeCluster(version);
    if (whole !== null) await adjust(work, whole.node, whole.state);
    else await bringUpNew(work, version, request.abort);
  } finally {
    await lock.release();
  }
  return kubeconfigFile;
}

/** A cluster that is up, maybe but for its kubelet, and of this version; null where another is to be made. */
function wholeCluster(version: string): { node: number; state: ClusterState } | null {
  const node = findNode();
  const state = readState();
  if (node === null || state === null || !state.whole || state.kubernetes !== version) return null;
  const runs = daemonNames.every((name) => name === "kubelet" || daemonPid(node, name) !== null);
  return runs ? { node, state } : null;
}

/**
 * Other images, if what they hold has changed or one is lacking, another network of new pods and another kubelet, if the one that runs says
 * other parameters.
 */
async function adjust(work: AssembleRequest, node: number, state: ClusterState): Promise<void> {
  const { kubelet, kubectl, tuning, onProgress } = work;
  const images = { ...state.images, ...imageVersions(work.images) };
  const sameImages = isDeepStrictEqual(state.images, images);
  const sameKubelet = isDeepStrictEqual(await kubeletParameters(kubectl), kubelet);
  const sameTuning = isDeepStrictEqual(readTuningSysctls(), tuning);
  if (sameImages && sameKubelet && sameTuning) onProgress("the cluster one-node is up already");
  if (!sameImages) {
    onProgress("making the images again: a program in them is another, or was not among them");
    await importImages(node, work.images);
    writeState({ ...state, images });
  }
  if (!sameTuning) {
    onProgress("new pods get another network configuration");
    writePodNetwork(tuning);
  }
  if (!sameKubelet) {
    onProgress("restarting the kubelet with other parameters");
    await restartKubelet(node, kubectl, kubelet);
  }
}

async function bringUpNew(work: AssembleRequest, kubernetes: string, abort: AbortSignal): Promise<void> {
  const left = leftovers();
  if (left.length > 0) work.onProgress(`removing what an earlier cluster left: ${left.join(", ")}`);
  await takeDown();
  const { programs } = work;
  const images = imageVersions(work.images);
  const state: ClusterState = { schemaVersion: 1, kubernetes, programs, images, whole: false };
  // First of all: whatever comes of the rest, `down` finds a cluster that was begun.
  writeState(state);
  const assembling = assemble(work);
  try {
    await abortable(assembling, abort);
    writeState({ ...state, whole: true });
  } catch (error) {
    await undo(assembling).catch((undoing: Error) => work.onProgress(`could not clean up: ${undoing.message}`));
    throw error;
  }
}

/** Without its node what is still being assembled fails at its next step; only then nothing is added to what is removed. */
async function undo(assembling: Promise<void>): Promise<void> {
  await endProcesses();
  await assembling.catch(() => {});
  await takeDown();
}
