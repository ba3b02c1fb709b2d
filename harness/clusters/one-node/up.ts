import { isDeepStrictEqual } from "node:util";
import { buildPrograms } from "../../cache/go-programs.ts";
import { kubernetesPrograms } from "../kubernetes-programs.ts";
import { findCniFolder, requireOneNode } from "./capabilities.ts";
import { makeCertificates } from "./certificates.ts";
import { joinDaemons, makeCgroups } from "./cgroups.ts";
import { kubeconfigFile, writeConfiguration } from "./configuration.ts";
import { assertRuns, type DaemonName, daemonNames, daemonPid, startDaemon } from "./daemons.ts";
import { leftovers, takeDown } from "./down.ts";
import { imageVersions, importImages, type K6Program } from "./images.ts";
import { type Kubectl, kubectlOf, until } from "./kubectl.ts";
import { restartKubelet } from "./kubelet.ts";
import { lockCluster } from "./lock.ts";
import { mountNode } from "./mounts.ts";
import { wireNode } from "./network.ts";
import { findNode, runInNode, startNode } from "./node-namespaces.ts";
import { places } from "./places.ts";
import { type ClusterState, type KubeletParameters, readState, writeState } from "./state.ts";

/** What `cluster up one-node` is asked for. */
export interface UpRequest {
  kubelet: KubeletParameters;
  k6: K6Program;
  env: NodeJS.ProcessEnv;
  onProgress: (line: string) => void;
}

/** What is at work: the pid of the node's PID 1, and the folder of Kubernetes' programs. */
interface Work extends UpRequest {
  node: number;
  programs: string;
  kubectl: Kubectl;
}

/**
 * Brings the cluster up, or the one that is up to these parameters: only its kubelet is started again then, if they differ.
 * What an earlier `up` left unfinished is removed first, and what this one did when it fails. Resolves once the node is
 * ready, with the kubeconfig's path. Throws CapabilityError where this machine lacks something, or the kubelet refuses the
 * parameters; IncompleteError where a program of it ends or takes too long.
 */
export async function bringUp(request: UpRequest): Promise<string> {
  await requireOneNode(request.env);
  const pinned = await kubernetesPrograms();
  const programs = await buildPrograms(request, pinned);
  const lock = await lockCluster(request.env, request.onProgress);
  try {
    const kubectl = kubectlOf(programs);
    const whole = wholeCluster(pinned.version);
    if (whole !== null) await adjust({ ...request, node: whole.node, programs, kubectl }, whole.state);
    else await bringUpNew(request, { programs, kubectl, version: pinned.version });
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

/** Other images, if what they hold has changed, and another kubelet, if it is told something else than the one that runs. */
async function adjust(work: Work, state: ClusterState): Promise<void> {
  const { node, k6, kubelet, kubectl, onProgress } = work;
  const images = imageVersions(k6);
  const sameImages = isDeepStrictEqual(state.images, images);
  const sameKubelet = daemonPid(node, "kubelet") !== null && isDeepStrictEqual(state.kubelet, kubelet);
  if (sameImages && sameKubelet) onProgress("the cluster one-node is up already");
  if (!sameImages) {
    onProgress("making the images again: this Node or k6 is another");
    await importImages(node, k6);
    writeState({ ...state, images });
  }
  if (!sameKubelet) {
    onProgress("restarting the kubelet with other parameters");
    writeState({ ...state, images, kubelet });
    await restartKubelet(node, kubectl, kubelet);
  }
}

async function bringUpNew(
  request: UpRequest,
  made: { programs: string; kubectl: Kubectl; version: string },
): Promise<void> {
  const { kubelet, k6, onProgress } = request;
  const left = leftovers();
  if (left.length > 0) onProgress(`removing what an earlier cluster left: ${left.join(", ")}`);
  await takeDown();
  const images = imageVersions(k6);
  const state: ClusterState = { schemaVersion: 1, kubernetes: made.version, images, kubelet, whole: false };
  // First of all: whatever comes of the rest, `down` finds a cluster that was begun.
  writeState(state);
  try {
    await assemble(request, made);
    writeState({ ...state, whole: true });
  } catch (error) {
    await takeDown().catch((undoing: Error) => onProgress(`could not clean up: ${undoing.message}`));
    throw error;
  }
}

async function assemble(request: UpRequest, made: { programs: string; kubectl: Kubectl }): Promise<void> {
  const { onProgress, kubelet } = request;
  onProgress("making the node: namespaces, cgroups, network, keys");
  makeCgroups();
  const node = await startNode();
  joinDaemons(node);
  const work: Work = { ...request, ...made, node };
  await Promise.all([wireNode(node), makeCertificates(places.stateFolder)]);
  writeConfiguration(findCniFolder() ?? "");
  await mountNode(node, made.programs);
  onProgress("starting etcd, containerd and the API server");
  await Promise.all([startContainers(work), startApi(work)]);
  onProgress("starting the controllers, the scheduler and the kubelet");
  await Promise.all([startDaemon(node, "kube-controller-manager"), startDaemon(node, "kube-scheduler")]);
  await restartKubelet(node, made.kubectl, kubelet);
  await untilPodsCanBeMade(work);
}

async function startContainers({ node, k6, onProgress }: Work): Promise<void> {
  await startDaemon(node, "containerd");
  const isUp = () => runInNode(node, ["ctr", "--address", places.containerdSocket, "version"]).then(isTrue, isFalse);
  await until("containerd answers", isUp, () => assertRuns(node, "containerd"));
  onProgress("making the images from this machine's busybox, Node and k6");
  await importImages(node, k6);
}

async function startApi({ node, kubectl }: Work): Promise<void> {
  const daemons: DaemonName[] = ["etcd", "kube-apiserver"];
  for (const name of daemons) await startDaemon(node, name);
  const isUp = async () => (await kubectl.ask("get", "--raw", "/readyz")) === "ok";
  await until("the API server is ready", isUp, () => {
    for (const name of daemons) assertRuns(node, name);
  });
}

/** A pod needs its namespace's service account, which a controller makes. */
async function untilPodsCanBeMade({ node, kubectl }: Work): Promise<void> {
  const isThere = async () => (await kubectl.ask("get", "serviceaccount", "default")) !== null;
  await until("the default service account is there", isThere, () => assertRuns(node, "kube-controller-manager"));
}

function isTrue(): boolean {
  return true;
}

function isFalse(): boolean {
  return false;
}
