/** Pods that do not come to run, each way provoked on a real cluster: what the harness makes of it. */
import test, { type ExecutionContext } from "ava";
import { untilEnded, untilReady, watchEnd } from "../../harness/testbeds/kubernetes/api/await-pod.ts";
import { createPod, dryRunPod } from "../../harness/testbeds/kubernetes/api/create-pod.ts";
import { type RecordedNode, readNode, schedulableNodes } from "../../harness/testbeds/kubernetes/api/nodes.ts";
import { PodFailure } from "../../harness/testbeds/kubernetes/api/pod-failure.ts";
import { type ApiWorld, openApiWorld, podOf, shell, worldFor } from "../helpers/api-world.ts";
import { testsAtOnce } from "../helpers/at-once.ts";
import { forbiddenKey } from "../helpers/test-cluster.ts";

const needed = ["root", "one-node"] as const;
const patience = { timeouts: { scheduleMs: 60_000, startMs: 90_000 }, ownMs: 60_000 };
/** For a pod that no node will ever take. */
const impatience = { ...patience, timeouts: { ...patience.timeouts, scheduleMs: 3_000 } };
const testAtOnce = testsAtOnce(6);

let world: ApiWorld;

test.before(async (t) => {
  t.timeout(20 * 60_000, "Kubernetes is built the first time");
  world = await openApiWorld();
});

test.after.always(async () => {
  await world?.close();
});

type Changes = NonNullable<Parameters<typeof podOf>[2]>;

interface Case {
  title: string;
  changes: Changes;
  kind: PodFailure["kind"];
  refusesProfile: boolean;
  says: RegExp;
}

const sysctl = (name: string, value: string): Changes => ({
  spec: { securityContext: { sysctls: [{ name, value }] } },
});
const badInit = (capabilities: string[], line: string) => ({
  name: "set",
  command: shell(line),
  securityContext: { runAsUser: 0, capabilities: { add: capabilities } },
});

const cases: Case[] = [
  {
    title: "an image that is not there, and may not be pulled",
    changes: { container: { image: "tunebench.invalid/nothing:none", imagePullPolicy: "Never" } },
    kind: "image",
    refusesProfile: false,
    says: /"tunebench\.invalid\/nothing:none" is not present with pull policy of Never/,
  },
  {
    title: "an image that can't be pulled, after a few tries",
    changes: { container: { image: "tunebench.invalid/nothing:none", imagePullPolicy: "Always" } },
    kind: "image",
    refusesProfile: false,
    says: /failed to (pull|resolve)/,
  },
  {
    title: "an image's name that is none",
    changes: { container: { image: "Not An Image" } },
    kind: "image",
    refusesProfile: false,
    says: /couldn't parse image name/,
  },
  {
    title: "more than any node has",
    changes: { container: { resources: { requests: { cpu: "5000" } } } },
    kind: "unschedulable",
    refusesProfile: false,
    says: /no node took it within 3 s: 0\/\d+ nodes are available: .*Insufficient cpu/,
  },
  {
    title: "an unsafe key that the kubelet does not allow",
    changes: sysctl(forbiddenKey, "4096"),
    kind: "sysctl-forbidden",
    refusesProfile: true,
    says: /forbidden sysctl: "net\.ipv4\.tcp_max_syn_backlog" not allowlisted/,
  },
  {
    title: "a value that the kernel does not take, in runc's words",
    changes: sysctl("net.ipv4.ip_local_port_range", "60000 1024"),
    kind: "sandbox",
    refusesProfile: true,
    says: /the kernel does not take this value for the key, .*: write \/proc\/sys\/net\/ipv4\/ip_local_port_range: invalid argument$/,
  },
  {
    title: "a Secret that is not there",
    changes: {
      container: { env: [{ name: "PASSWORD", valueFrom: { secretKeyRef: { name: "nothing", key: "password" } } }] },
    },
    kind: "configuration",
    refusesProfile: false,
    says: /secret "nothing" not found/,
  },
  {
    title: "a volume of a ConfigMap that is not there",
    changes: {
      spec: { volumes: [{ name: "files", configMap: { name: "nothing" } }] },
      container: { volumeMounts: [{ name: "files", mountPath: "/files" }] },
    },
    kind: "mount",
    refusesProfile: false,
    says: /configmap "nothing" not found/,
  },
  {
    title: "a container that crashes, with its last lines",
    changes: { container: { command: shell("echo 'cannot find my database' >&2; exit 3") } },
    kind: "crash",
    refusesProfile: false,
    says: /container main ended with exit code 3\n {2}\| cannot find my database/,
  },
  {
    title: "a container that crashes and is started again",
    changes: { spec: { restartPolicy: "Always" }, container: { command: shell("echo 'not this time'; exit 4") } },
    kind: "crash",
    refusesProfile: false,
    says: /exit code 4\n {2}\| not this time/,
  },
  {
    title: "a program that is not in the image",
    changes: { container: { command: ["/nothing"] } },
    kind: "crash",
    refusesProfile: false,
    says: /\/nothing: no such file or directory/,
  },
  {
    title: "more memory than its limit",
    changes: {
      container: {
        command: ["node", "-e", "const kept = []; for (;;) kept.push(Buffer.alloc(1 << 20, 1))"],
        resources: { limits: { memory: "64Mi" } },
      },
    },
    kind: "out-of-memory",
    refusesProfile: false,
    says: /container main used more memory than its limit/,
  },
  {
    title: "a startup probe that does not pass",
    changes: {
      container: {
        // A busy node has its shell longer than the second that a probe has by default.
        startupProbe: {
          ...{ exec: { command: shell("echo no; exit 1") }, periodSeconds: 1, failureThreshold: 3 },
          timeoutSeconds: 20,
        },
      },
    },
    kind: "probe",
    refusesProfile: false,
    says: /did not pass its startup probe: Startup probe failed: no/,
  },
  {
    title: "a deadline that passes",
    changes: { spec: { activeDeadlineSeconds: 2 } },
    kind: "deadline",
    refusesProfile: false,
    says: /activeDeadlineSeconds/,
  },
  {
    title: "a program that ends before it is ready",
    changes: { container: { command: ["true"] } },
    kind: "crash",
    refusesProfile: false,
    says: /ended before it was ready/,
  },
];

/** Never ready, so that what is wrong is waited for. */
const neverReady = { readinessProbe: { exec: { command: ["false"] }, periodSeconds: 1 } };

cases.forEach(({ title, changes, kind, refusesProfile, says }, index) => {
  testAtOnce([...needed], title, async (t) => {
    t.timeout(10 * 60_000);
    const pod = podOf(world, `failing-${index}`, { ...changes, container: { ...neverReady, ...changes.container } });
    await createPod(world.api, pod);
    const failure = await failureOf(
      t,
      untilReady(world.api, `failing-${index}`, kind === "unschedulable" ? impatience : patience),
    );
    t.is(failure.kind, kind, failure.message);
    t.is(failure.refusesProfile, refusesProfile);
    t.regex(failure.message, says);
    await world.api.remove("Pod", `failing-${index}`);
  });
});

testAtOnce([...needed], "an init container that may not write a setting: its own words, and why", async (t) => {
  const line = "echo 1000 > /proc/sys/net/core/somaxconn";
  const init = { ...podOf(world, "x").spec?.containers[0], ...badInit(["NET_ADMIN", "SYS_ADMIN"], line) };
  await createPod(world.api, podOf(world, "capable", { spec: { initContainers: [init] } }));
  const failure = await failureOf(t, untilReady(world.api, "capable", patience));
  t.is(failure.kind, "init");
  t.true(failure.refusesProfile);
  t.regex(failure.words, /Read-only file system/);
  t.regex(failure.reason, /mounted read-only in every container that is not privileged/);
});

testAtOnce([...needed], "quota, LimitRange and Pod Security refuse a pod: each is named", async (t) => {
  const bounded = await worldFor(t);
  const { api, kubectl, own } = bounded;
  await kubectl(["create", "quota", "none", "--hard=pods=0"]);
  await kubectl(["wait", "--for=jsonpath={.status.hard.pods}=0", "quota/none"]);
  const quota = await failureOf(t, createPod(api, podOf(bounded, "too-many")));
  t.is(quota.kind, "quota");
  t.regex(quota.words, /exceeded quota: none, requested: pods=1/);
  await kubectl(["delete", "quota", "none"]);

  const limits = [{ type: "Container", max: { cpu: "100m" } }];
  const range = { apiVersion: "v1", kind: "LimitRange", metadata: { name: "small" }, spec: { limits } };
  await kubectl(["create", "--filename", "-"], JSON.stringify(range));
  const large = podOf(bounded, "too-large", { container: { resources: { limits: { cpu: "2" } } } });
  const bound = await failureOf(t, createPod(api, large));
  t.is(bound.kind, "limit-range");
  t.regex(bound.words, /maximum cpu usage per Container is 100m/);
  await kubectl(["delete", "limitrange", "small"]);

  const levels = ["pod-security.kubernetes.io/enforce=baseline", "pod-security.kubernetes.io/warn=restricted"];
  await own.kubectl(["label", "namespace", own.namespace, ...levels]);
  const unsafe = await failureOf(t, dryRunPod(api, podOf(bounded, "unsafe", sysctl("net.core.somaxconn", "1000"))));
  t.is(unsafe.kind, "pod-security");
  t.true(unsafe.refusesProfile);
  t.regex(unsafe.words, /violates PodSecurity "baseline:latest": forbidden sysctls \(net\.core\.somaxconn\)/);
  const { warnings } = await dryRunPod(api, podOf(bounded, "lax"));
  t.regex(warnings.join("\n"), /would violate PodSecurity "restricted:latest": allowPrivilegeEscalation != false/);
  t.is(await api.get("Pod", "lax"), null, "a dry run makes nothing");
});

testAtOnce([...needed], "settings of its own on the node's network: the API server refuses them", async (t) => {
  const changes = sysctl("net.core.somaxconn", "1000");
  const pod = podOf(world, "clash", { spec: { ...changes.spec, hostNetwork: true } });
  const failure = await failureOf(t, dryRunPod(world.api, pod));
  t.is(failure.kind, "invalid");
  t.true(failure.refusesProfile);
  t.regex(failure.words, /may not be specified when 'hostNetwork' is true/);
});

testAtOnce([...needed], "a pod that runs is placed; evicted, it is told how it ended", async (t) => {
  const { api, own } = world;
  await createPod(api, podOf(world, "runs"));
  const placed = await untilReady(api, "runs", patience);
  t.regex(placed.address, /^[\d.]+$/);
  const facts = await readNode(api, placed.node);
  t.is(
    facts.kernel,
    await world.own.kubectl(["get", "node", placed.node, "--output=jsonpath={.status.nodeInfo.kernelVersion}"]),
  );
  const selector = { "kubernetes.io/hostname": facts.labels["kubernetes.io/hostname"] ?? "" };
  t.deepEqual((await schedulableNodes(api, selector)).map(withoutOurs), [withoutOurs(facts)]);
  t.deepEqual(await schedulableNodes(api, { "tunebench.dev/no-node-has-it": "true" }), []);
  const end = watchEnd(api, "runs", "main", new AbortController().signal);
  await evict(own.namespace, "runs");
  const { reason, exitCode, node } = (await end) ?? t.fail("no end");
  t.regex(reason, /^EvictionByEvictionAPI$/);
  t.is(exitCode, null, "ended by a signal");
  t.is(node, placed.node);
});

testAtOnce([...needed], "a pod that is evicted while it is awaited", async (t) => {
  await createPod(world.api, podOf(world, "unwanted", { container: neverReady }));
  const awaited = failureOf(t, untilReady(world.api, "unwanted", patience));
  await evict(world.own.namespace, "unwanted");
  t.is((await awaited).kind, "evicted");
});

testAtOnce([...needed], "a pod that was gone before its end was watched has ended all the same", async (t) => {
  const end = await watchEnd(world.api, "never-there", "main", new AbortController().signal);
  t.is(end?.reason, "Deleted");
});

testAtOnce([...needed], "a pod that runs once is awaited to its end", async (t) => {
  await createPod(world.api, podOf(world, "once", { container: { command: shell("echo done") } }));
  const end = await untilEnded(world.api, "once", "main", patience);
  t.like(end, { exitCode: 0, signal: null, reason: "Completed" });
});

async function failureOf(t: ExecutionContext, promise: Promise<unknown>): Promise<PodFailure> {
  return (await t.throwsAsync(promise, { instanceOf: PodFailure })) ?? t.fail("no failure");
}

/** node-settings.test.ts labels the node meanwhile. */
function withoutOurs({ labels, ...facts }: RecordedNode): RecordedNode {
  const others = Object.entries(labels).filter(([key]) => !key.startsWith("tunebench.dev/"));
  return { ...facts, labels: Object.fromEntries(others) };
}

async function evict(namespace: string, name: string): Promise<void> {
  const eviction = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name } };
  const path = `/api/v1/namespaces/${namespace}/pods/${name}/eviction`;
  await world.kubectl(["create", "--raw", path, "--filename", "-"], JSON.stringify(eviction));
}
