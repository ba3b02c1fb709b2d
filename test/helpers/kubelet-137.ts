import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { joinDaemons } from "../../clusters/one-node/cgroups.ts";
import { daemonPid, logFileOf } from "../../clusters/one-node/daemons.ts";
import { kubernetesPrograms } from "../../clusters/one-node/kubernetes-programs.ts";
import { enterNode, nodeEnvironment, runInNode } from "../../clusters/one-node/node-namespaces.ts";
import { places } from "../../clusters/one-node/places.ts";
import { buildPrograms } from "../../harness/cache/go-programs.ts";
import { toolPath } from "../../harness/testbeds/netns/find-program.ts";
import { treeFile } from "./cli.ts";

/** The kubelet of Kubernetes 1.37, built the first time: minutes of CPU. */
export async function buildKubelet137(): Promise<string> {
  const programs = await kubernetesPrograms(treeFile("test/fixtures/kubelet-1.37"), ["kubelet"]);
  return join(await buildPrograms({ env: process.env, onProgress: () => {} }, programs), "kubelet");
}

/**
 * Starts it on one-node's machine in place of that cluster's own, without an API server: what it runs are the static pods of its
 * configuration's folder. stopDaemon ends it, as it does the other.
 */
export async function startKubeletAlone(node: number, kubelet: string): Promise<void> {
  const { inside } = places;
  const args = [`--config=${inside}/kubelet.yaml`, `--root-dir=${inside}/kubelet-alone`];
  const log = openSync(logFileOf("kubelet"), "a");
  const [command = "nsenter", ...enter] = [...enterNode(node), toolPath("setsid"), "--fork"];
  const own = [`--cert-dir=${inside}/kubelet-alone/pki`, `--hostname-override=${places.name}`];
  const child = spawn(command, [...enter, kubelet, ...args, ...own], {
    stdio: ["ignore", log, log],
    env: nodeEnvironment(),
  });
  closeSync(log);
  await once(child, "exit");
  const deadline = AbortSignal.timeout(5000);
  let pid = daemonPid(node, "kubelet");
  for (; pid === null; pid = daemonPid(node, "kubelet")) {
    deadline.throwIfAborted();
    await wait(10);
  }
  joinDaemons(pid);
}

/** What is read of a kubelet's own list of pods. */
export interface KubeletPod {
  metadata: { name: string };
  status: { phase?: string };
}

/** The pods that a kubelet knows, from its read-only port; [] while it does not answer. */
export async function podsOfKubelet(node: number): Promise<KubeletPod[]> {
  const asked = [toolPath("busybox"), "wget", "-q", "-O", "-", `http://${places.nodeAddress}:10255/pods`];
  const text = await runInNode(node, asked).catch(() => "");
  return text === "" ? [] : ((JSON.parse(text) as { items: KubeletPod[] | null }).items ?? []);
}
