import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { stringify } from "yaml";
import { kubeconfigFile } from "../../clusters/one-node/configuration.ts";
import { imageNames } from "../../clusters/one-node/images.ts";
import { ensureUp, ownKubectl } from "./one-node.ts";

/** The cluster that tests run on: one-node, brought up here, or the user's (npm run test:kubernetes -- --context NAME). */
export interface TestCluster {
  /** A cluster file for --cluster, with a namespace of the test file's own. */
  file: string;
  namespace: string;
  /** null where kubectl is to find it. */
  kubeconfig: string | null;
  context: string;
  isOneNode: boolean;
  kubectl(args: string[], input?: string): Promise<string>;
}

/** Unsafe keys that one-node's kubelet allows in tests, and one of net.* that it does not. */
export const allowedKeys = ["net.core.somaxconn", "net.ipv4.tcp_tw_reuse"];
export const forbiddenKey = "net.ipv4.tcp_max_syn_backlog";

/**
 * Sees to it that one-node is up, or takes the user's cluster, and writes a cluster file for it into `folder`. On a user's cluster the
 * images are stock ones, or those that TUNEBENCH_TEST_NODE_IMAGE, TUNEBENCH_TEST_K6_IMAGE and TUNEBENCH_TEST_LOCUST_IMAGE name.
 */
export async function testCluster(request: {
  folder: string;
  /** Of the cluster file, over what is here. */
  changes?: Record<string, unknown>;
}): Promise<TestCluster> {
  const context = process.env.TUNEBENCH_TEST_CONTEXT;
  const own = context === undefined ? await oneNode() : usersCluster(context);
  // Files run in one process, several at once, and a namespace takes a while to go.
  const namespace = `tunebench-test-${randomBytes(4).toString("hex")}`;
  const folder = join(request.folder, "clusters", "tests");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "cluster.yaml");
  const { kubectl, ...facts } = own;
  // Several runs at once, each at a small rate, must not ask for more CPU than a small node has: they would wait for one another.
  const runnerCpu = "20m";
  // Beside another load an API server may take its time; less than ava waits for a word of a test (package.json), so that its own come.
  const timeouts = { schedule: "240s", request: "30s" };
  writeFileSync(file, stringify({ ...facts.form, runnerCpu, timeouts, namespace, create: true, ...request.changes }));
  return { file, namespace, kubeconfig: facts.kubeconfig, context: facts.context, isOneNode: facts.isOneNode, kubectl };
}

/** Variable that test/run.ts sets once it has brought one-node up with allowedKeys, and with Locust's image where the machine has Locust. */
export const broughtUp = "TUNEBENCH_TEST_CLUSTER_UP";

/** Brings one-node up as tests share it. To see that it is up takes the digests of all its programs: where test/run.ts did that, nobody does it again. */
export async function ensureShared({ locust = false } = {}): Promise<void> {
  if (process.env[broughtUp] !== "1") await ensureUp(allowedKeys, { locust });
}

/** Once a file of tests is enough. */
let up: Promise<void> | null = null;

async function oneNode() {
  up ??= ensureShared();
  await up;
  const { program, fixed } = ownKubectl();
  const [kubeconfig, context] = [kubeconfigFile, "tunebench-one-node"];
  const { busybox: _, ...images } = imageNames;
  const form = { kubeconfig, context, images, imagePullPolicy: "Never", observeNode: true };
  return { form, kubeconfig, context, isOneNode: true, kubectl: kubectlWith(program, fixed) };
}

function usersCluster(context: string) {
  const {
    TUNEBENCH_TEST_NODE_IMAGE: node,
    TUNEBENCH_TEST_K6_IMAGE: k6,
    TUNEBENCH_TEST_LOCUST_IMAGE: locust,
  } = process.env;
  const images = Object.fromEntries(Object.entries({ node, k6, locust }).filter(([, image]) => image !== undefined));
  const form = { context, ...(Object.keys(images).length === 0 ? {} : { images }) };
  return { form, kubeconfig: null, context, isOneNode: false, kubectl: kubectlWith("kubectl", ["--context", context]) };
}

/** It ends before a collection of its garbage would be worth the CPU. */
const briefly = { GOGC: "off" };

function kubectlWith(program: string, fixed: string[]) {
  return async (args: string[], input = ""): Promise<string> => {
    const { stdout } = await execa(program, [...fixed, ...args], { input, env: briefly });
    return stdout;
  };
}
