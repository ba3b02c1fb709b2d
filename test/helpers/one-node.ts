import { join } from "node:path";
import { execa } from "execa";
import { kubeconfigFile } from "../../clusters/one-node/configuration.ts";
import { leftovers } from "../../clusters/one-node/down.ts";
import { places } from "../../clusters/one-node/places.ts";
import { readState } from "../../clusters/one-node/state.ts";
import { bringUp, prepareUp } from "../../clusters/one-node/up.ts";
import { findK6 } from "../../harness/engines/k6/find-k6.ts";
import { installLocust } from "../../harness/engines/locust/install-locust.ts";
import { tunebench } from "./cli.ts";

/** A pod of one container that runs once, from one of the cluster's own images. */
export interface PodRequest {
  name: string;
  image?: string;
  command: string[];
  sysctls?: Record<string, string>;
  env?: Record<string, string>;
}

/** Variable that test/run.ts sets where no cluster was up before the tests: whichever they find is theirs. */
export const mayTakeDown = "TUNEBENCH_TEST_OWN_CLUSTER";

/** For files that make a cluster of their own: takes down what another file of the tests left up. Throws where it is somebody else's. */
export async function takeDownOwn(): Promise<void> {
  if (leftovers().length === 0) return;
  if (process.env[mayTakeDown] !== "1")
    throw new Error("the cluster one-node is up: take it down first, these tests make their own");
  await cluster("down", "one-node");
}

/** `tunebench cluster ...`, with the same cache as a user's. */
export async function cluster(...args: string[]) {
  return await tunebench(["cluster", ...args]);
}

/** What `cluster status` prints, by title. */
export async function statusRows(): Promise<Record<string, string>> {
  const { stdout } = await cluster("status", "one-node");
  return Object.fromEntries(stdout.split("\n").map((row) => [row.slice(0, 24).trim(), row.slice(24)]));
}

/**
 * Brings the cluster up with these unsafe keys allowed, or leaves it as it is where it is so: within this process, and
 * several at once. What the command itself does is one-node.test.ts' business.
 * @param locust whether an image of Locust is wanted, too
 */
export async function ensureUp(allowedUnsafeSysctls: string[], { locust = false } = {}): Promise<void> {
  const asked = { env: process.env, onProgress: () => {} };
  const programs = await prepareUp(asked);
  const k6 = await findK6({ ...asked, explicit: null });
  const kubelet = { allowedUnsafeSysctls, protectKernelDefaults: false };
  const images = { k6, locust: locust ? await installLocust(asked) : null };
  await bringUp({ ...asked, programs, images, kubelet, tuning: {}, abort: new AbortController().signal });
}

/** The cluster's own kubectl, with its own kubeconfig. */
export function ownKubectl(): { program: string; fixed: string[] } {
  const programs = readState()?.programs;
  if (programs === undefined) throw new Error("the cluster one-node is not up");
  const cache = join(places.stateFolder, "kubectl");
  return { program: join(programs, "kubectl"), fixed: ["--kubeconfig", kubeconfigFile, "--cache-dir", cache] };
}

/** Runs it; what it wrote. */
export async function kubectl(args: string[], input = ""): Promise<string> {
  const { program, fixed } = ownKubectl();
  const { stdout } = await execa(program, [...fixed, ...args], { input });
  return stdout;
}

/** Makes a pod, waits until it is over or refused, and gives its phase, its reason and what it wrote. */
export async function runPod(request: PodRequest): Promise<{ phase: string; reason: string; output: string }> {
  await kubectl(["apply", "--filename", "-"], JSON.stringify(podOf(request)));
  await untilOver(request.name);
  const { status } = JSON.parse(await kubectl(["get", "pod", request.name, "--output=json"]));
  const output = status.phase === "Succeeded" ? await kubectl(["logs", request.name]) : "";
  return { phase: status.phase, reason: status.reason ?? "", output };
}

async function untilOver(pod: string): Promise<void> {
  const { program, fixed } = ownKubectl();
  const phases = ["get", "pod", pod, "--watch", "--output=jsonpath={.status.phase}{'\\n'}"];
  const watch = execa(program, [...fixed, ...phases], { reject: false, buffer: false, timeout: 60_000 });
  for await (const phase of watch) if (phase === "Succeeded" || phase === "Failed") return void watch.kill();
  throw new Error(`pod ${pod} was not over within a minute`);
}

function podOf({ name, image = "tunebench.local/busybox:own", command, sysctls = {}, env = {} }: PodRequest) {
  const pairs = (record: Record<string, string>) =>
    Object.entries(record).map(([key, value]) => ({ name: key, value }));
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name },
    spec: {
      restartPolicy: "Never",
      securityContext: { sysctls: pairs(sysctls) },
      containers: [{ name: "main", image, imagePullPolicy: "Never", command, env: pairs(env) }],
    },
  };
}
