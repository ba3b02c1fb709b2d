import { dirname, join } from "node:path";
import { execa } from "execa";
import { leftovers } from "../../harness/clusters/one-node/down.ts";
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

/** The cluster's own kubectl with its own kubeconfig, as its status names them. */
export async function kubectl(args: string[], input = ""): Promise<string> {
  const { kubectl: program = "", kubeconfig = "" } = await statusRows();
  const fixed = ["--kubeconfig", kubeconfig, "--cache-dir", join(dirname(kubeconfig), "kubectl")];
  const { stdout } = await execa(program, [...fixed, ...args], { input });
  return stdout;
}

/** Makes a pod, waits until it is over or refused, and gives its phase, its reason and what it wrote. */
export async function runPod(request: PodRequest): Promise<{ phase: string; reason: string; output: string }> {
  await kubectl(["apply", "--filename", "-"], JSON.stringify(podOf(request)));
  const isOver = "--for=jsonpath={.status.phase}";
  await Promise.race(
    ["Succeeded", "Failed"].map((phase) =>
      kubectl(["wait", `${isOver}=${phase}`, `pod/${request.name}`, "--timeout=60s"]),
    ),
  );
  const { status } = JSON.parse(await kubectl(["get", "pod", request.name, "--output=json"]));
  const output = status.phase === "Succeeded" ? await kubectl(["logs", request.name]) : "";
  return { phase: status.phase, reason: status.reason ?? "", output };
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
