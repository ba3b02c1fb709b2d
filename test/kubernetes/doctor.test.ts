/** What doctor tells of a real cluster. */
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { testsAtOnce } from "../helpers/at-once.ts";
import { tunebench } from "../helpers/cli.ts";
import { allowedKeys, forbiddenKey, type TestCluster, testCluster } from "../helpers/test-cluster.ts";

const testAtOnce = testsAtOnce(4);

let folder: string;
let cluster: TestCluster;

test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), "tunebench-doctor-"));
  cluster = await testCluster({ folder: join(folder, "whole") });
});

test.after.always(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** A namespace at Pod Security level restricted, which goes with the test. */
async function restrictedNamespace(t: ExecutionContext): Promise<string> {
  const name = `${cluster.namespace}-${randomBytes(2).toString("hex")}`;
  await cluster.kubectl(["create", "namespace", name]);
  t.teardown(() => cluster.kubectl(["delete", "namespace", name, "--wait=false"]));
  await cluster.kubectl(["label", "namespace", name, "pod-security.kubernetes.io/enforce=restricted"]);
  return name;
}

async function doctor(file: string, ...args: string[]) {
  return await tunebench(["doctor", "--cluster", file, ...args]);
}

testAtOnce(["cluster"], "a cluster that can run experiments: exit 0, and nothing is made there", async (t) => {
  const { exitCode, stdout } = await doctor(cluster.file);
  t.is(exitCode, 0, stdout);
  t.regex(stdout, /^ok {7}api: Kubernetes v1\.\d+\.\d+\S* answers/m);
  t.regex(stdout, /^ok {7}namespace: \S+ is not there; a run makes it/m);
  t.regex(stdout, /^ok {7}permissions: all that a run needs$/m);
  t.regex(stdout, /^net\.ipv4\.ip_local_port_range +always +yes$/m);
  for (const line of stdout.split("\n")) t.true(line.length <= 80, line);
  t.is(await cluster.kubectl(["get", "namespace", cluster.namespace, "--ignore-not-found"]), "");
});

testAtOnce(["cluster"], "keys that the kubelet allows are told from those that it doesn't", async (t) => {
  const { stdout } = await doctor(cluster.file, "--keys", [...allowedKeys, forbiddenKey, "vm.swappiness"].join(","));
  t.regex(stdout, /^vm\.swappiness +never +no: the node's own$/m);
  if (!cluster.isOneNode) return;
  for (const key of allowedKeys) t.regex(stdout, new RegExp(`^${key} +never +yes, allowlisted$`, "m"));
  t.regex(stdout, new RegExp(`^${forbiddenKey} +never +no: not allowlisted$`, "m"));
});

testAtOnce(
  ["cluster"],
  "--probe: a pod reads what the node has; the namespace that it needed is gone after it",
  async (t) => {
    const keys = ["net.core.somaxconn", "net.core.netdev_max_backlog"];
    const own = await testCluster({ folder: join(folder, "probed") });
    const { exitCode, stdout } = await doctor(own.file, "--probe", "--keys", keys.join(","));
    t.is(exitCode, 0, stdout);
    t.regex(stdout, /^net\.core\.somaxconn +\d+ +can be set$/m);
    t.regex(stdout, /^net\.core\.netdev_max_backlog +- +not there$/m);
    for (const [key, expected] of [
      ["vm.overcommit_memory", "1"],
      ["kernel.panic", "10"],
    ] as const) {
      const row = new RegExp(`^${key.replace(".", "\\.")} +${expected} +(\\S+)( +differs)?$`, "m").exec(stdout);
      if (cluster.isOneNode) t.is(row?.[1], readFileSync(`/proc/sys/${key.replace(".", "/")}`, "utf8").trim());
      t.is(row?.[2] !== undefined, row?.[1] !== expected, stdout);
    }
    await cluster.kubectl(["wait", "--for=delete", `namespace/${own.namespace}`, "--timeout=60s"]);
  },
);

testAtOnce(
  ["cluster"],
  "a namespace at Pod Security restricted: the probe runs, a privileged route can't",
  async (t) => {
    const restricted = await restrictedNamespace(t);
    const changes = { namespace: restricted, create: false, observeNode: false };
    const within = await testCluster({ folder: join(folder, "restricted"), changes });
    const probed = await doctor(within.file, "--probe", "--keys", "net.core.somaxconn,net.ipv4.tcp_fin_timeout");
    t.is(probed.exitCode, 0, probed.stdout);
    t.regex(probed.stdout, /^net\.core\.somaxconn +never +no: Pod Security restricted$/m);
    t.regex(probed.stdout, /^net\.core\.somaxconn +\d+ +can be set$/m);
    t.is(await cluster.kubectl(["get", "pods", "--namespace", restricted, "--output=name"]), "");
    const privileged = await testCluster({
      folder: join(folder, "privileged"),
      changes: { ...changes, route: "privileged-init" },
    });
    const told = await doctor(privileged.file);
    t.is(told.exitCode, 3);
    t.regex(told.stdout, /^missing {2}route: the route privileged-init needs Pod Security level privileged/m);
  },
);

testAtOnce(["cluster"], "a pod that does not come to run: its words, exit 3, and nothing is left", async (t) => {
  const restricted = await restrictedNamespace(t);
  const changes = {
    namespace: restricted,
    create: false,
    observeNode: false,
    images: { node: "tunebench.invalid/none:1" },
    imagePullPolicy: "Never",
  };
  const within = await testCluster({ folder: join(folder, "no-image"), changes });
  const { exitCode, stdout } = await doctor(within.file, "--probe");
  t.is(exitCode, 3, stdout);
  t.regex(stdout, /^missing {2}probe: pod \S+: its image can't be had/m);
  const left = ["get", "pods,configmaps", "--namespace", restricted, "--selector=tunebench.dev/run", "--output=name"];
  t.is(await cluster.kubectl(left), "");
});

testAtOnce(["cluster"], "a namespace that is missing: the command that makes it, exit 3", async (t) => {
  const namespace = `${cluster.namespace}-none`;
  const changes = { namespace, create: false };
  const none = await testCluster({ folder: join(folder, "none"), changes });
  const { exitCode, stdout } = await doctor(none.file);
  t.is(exitCode, 3);
  t.regex(stdout, new RegExp(`^missing  namespace: .*\\n +remedy: kubectl create namespace ${namespace}`, "m"));
});
