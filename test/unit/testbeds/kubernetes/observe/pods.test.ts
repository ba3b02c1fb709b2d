/** Looking into pods, without a cluster: which are meant, what is put into them, and what is made of what it says. */
import test from "ava";
import { InputError } from "../../../../../harness/core/errors.ts";
import { bundlePodProgram } from "../../../../../harness/pods/bundle.ts";
import type { LiveSample } from "../../../../../harness/results/live-samples.ts";
import type { Pod } from "../../../../../harness/testbeds/kubernetes/api/kinds.ts";
import { parseQuantity } from "../../../../../harness/testbeds/kubernetes/api/quantity.ts";
import { readManifest } from "../../../../../harness/testbeds/kubernetes/manifest/read-manifest.ts";
import { podNames, serviceNames } from "../../../../../harness/testbeds/kubernetes/observe/address-names.ts";
import {
  podChoice,
  selectorText,
  workloadChoice,
} from "../../../../../harness/testbeds/kubernetes/observe/choose-pods.ts";
import type { Heard } from "../../../../../harness/testbeds/kubernetes/observe/follow-look.ts";
import {
  lookContainer,
  lookPrefix,
  lookSettings,
  mainContainer,
} from "../../../../../harness/testbeds/kubernetes/observe/look-container.ts";
import { podLimits } from "../../../../../harness/testbeds/kubernetes/observe/pod-limits.ts";
import { plainEnv, podManifest } from "../../../../../harness/testbeds/kubernetes/observe/pod-manifest.ts";
import { seenOf } from "../../../../../harness/testbeds/kubernetes/observe/pod-seen.ts";

test("what --pod and --workload take", (t) => {
  t.deepEqual(podChoice("shop/web-7d9f"), { kind: "pod", namespace: "shop", name: "web-7d9f" });
  const web = { kind: "workload" as const, namespace: "shop", workload: "deployment" as const, name: "web" };
  for (const kind of ["deployment", "deployments", "deploy", "Deployment"]) {
    t.deepEqual(workloadChoice(`shop/${kind}/web`), web);
  }
  for (const typed of ["web", "shop/", "a/b/c", "shop/../x", "shop/Web"]) {
    t.throws(() => podChoice(typed), { instanceOf: InputError });
  }
  t.throws(() => workloadChoice("shop/web"), { message: /NAMESPACE\/KIND\/NAME/ });
  t.throws(() => workloadChoice("shop/deploymen/web"), { message: /did you mean "deployment"\?/ });
});

test("a workload's selector as the API's query has it", (t) => {
  const matchExpressions = [
    { key: "tier", operator: "In", values: ["a", "b"] },
    { key: "old", operator: "NotIn", values: ["x"] },
    { key: "live", operator: "Exists" },
    { key: "canary", operator: "DoesNotExist" },
  ];
  t.is(
    selectorText({ matchLabels: { app: "web" }, matchExpressions }),
    "app=web,tier in (a,b),old notin (x),live,!canary",
  );
});

test("quantities, and the limits of a pod's spec", (t) => {
  const cases: [string | undefined, number | null][] = [
    ["512Mi", 2 ** 29],
    ["500m", 0.5],
    ["2", 2],
    ["1e3", 1000],
    ["1.5Gi", 1.5 * 2 ** 30],
    ["128M", 128e6],
    ["E", null],
    ["12x", null],
    [undefined, null],
  ];
  for (const [text, value] of cases) t.is(parseQuantity(text), value, String(text));
  t.deepEqual(podLimits(pod(), "web"), { memoryBytes: 128 * 2 ** 20, cpuCores: 0.5 });
  t.deepEqual(podLimits(pod(), "proxy"), { memoryBytes: null, cpuCores: null });
});

function pod(changes: Partial<NonNullable<Pod["spec"]>> = {}, annotations: Record<string, string> = {}): Pod {
  return {
    metadata: { name: "web-1", namespace: "shop", uid: "u", annotations },
    spec: {
      nodeName: "worker-1",
      securityContext: {
        runAsUser: 1001,
        runAsGroup: 3,
        sysctls: [{ name: "net.ipv4.ip_local_port_range", value: "40000 40003" }],
      },
      containers: [
        { name: "istio-proxy" },
        { name: "proxy" },
        { name: "web", resources: { limits: { memory: "128Mi", cpu: "500m" } } },
      ],
      ...changes,
    },
    status: { podIP: "10.0.0.5" },
  };
}

test("the container that is meant: as kubectl takes it, else none of a mesh", (t) => {
  t.is(mainContainer(pod()), "proxy");
  t.is(mainContainer(pod({}, { "kubectl.kubernetes.io/default-container": "web" })), "web");
  t.is(mainContainer(pod({}, { "kubectl.kubernetes.io/default-container": "gone" })), "proxy");
});

const settings = {
  seconds: 60,
  keys: ["net.core.somaxconn"],
  containerId: null,
  sharesProcesses: false,
  portRange: null,
};
const program = {
  cluster: { images: { node: "node:24-slim", k6: "k6", locust: "locust" }, imagePullPolicy: "Never" as const },
  text: "const x = `$`; // $(HOME) $$",
  settings,
};

test("what is put into a pod passes the level restricted, and is told all it needs in one argument", (t) => {
  const made = lookContainer(program, pod({}, { "kubectl.kubernetes.io/default-container": "web" }), `${lookPrefix}a1`);
  t.is(made.targetContainerName, "web");
  t.deepEqual(made.securityContext, {
    runAsNonRoot: true,
    runAsUser: 1001,
    runAsGroup: 3,
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
    seccompProfile: { type: "RuntimeDefault" },
  });
  t.is(made.command?.length, 4);
  // Kubernetes takes $$ for $, and $(NAME) for a variable.
  t.is(made.command?.[3]?.replaceAll("$$", "$"), program.text);
  t.deepEqual(lookSettings(made as { name: string; env?: { name: string; value?: string }[] }), settings);
  t.is(lookSettings({ name: "debugger-x", env: made.env as { name: string; value?: string }[] }), null);
});

test("as an ordinary user where the pod's is root, or is not said", (t) => {
  for (const runAsUser of [0, undefined]) {
    const made = lookContainer(program, pod({ securityContext: runAsUser === undefined ? {} : { runAsUser } }), "x");
    t.is(made.securityContext?.runAsUser, 1000);
  }
});

test("the program is below 100 KB: the longest argument that the kernel takes is 128 KiB", async (t) => {
  const text = await bundlePodProgram("look.mjs");
  t.true(Buffer.byteLength(text) < 100_000, `${Buffer.byteLength(text)} bytes`);
  t.notRegex(text, /from "(?!node:)[^"]+"|require\("(?!node:)/);
});

test("names of addresses: Services by all of theirs, pods that have one of their own", (t) => {
  const service = {
    metadata: { name: "db", namespace: "shop" },
    spec: { clusterIP: "10.96.0.7", clusterIPs: ["10.96.0.7", "fd00::7"], externalIPs: ["203.0.113.9"] },
    status: { loadBalancer: { ingress: [{ ip: "198.51.100.4" }, { hostname: "x" }] } },
  };
  const headless = { metadata: { name: "h", namespace: "shop" }, spec: { clusterIP: "None", clusterIPs: ["None"] } };
  t.deepEqual(serviceNames([service, headless]), {
    "10.96.0.7": "Service shop/db",
    "fd00::7": "Service shop/db",
    "203.0.113.9": "Service shop/db",
    "198.51.100.4": "Service shop/db",
  });
  t.deepEqual(podNames([pod(), pod({ hostNetwork: true })]), { "10.0.0.5": "pod shop/web-1" });
});

const none = { unsentBytes: 0, unreadBytes: 0, costMs: 1, sources: [], ending: [], timeWaits: 0, rows: 5 };

function heard(samples: LiveSample[]): Heard {
  return {
    samples,
    settings: {
      "net.ipv4.ip_local_port_range": "40000\t40003",
      "net.core.somaxconn": "4096",
      "net.ipv4.tcp_abc": null,
    },
    processes: { pids: [1], cpusAllowed: 2 },
    steering: null,
    kernel: "6.18.1",
    costMs: 3,
    firstMs: 0,
  };
}

const role = "target";
const cpu: LiveSample = {
  ...{ kind: "roleCpu", atMs: 2, role, cpuMs: 10, memoryBytes: 50_000, throttledPeriods: 3, throttledMs: 7 },
};
const table: LiveSample = {
  ...{
    kind: "table",
    atMs: 1,
    role,
    destinationCount: 1,
    listeners: [{ port: 8080, queued: 0, halfOpen: 0 }],
    ...none,
  },
  destinations: [
    { address: "10.96.0.7", port: 3306, source: "10.0.0.5", states: { ESTABLISHED: 4 }, inUse: 4, ending: [] },
  ],
};
const group: LiveSample = {
  ...{ kind: "group", atMs: 3, role, memoryBytes: 9, memoryLimitBytes: 10, oomKills: 0 },
  ...{ cpuLimitCores: 9, cpuPeriods: 1, throttledPeriods: 1, throttledMs: 1 },
};
const process: LiveSample = {
  ...{ kind: "process", atMs: 4, role, runDelayMs: 1, openFiles: 20, openFilesLimit: 1024 },
  ...{ groupMemoryBytes: 5, groupMemoryLimitBytes: 6, oomKills: 1, cpuPeriods: 4 },
};

const wanted = {
  names: { "10.96.0.7": "Service shop/db" },
  keys: ["net.ipv4.ip_local_port_range", "net.core.somaxconn"],
  showsNode: false,
};
const web = () => pod({}, { "kubectl.kubernetes.io/default-container": "web" });

test("from inside: the looking container's own cgroup is nobody's, limits are the spec's", (t) => {
  const seen = seenOf({ pod: web(), inside: heard([table, cpu, group, process]), onNode: null }, wanted);
  const groups = seen.samples.filter(({ kind }) => kind === "group");
  t.like(groups, [{ memoryBytes: 50_000, memoryLimitBytes: 128 * 2 ** 20, cpuLimitCores: 0.5, throttledMs: null }]);
  t.like(
    seen.samples.find(({ kind }) => kind === "roleCpu"),
    { throttledMs: null },
  );
  t.like(
    seen.samples.find(({ kind }) => kind === "process"),
    { groupMemoryBytes: null, openFiles: 20 },
  );
  t.deepEqual(seen.names, { "10.96.0.7:3306": "Service shop/db" });
  t.deepEqual(seen.settings, [
    { key: "net.ipv4.ip_local_port_range", value: "40000 40003", origin: { kind: "spec", of: "pod" } },
    { key: "net.core.somaxconn", value: "4096", origin: { kind: "kernel-default" } },
  ]);
  t.deepEqual(
    seen.caveats.map((caveat) => (caveat.code === "not-readable" ? caveat.what : caveat.code)),
    ["listen-limits", "memory-resident"],
  );
});

test("with a pod on the node its processes are as the node sees them, its network as the pod does", (t) => {
  const onNode = heard([{ ...cpu, cpuMs: 99 }, group, { ...table, rows: 77 }]);
  const seen = seenOf({ pod: web(), inside: heard([table, cpu, process]), onNode }, wanted);
  t.deepEqual(
    seen.samples.map((sample) => [sample.kind, sample.kind === "table" ? sample.rows : 0]),
    [
      ["table", 5],
      ["roleCpu", 0],
      ["group", 0],
      ["process", 0],
    ],
  );
  t.like(
    seen.samples.find(({ kind }) => kind === "roleCpu"),
    { cpuMs: 99, throttledMs: 7 },
  );
});

test("from the node alone: no settings, which is said; a pod of the node's network is named", (t) => {
  const onNode = { ...heard([table, cpu, group]), settings: null };
  const seen = seenOf(
    { pod: { ...web(), spec: { ...web().spec, hostNetwork: true, containers: [] } }, inside: null, onNode },
    wanted,
  );
  t.deepEqual(seen.settings, []);
  t.true(seen.samples.some(({ kind }) => kind === "table"));
  t.deepEqual(
    seen.caveats.map((caveat) => (caveat.code === "not-readable" ? caveat.what : caveat.code)),
    ["host-network", "settings", "descriptors", "listen-limits"],
  );
  t.like(
    seen.caveats.find((caveat) => caveat.code === "not-readable" && caveat.what === "settings"),
    { why: { kind: "from-the-node" } },
  );
});

test("a pod of the node's network has no table of connections of its own beside the node's", (t) => {
  const counts = { conntrackCount: 7, conntrackMax: 10, conntrackDrops: 0, conntrackInsertFailed: 0 };
  const inside = heard([table, { kind: "tracking", atMs: 1, role: "target", ...counts }]);
  const kinds = (hostNetwork: boolean, showsNode: boolean) => {
    const one = { ...web(), spec: { ...web().spec, hostNetwork, containers: [] } };
    return seenOf({ pod: one, inside, onNode: heard([]) }, { ...wanted, showsNode }).samples.map(({ kind }) => kind);
  };
  t.false(kinds(true, true).includes("tracking"));
  t.true(kinds(true, false).includes("tracking"));
  t.true(kinds(false, true).includes("tracking"));
});

test("a pod as a manifest of its own: without what the cluster put into it, and without secrets", (t) => {
  const token = { name: "kube-api-access-x1", projected: { sources: [] } };
  const running = pod({
    restartPolicy: "Always",
    volumes: [token, { name: "data", emptyDir: {} }],
    containers: [
      {
        name: "web",
        image: "shop/web:1.4",
        command: ["web", "--db-password=hunter2"],
        env: [
          { name: "DB_HOST", value: "db" },
          { name: "DB_PASSWORD", value: "hunter2" },
          { name: "CACHE_URL", value: "redis://x:hunter2@cache/0" },
          { name: "KEY", valueFrom: { secretKeyRef: { name: "keys", key: "web" } } },
        ],
        volumeMounts: [
          { name: token.name, mountPath: "/var/run/secrets/kubernetes.io/serviceaccount" },
          { name: "data", mountPath: "/data" },
        ],
      },
    ],
  });
  const text = podManifest(running);
  t.notRegex(text, /hunter2|nodeName|kube-api-access|restartPolicy/);
  t.regex(text, /secretKeyRef/);
  t.notThrows(() => readManifest("pod.yaml", text));
  t.deepEqual(plainEnv(running, "web"), {
    DB_HOST: "db",
    DB_PASSWORD: "hunter2",
    CACHE_URL: "redis://x:hunter2@cache/0",
  });
});
