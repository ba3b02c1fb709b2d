import { connect } from "node:net";
import { findCniFolder } from "./capabilities.ts";
import { makeCertificates } from "./certificates.ts";
import { joinDaemons, makeCgroups } from "./cgroups.ts";
import { writeConfiguration } from "./configuration.ts";
import { assertRuns, type DaemonName, startDaemon } from "./daemons.ts";
import { type ImagePrograms, importImages } from "./images.ts";
import { type Kubectl, until } from "./kubectl.ts";
import { restartKubelet } from "./kubelet.ts";
import { mountNode } from "./mounts.ts";
import { wireNode } from "./network.ts";
import { runInNode, startNode } from "./node-namespaces.ts";
import { type KubeletParameters, places } from "./places.ts";
import { type TuningSysctls, writePodNetwork } from "./pod-network.ts";

/** What a cluster is made of. */
export interface AssembleRequest {
  /** Folder of Kubernetes' programs. */
  programs: string;
  kubectl: Kubectl;
  images: ImagePrograms;
  kubelet: KubeletParameters;
  tuning: TuningSysctls;
  onProgress: (line: string) => void;
}

/** With PID 1 of the node, as this machine numbers it. */
interface Work extends AssembleRequest {
  node: number;
}

/** Makes the whole cluster where there is none. What it comes to before it fails or is ended, takeDown undoes. */
export async function assemble(request: AssembleRequest): Promise<void> {
  const { onProgress, kubelet, kubectl } = request;
  const node = await makeNode(request);
  const work: Work = { ...request, node };
  onProgress("starting etcd, containerd and the API server");
  await bothEnded(startContainers(work), startApi(work));
  onProgress("starting the controllers, the scheduler and the kubelet");
  for (const name of ["kube-controller-manager", "kube-scheduler"] as const) await startDaemon(node, name);
  await restartKubelet(node, kubectl, kubelet);
  await untilPodsCanBeMade(work);
}

/** The node without any program: namespaces, cgroups, network, keys and configuration; its PID 1. */
export async function makeNode(request: Pick<AssembleRequest, "programs" | "tuning" | "onProgress">): Promise<number> {
  request.onProgress("making the node: namespaces, cgroups, network, keys");
  makeCgroups();
  const node = await startNode();
  joinDaemons(node);
  await wireNode(node);
  await makeCertificates(places.stateFolder);
  writeConfiguration(findCniFolder() ?? "");
  writePodNetwork(request.tuning);
  await mountNode(node, request.programs);
  return node;
}

/** containerd on the node, with the images. */
export async function startContainers({
  node,
  images,
  onProgress,
}: Pick<Work, "node" | "images" | "onProgress">): Promise<void> {
  await startDaemon(node, "containerd");
  const isUp = () => runInNode(node, ["ctr", "--address", places.containerdSocket, "version"]).then(isTrue, isFalse);
  await until("containerd answers", isUp, () => assertRuns(node, "containerd"));
  const locust = images.locust === null ? "" : ", and its Locust";
  onProgress(`making the images from this machine's busybox, Node and k6${locust}`);
  await importImages(node, images);
}

async function startApi({ node, kubectl }: Work): Promise<void> {
  const daemons: DaemonName[] = ["etcd", "kube-apiserver"];
  for (const name of daemons) await startDaemon(node, name);
  // A kubectl for each look would take the CPU that the server starts with.
  const isUp = async () => (await listens()) && (await kubectl.ask("get", "--raw", "/readyz")) === "ok";
  await until("the API server is ready", isUp, () => {
    for (const name of daemons) assertRuns(node, name);
  });
}

/** Whether anybody listens where the API server will. */
async function listens(): Promise<boolean> {
  const socket = connect({ host: places.nodeAddress, port: places.apiPort, timeout: 1000 });
  const answer = Promise.withResolvers<boolean>();
  socket.on("connect", () => answer.resolve(true));
  for (const no of ["error", "timeout"]) socket.on(no, () => answer.resolve(false));
  const isThere = await answer.promise;
  socket.destroy();
  return isThere;
}

/** Rejects as Promise.all does, but only when neither goes on: what fails is undone, and nothing may be added to that. */
async function bothEnded(...two: Promise<void>[]): Promise<void> {
  await Promise.allSettled(two);
  await Promise.all(two);
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
