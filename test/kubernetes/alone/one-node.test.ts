/** The cluster that tunebench starts itself: what works in it, and that nothing of it stays. */
import { readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { execa } from "execa";
import { daemonPid } from "../../../clusters/one-node/daemons.ts";
import { clusterProcesses, leftovers } from "../../../clusters/one-node/down.ts";
import { findNode, runInNode } from "../../../clusters/one-node/node-namespaces.ts";
import { mainFile, treeFile } from "../../helpers/cli.ts";
import { endedUp, killedUp, nothingLeft, processOf, said, startUp } from "../../helpers/killed-up.ts";
import { changesOf, machineSnapshot } from "../../helpers/machine-snapshot.ts";
import { cluster, kubectl, runPod, statusRows, takeDownOwn } from "../../helpers/one-node.ts";
import { testNeeding } from "../../helpers/parts.ts";

const needed = ["root", "one-node", "k6"] as const;

let before: string[];

test.before(async () => {
  await takeDownOwn();
  before = machineSnapshot();
});

test.after.always(async () => {
  await cluster("down", "one-node");
});

testNeeding(
  ["root", "one-node"],
  "a missing package is named, with the command that gives it, and nothing is begun",
  async (t) => {
    const hidden = [treeFile("test/fixtures/kubernetes/without-folder.ts"), "/usr/lib/cni"];
    const up = [process.execPath, mainFile(), "cluster", "up", "one-node"];
    const { exitCode, stderr } = await execa("unshare", ["--mount", process.execPath, ...hidden, ...up], {
      reject: false,
    });
    t.is(exitCode, 3);
    t.regex(stderr, /apt-get install containernetworking-plugins$/m);
    t.deepEqual(leftovers(), []);
  },
);

testNeeding([...needed], "up that was killed while it made the images: down leaves nothing", async (t) => {
  t.timeout(20 * 60_000, "Kubernetes is built the first time");
  await killedUp(t, { words: "making the images", laterMs: 1500, before });
});

testNeeding([...needed], "up ended by SIGINT takes down what it made, exit 130", async (t) => {
  await endedUp(t, { signal: "SIGINT", code: 130, before });
});

testNeeding([...needed], "up after a killed one removes what that left; the node becomes ready", async (t) => {
  const killed = startUp();
  await said(killed, "starting etcd");
  killed.kill("SIGKILL");
  await killed;
  t.regex((await statusRows()).cluster ?? "", /half-started/);
  const up = await cluster("up", "one-node");
  t.is(up.exitCode, 0, up.stderr);
  t.regex(up.stderr, /removing what an earlier cluster left/);
  t.is(statSync(up.stdout).mode & 0o777, 0o600, "the kubeconfig is root's alone");
  const rows = await statusRows();
  t.is(rows.cluster, "one-node, up");
  t.is(rows.kubeconfig, up.stdout);
  t.is(rows["unsafe sysctls"], "none allowed");
  t.regex(rows.node ?? "", /^ready/);
  // As a person would, but that kubectl's own cache stays out of their home.
  const env = { KUBECACHEDIR: join(tmpdir(), `tunebench-test-kubectl-${process.pid}`) };
  t.teardown(() => rmSync(env.KUBECACHEDIR, { recursive: true, force: true }));
  const nodes = await execa(rows.kubectl ?? "", ["--kubeconfig", up.stdout, "get", "nodes"], { env });
  t.regex(nodes.stdout, /^one-node +Ready .* v1\.34\./m);
});

testNeeding([...needed], "up again changes nothing; two at once neither", async (t) => {
  const node = findNode();
  const pids = clusterProcesses().sort();
  const [one, other] = await Promise.all([cluster("up", "one-node"), cluster("up", "one-node")]);
  for (const { exitCode, stderr } of [one, other]) {
    t.is(exitCode, 0, stderr);
    t.regex(stderr, /is up already/);
  }
  t.is(findNode(), node);
  t.deepEqual(clusterProcesses().sort(), pids);
});

testNeeding([...needed], "a pod sets a safe sysctl and reads it inside", async (t) => {
  const pod = await runPod({
    name: "safe",
    command: ["cat", "/proc/sys/net/ipv4/ip_local_port_range"],
    sysctls: { "net.ipv4.ip_local_port_range": "1024 65535" },
  });
  t.deepEqual(pod, { phase: "Succeeded", reason: "", output: "1024\t65535" });
});

testNeeding([...needed], "a pod with an unsafe sysctl is refused, in the kubelet's words", async (t) => {
  const pod = await runPod({ name: "unsafe", command: ["true"], sysctls: { "net.core.somaxconn": "65535" } });
  t.deepEqual(pod, { phase: "Failed", reason: "SysctlForbidden", output: "" });
  const events = await kubectl([
    "get",
    "events",
    "--field-selector=reason=SysctlForbidden",
    "--output=jsonpath={..message}",
  ]);
  t.is(events, 'forbidden sysctl: "net.core.somaxconn" not allowlisted');
});

testNeeding([...needed], "the kubelet alone is started again with an allowlist: the pod runs", async (t) => {
  const node = findNode();
  const up = await cluster("up", "one-node", "--allow-unsafe-sysctls", "net.core.somaxconn,net.ipv4.tcp_tw_reuse");
  t.is(up.exitCode, 0, up.stderr);
  t.regex(up.stderr, /restarting the kubelet/);
  t.is(findNode(), node);
  t.is((await statusRows())["unsafe sysctls"], "net.core.somaxconn, net.ipv4.tcp_tw_reuse");
  const sysctls = { "net.core.somaxconn": "65535", "net.ipv4.tcp_tw_reuse": "1" };
  const keys = Object.keys(sysctls).map((key) => `/proc/sys/${key.replaceAll(".", "/")}`);
  const pod = await runPod({ name: "allowed", command: ["cat", ...keys], sysctls });
  t.deepEqual(pod, { phase: "Succeeded", reason: "", output: "65535\n1" });
});

testNeeding(
  [...needed],
  "--tuning-sysctls: new pods have them, IFNAME too, past the kubelet; without it they don't",
  async (t) => {
    const node = findNode();
    const kubelet = daemonPid(node ?? 0, "kubelet");
    const allowed = ["--allow-unsafe-sysctls", "net.core.somaxconn,net.ipv4.tcp_tw_reuse"];
    const tuning = "net.ipv4.tcp_orphan_retries=3,net.ipv4.conf.IFNAME.accept_redirects=0";
    const keys = ["tcp_orphan_retries", "conf/eth0/accept_redirects"].map((key) => `/proc/sys/net/ipv4/${key}`);
    const found = async (name: string) => (await runPod({ name, command: ["cat", ...keys] })).output;
    const untuned = await found("untuned");
    t.not(untuned, "3\n0");
    const up = await cluster("up", "one-node", ...allowed, "--tuning-sysctls", tuning);
    t.is(up.exitCode, 0, up.stderr);
    t.is((await statusRows())["tuning sysctls"], tuning.replace(",", ", "));
    t.is(await found("tuned"), "3\n0");
    t.is((await cluster("up", "one-node", ...allowed)).exitCode, 0);
    t.is((await statusRows())["tuning sysctls"], "none");
    t.is(await found("untuned-again"), untuned);
    t.is(daemonPid(node ?? 0, "kubelet"), kubelet, "no kubelet was started again");
  },
);

testNeeding([...needed], "--protect-kernel-defaults: the kubelet judges the machine as it is", async (t) => {
  const wanted = { "vm/overcommit_memory": 1, "vm/panic_on_oom": 0, "kernel/panic": 10, "kernel/panic_on_oops": 1 };
  const wrong = Object.entries(wanted).filter(
    ([key, value]) => Number(readFileSync(`/proc/sys/${key}`, "utf8")) !== value,
  );
  const up = await cluster("up", "one-node", "--protect-kernel-defaults");
  t.is(up.exitCode, wrong.length === 0 ? 0 : 3, up.stderr);
  for (const [key, value] of wrong)
    t.regex(up.stderr, new RegExp(`invalid kernel flag: ${key}, expected value: ${value}`));
  if (wrong.length > 0) t.regex((await statusRows()).cluster ?? "", /not running: kubelet/);
  t.is((await cluster("up", "one-node")).exitCode, 0);
});

testNeeding([...needed], "a pod reaches the API by its service address, without kube-proxy", async (t) => {
  const mounted = "/var/run/secrets/kubernetes.io/serviceaccount";
  const script = `const token = require("fs").readFileSync("${mounted}/token", "utf8");
    const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = process.env;
    fetch("https://" + host + ":" + port + "/version", { headers: { authorization: "Bearer " + token } })
      .then((answer) => answer.json()).then(({ gitVersion }) => console.log(process.version, gitVersion));`;
  const pod = await runPod({
    name: "api",
    image: "tunebench.local/node:own",
    command: ["node", "--eval", script],
    env: { NODE_EXTRA_CA_CERTS: `${mounted}/ca.crt` },
  });
  t.regex(pod.output, new RegExp(`^${process.version} v1\\.34\\.`));
});

testNeeding([...needed], "etcd hears the API server alone, whoever is on the node's network", async (t) => {
  const script = `const ask = (scheme, port) => new Promise((resolve) =>
      require(scheme).get({ host: "127.0.0.1", port, path: "/version", rejectUnauthorized: false }, ({ statusCode }) => resolve(statusCode))
        .on("error", ({ code }) => resolve(code)));
    Promise.all([ask("http", 2379), ask("https", 2379), ask("https", 2380)]).then((said) => console.log(JSON.stringify(said)));`;
  const said: unknown[] = JSON.parse(await runInNode(findNode() ?? 0, [process.execPath, "--eval", script]));
  t.is(said.length, 3);
  for (const each of said) t.is(typeof each, "string", `answered ${each}`);
});

testNeeding([...needed], "the k6 image runs k6", async (t) => {
  const pod = await runPod({ name: "k6", image: "tunebench.local/k6:own", command: ["k6", "version"] });
  t.regex(pod.output, /^k6 v2\./);
});

testNeeding([...needed], "while it is up the machine has one link more, and every setting as it was", (t) => {
  const itsOwn =
    / (link tunebench0|route .* dev tunebench0 .*|file \/var\/lib\/tunebench|cgroup tunebench-one-node)|\/tunebench0\//;
  t.deepEqual(
    changesOf(before, machineSnapshot()).filter((change) => !itsOwn.test(change)),
    [],
  );
});

testNeeding([...needed], "down leaves nothing; down again says so", async (t) => {
  const were = clusterProcesses().map(processOf);
  t.true(were.length > 7, "etcd, containerd, four of Kubernetes, PID 1 and its unshare");
  const down = await cluster("down", "one-node");
  t.is(down.exitCode, 0, down.stderr);
  nothingLeft(t, before, were);
  t.regex((await cluster("down", "one-node")).stderr, /was not up/);
  t.is((await cluster("status", "one-node")).exitCode, 3);
});
