/** A kubelet of Kubernetes 1.37 with what deliver writes for defaultPodSysctls (KEP-5996), on one-node's machine without an API server. */
import { globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import test from "ava";
import { parse, stringify } from "yaml";
import { makeNode, startContainers } from "../../clusters/one-node/assemble.ts";
import { writeKubeletConfiguration } from "../../clusters/one-node/configuration.ts";
import { logFileOf, startDaemon, stopDaemon } from "../../clusters/one-node/daemons.ts";
import { takeDown } from "../../clusters/one-node/down.ts";
import { places } from "../../clusters/one-node/places.ts";
import { prepareUp } from "../../clusters/one-node/up.ts";
import { findK6 } from "../../harness/engines/k6/find-k6.ts";
import { fileOf, rollout } from "../helpers/deliveries.ts";
import { buildKubelet137, podsOfKubelet, startKubeletAlone } from "../helpers/kubelet-137.ts";
import { takeDownOwn } from "../helpers/one-node.ts";
import { testNeeding } from "../helpers/parts.ts";

const needed = ["root", "one-node", "go", "k6"] as const;
const platform = "default-pod-sysctls";
const kubeletFile = join(places.stateFolder, "kubelet.yaml");
const staticPods = join(places.stateFolder, "static-pods");
const [reuse, range] = ["net.ipv4.tcp_tw_reuse", "net.ipv4.ip_local_port_range"];
const fileOfKey = (key: string) => `/proc/sys/${key.replaceAll(".", "/")}`;

type Config = Record<string, unknown>;

/** Whether there may be something of ours to be taken down. */
let isOurs = false;
let node = 0;
let kubelet = "";
/** What a kubelet without an API server reads, before anything is delivered. */
let alone: Config;
/** The same with what deliver wrote into it. */
let delivered: Config & { defaultPodSysctls: Record<string, string> };

test.before(async (t) => {
  t.timeout(60 * 60_000, "Kubernetes and the kubelet of 1.37 are built the first time");
  kubelet = await buildKubelet137();
  await takeDownOwn();
  isOurs = true;
  mkdirSync(staticPods, { recursive: true });
  const asked = { env: process.env, onProgress: () => {} };
  const k6 = await findK6({ ...asked, explicit: null });
  node = await makeNode({ ...asked, programs: await prepareUp(asked), tuning: {} });
  await startContainers({ ...asked, node, images: { k6, locust: null } });
  writeKubeletConfiguration({ allowedUnsafeSysctls: [], protectKernelDefaults: false });
  alone = {
    ...(parse(readFileSync(kubeletFile, "utf8")) as Config),
    authentication: { anonymous: { enabled: true }, webhook: { enabled: false } },
    authorization: { mode: "AlwaysAllow" },
    staticPodPath: `${places.inside}/static-pods`,
    fileCheckFrequency: "1s",
    readOnlyPort: 10_255,
  };
  const there = { name: "kubelet.yaml", text: stringify(alone) };
  delivered = parse(fileOf(platform, rollout("all", 37), there, "1-kubelet-config.yaml"));
});

test.after.always(async () => {
  if (isOurs) await takeDown();
});

testNeeding(
  [...needed],
  "every new pod gets the keys, what runs keeps its own, and a pod's own value wins",
  async (t) => {
    t.timeout(5 * 60_000);
    await restart(alone);
    await place("before", { command: `while cat ${fileOfKey(reuse)}; do sleep 1; done`, restartPolicy: "Always" });
    await untilPod("before", "Running");
    const [old] = await untilLogged("before");

    await restart(delivered);
    const probe = parse(fileOf(platform, rollout("all", 37), null, "2-probe-pod.yaml"));
    const [, ...files] = probe.spec.containers[0].command as string[];
    await place("probe", { command: `cat ${files.join(" ")}` });
    await untilPod("probe", "Succeeded");
    const keys = files.map((file) => file.slice("/proc/sys/".length).replaceAll("/", "."));
    const values = keys.map((key) => delivered.defaultPodSysctls[key]);
    t.deepEqual((await untilLogged("probe")).map(normal), values.map(String).map(normal));
    t.deepEqual(Object.keys(delivered.defaultPodSysctls).toSorted(), keys.toSorted());

    await place("own", { command: `cat ${fileOfKey(range)} ${fileOfKey(reuse)}`, sysctls: { [range]: "20000 30000" } });
    await untilPod("own", "Succeeded");
    t.deepEqual((await untilLogged("own")).map(normal), ["20000 30000", "1"]);
    await place("host", { command: `cat ${fileOfKey(range)}`, hostNetwork: true });
    await untilPod("host", "Succeeded");
    t.notDeepEqual((await untilLogged("host")).map(normal), [delivered.defaultPodSysctls[range]]);
    t.not(old, "1");
    t.is((await untilLogged("before")).at(-1), old);
  },
);

testNeeding(
  [...needed],
  "one key that is not private: no sandbox is made any more, until it is taken out",
  async (t) => {
    t.timeout(5 * 60_000);
    const key = "net.core.netdev_max_backlog";
    const defaultPodSysctls = { ...delivered.defaultPodSysctls, [key]: "1000" };
    await restart({ ...delivered, defaultPodSysctls });
    await place("stuck", { command: "true" });
    await untilSaid(
      /CreatePodSandbox.*"?default\/stuck|stuck-one-node.*(CreatePodSandbox|sandbox).*netdev_max_backlog/,
    );
    t.is(await phaseOf("stuck"), "Pending");
    await restart(delivered);
    await untilPod("stuck", "Succeeded");
  },
);

for (const [title, change, words] of [
  [
    "a key of the machine's own groups",
    { defaultPodSysctls: { "vm.swappiness": "1" } },
    /vm\.swappiness\\?" is not known to be namespaced/,
  ],
  ["the field without its gate", { featureGates: {} }, /DefaultPodSysctls feature gate is required/],
] as const) {
  testNeeding([...needed], `${title}: the kubelet does not start`, async (t) => {
    t.timeout(60_000);
    await restart({ ...delivered, ...change }).catch(() => {});
    await untilSaid(words);
    t.pass();
  });
}

testNeeding([...needed], "a kubelet of 1.34 does not know the gate, and does not start", async (t) => {
  t.timeout(60_000);
  await stopDaemon(node, "kubelet");
  write(delivered);
  await startDaemon(node, "kubelet").catch(() => {});
  await untilSaid(/unrecognized feature gate: DefaultPodSysctls/);
  t.pass();
});

/** Another kubelet with this configuration; what the last one wrote is dropped. */
async function restart(config: Config): Promise<void> {
  await stopDaemon(node, "kubelet");
  write(config);
  await startKubeletAlone(node, kubelet);
}

function write(config: Config): void {
  writeFileSync(logFileOf("kubelet"), "");
  writeFileSync(kubeletFile, stringify(config));
}

interface StaticPod {
  command: string;
  restartPolicy?: string;
  hostNetwork?: boolean;
  sysctls?: Record<string, string>;
}

/** A static pod: the kubelet takes it up from its folder. */
async function place(name: string, pod: StaticPod): Promise<void> {
  const { command, restartPolicy = "Never", hostNetwork = false, sysctls = {} } = pod;
  const image = "tunebench.local/busybox:own";
  const spec = {
    restartPolicy,
    hostNetwork,
    securityContext: { sysctls: Object.entries(sysctls).map(([key, value]) => ({ name: key, value })) },
    containers: [{ name: "main", image, imagePullPolicy: "Never", command: ["/bin/sh", "-c", command] }],
  };
  const written = { apiVersion: "v1", kind: "Pod", metadata: { name, namespace: "default" }, spec };
  writeFileSync(join(staticPods, `${name}.yaml`), stringify(written));
}

async function phaseOf(name: string): Promise<string | undefined> {
  const pods = await podsOfKubelet(node);
  return pods.find(({ metadata }) => metadata.name === `${name}-${places.name}`)?.status.phase;
}

async function untilPod(name: string, phase: string): Promise<void> {
  await until(`${name} is ${phase}`, async () => (await phaseOf(name)) === phase);
}

async function untilSaid(words: RegExp): Promise<void> {
  await until(`the kubelet says ${words}`, async () => words.test(readFileSync(logFileOf("kubelet"), "utf8")));
}

/** What a pod wrote; at least a line. */
async function untilLogged(name: string): Promise<string[]> {
  let lines: string[] = [];
  await until(`${name} writes`, async () => {
    const files = globSync(`pods/default_${name}-${places.name}_*/main/*.log`, {
      cwd: join(places.stateFolder, "log"),
    });
    const rows = files.flatMap((file) => readFileSync(join(places.stateFolder, "log", file), "utf8").split("\n"));
    lines = rows.filter((row) => row !== "").map((row) => row.split(" ").slice(3).join(" "));
    return lines.length > 0;
  });
  return lines;
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const deadlineMs = performance.now() + 60_000;
  while (!(await isSo())) {
    if (performance.now() > deadlineMs) {
      throw new Error(`not within a minute: ${what}\n${readFileSync(logFileOf("kubelet"), "utf8").slice(-3000)}`);
    }
    await wait(200);
  }
}

function normal(value: string): string {
  return value.replaceAll(/\s+/g, " ");
}
