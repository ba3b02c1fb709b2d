/** `tunebench observe` of pods on a real cluster, with exactly the rights of clusters/rbac-observe.yaml: by a container in each, and by a pod on the node. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { execa } from "execa";
import { applyObjects, kubeconfigOf, rbacFor } from "../helpers/account.ts";
import { type ApiWorld, openApiWorld } from "../helpers/api-world.ts";
import { mainFile, tunebench } from "../helpers/cli.ts";
import { testNeeding } from "../helpers/parts.ts";
import { type TestCluster, testCluster } from "../helpers/test-cluster.ts";

let folder: string;
let world: ApiWorld;
/** Cluster files of the account: without and with a pod on the node, whose namespace is another one. */
let inside: string;
let onNode: string;
let nodes: TestCluster;
/** The pods of the workload. */
let pods: string[];

const range = "40000 40003";

/** Holds as many connections as it gets to a Service that nobody need answer: what is sent is enough to take a port. */
const program = `
const { connect } = require("node:net");
require("node:http").createServer((_, response) => response.end("ok")).listen(8080);
const dial = () => {
  const socket = connect({ host: process.env.DB_SERVICE_HOST, port: 3306 });
  socket.on("error", () => setTimeout(dial, 50));
};
for (let count = 0; count < 4; count++) dial();
`;

test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), "tunebench-observe-"));
});

test.after.always(async () => {
  if (world !== undefined) {
    const gone = ["--ignore-not-found", "--wait=false"];
    await world.own.kubectl(["delete", "clusterrolebinding,clusterrole", world.own.namespace, ...gone]);
    if (nodes !== undefined) await world.own.kubectl(["delete", "namespace", nodes.namespace, ...gone]);
    await world.close();
  }
  await rm(folder, { recursive: true, force: true });
});

testNeeding(
  ["cluster"],
  "a service runs in a namespace of level restricted, and an account may look at it",
  async (t) => {
    world = await openApiWorld();
    const { namespace } = world.own;
    await world.kubectl(["label", "namespace", namespace, "pod-security.kubernetes.io/enforce=restricted"]);
    await world.kubectl(["apply", "--filename", "-"], JSON.stringify(serviceObjects()));
    nodes = await testCluster({ folder: join(folder, "nodes") });
    await world.own.kubectl(["create", "namespace", nodes.namespace]);
    await applyObjects(world.own, rights());
    const kubeconfig = await kubeconfigOf(world.own, namespace, "tunebench-observe", join(folder, "kubeconfig"));
    const clusterFile = async (name: string, changes: object) => {
      return (await testCluster({ folder: join(folder, name), changes: { kubeconfig, create: false, ...changes } }))
        .file;
    };
    inside = await clusterFile("inside", { namespace: nodes.namespace, observeNode: false });
    onNode = await clusterFile("node", { namespace: nodes.namespace, observeNode: true });
    await world.kubectl(["rollout", "status", "deployment/web", "--timeout=60s"]);
    const names = await world.kubectl(["get", "pods", "--selector=app=web", "--output=name"]);
    pods = names.split("\n").map((name) => name.replace("pod/", ""));
    t.is(pods.length, 2);
  },
);

function rights() {
  const objects = rbacFor(world.own.namespace, "clusters/rbac-observe.yaml");
  return objects.map((object) =>
    object.metadata.name === "tunebench-observe-node"
      ? { ...object, metadata: { ...object.metadata, namespace: nodes.namespace } }
      : object,
  );
}

function serviceObjects(): object {
  const { images, imagePullPolicy } = world.cluster;
  const container = {
    ...{ name: "web", image: images.node, imagePullPolicy, command: ["node", "--eval", program] },
    // No limit of CPU: it would be asked for as well, more than a small node may have left, and be nearer than the ports beside another load.
    resources: { limits: { memory: "128Mi" } },
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
  };
  const spec = {
    terminationGracePeriodSeconds: 1,
    securityContext: {
      ...{ runAsNonRoot: true, runAsUser: 1001, seccompProfile: { type: "RuntimeDefault" } },
      sysctls: [{ name: "net.ipv4.ip_local_port_range", value: range }],
    },
    containers: [container],
  };
  const db = { apiVersion: "v1", kind: "Service", metadata: { name: "db" }, spec: { ports: [{ port: 3306 }] } };
  const web = {
    ...{ apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web" } },
    spec: {
      ...{ replicas: 2, selector: { matchLabels: { app: "web" } } },
      template: { metadata: { labels: { app: "web" } }, spec },
    },
  };
  return { apiVersion: "v1", kind: "List", items: [db, web] };
}

interface Told {
  limits: { limit: string; subject: string; place: string | null; used: number; of: number | null }[];
  settings: { key: string; value: string; origin: { kind: string } }[];
  steering: { tuners: string[] | null } | null;
  caveats: { code: string; what?: string; who?: string; container?: string }[];
  subjects: string[];
}

async function observed(args: string[]) {
  const { exitCode, stdout, stderr } = await tunebench(["observe", ...args, "--format", "json"]);
  return { exitCode, stderr, told: (stdout === "" ? null : JSON.parse(stdout)) as Told | null };
}

const workload = () => `${world.own.namespace}/deployment/web`;

testNeeding(["cluster"], "a right that is missing is named, with what grants it: exit 3", async (t) => {
  const without = rights().map((object) => {
    const rules = object.rules?.filter(({ resources }) => !resources.includes("pods/ephemeralcontainers"));
    return rules === undefined ? object : { ...object, rules };
  });
  await applyObjects(world.own, without);
  const { exitCode, stderr } = await observed(["--workload", workload(), "--cluster", inside, "--for", "1s"]);
  await applyObjects(world.own, rights());
  t.is(exitCode, 3, stderr);
  t.regex(stderr, /cannot patch resource "pods\/ephemeralcontainers"/);
  t.regex(stderr, /clusters\/rbac-observe\.yaml/);
});

testNeeding(
  ["cluster"],
  "a range of four ports with all pods Running is named in one call, by the Service's name",
  async (t) => {
    const { exitCode, stderr, told } = await observed(["--workload", workload(), "--cluster", inside, "--for", "3s"]);
    t.is(exitCode, 1, stderr);
    const ports = told?.limits.filter(({ limit }) => limit === "ports") ?? [];
    t.deepEqual(ports.map(({ place }) => place).sort(), pods.map((pod) => `pod ${world.own.namespace}/${pod}`).sort());
    for (const { used, of, subject } of ports) {
      t.deepEqual([used, of], [4, 4]);
      t.regex(subject, new RegExp(`Service ${world.own.namespace}/db`));
    }
    t.is(told?.limits[0]?.limit, "ports");
    const memory = told?.limits.find(({ limit }) => limit === "memory");
    t.is(memory?.of, 128 * 2 ** 20);
    t.true((memory?.used ?? 0) > 1e6);
    t.true(told?.limits.some(({ limit, used }) => limit === "descriptors" && used > 4));
    t.like(
      told?.settings.find(({ key }) => key === "net.ipv4.ip_local_port_range"),
      {
        value: range,
        origin: { kind: "spec" },
      },
    );
    const codes = told?.caveats.map(({ code, what }) => what ?? code) ?? [];
    for (const code of ["container-stays", "conntrack", "steering", "listen-limits"])
      t.true(codes.includes(code), codes.join());
    t.false(told?.limits.some(({ limit }) => limit === "conntrack"));
  },
);

testNeeding(["cluster"], "within a minute the same container serves: no pod gets two records", async (t) => {
  const { told } = await observed(["--workload", workload(), "--cluster", inside, "--for", "1s"]);
  t.is(told?.subjects.length, 2);
  for (const pod of pods) {
    const names = ["get", "pod", pod, "--output=jsonpath={.spec.ephemeralContainers[*].name}"];
    t.is((await world.kubectl(names)).split(" ").length, 1);
  }
});

const delivery = (value: string) => ({
  ...{ schemaVersion: 1, platform: "k3s", purpose: "rollout", kubernetes: "1.34" },
  run: { id: "20261121T080225Z-web-3f9a", profile: "range", baseline: "baseline", sha256: null },
  suite: null,
  settings: [{ role: "target", key: "net.ipv4.ip_local_port_range", value, scope: "pod", where: [] }],
  ...{ allowlist: { keys: [], where: [] }, nodeSelector: null, workloads: [], conditions: [], leftOut: [] },
});

testNeeding(["cluster"], "--expect: whether what was delivered is on each pod", async (t) => {
  const file = join(folder, "delivery.json");
  const expected = async (value: string) => {
    await writeFile(file, JSON.stringify(delivery(value)));
    return await tunebench(["observe", "--workload", workload(), "--cluster", inside, "--expect", file]);
  };
  const there = await expected(range);
  t.is(there.exitCode, 0, there.stderr);
  t.regex(there.stdout, /^All is there: 1 value in 2 places\.$/m);
  const missing = await expected("1024 65535");
  t.is(missing.exitCode, 1, missing.stderr);
  t.regex(missing.stdout.replaceAll(/\s+/g, " "), /^Not delivered: net\.ipv4\.ip_local_port_range \(2 of 2 places/);
});

testNeeding(["cluster"], "by a pod on its node as well: connection tracking, and nothing of ours stays", async (t) => {
  const pod = `${world.own.namespace}/${pods[0]}`;
  const { exitCode, stderr, told } = await observed(["--pod", pod, "--cluster", onNode, "--for", "3s"]);
  t.is(exitCode, 1, stderr);
  t.like(
    told?.limits.find(({ limit }) => limit === "ports"),
    { used: 4, of: 4 },
  );
  t.true(told?.limits.some(({ limit, of }) => limit === "conntrack" && (of ?? 0) > 0) ?? false, stderr);
  t.true(Array.isArray(told?.steering?.tuners), JSON.stringify(told?.steering));
  t.false(told?.caveats.some(({ what }) => what === "conntrack" || what === "steering"));
  await world.own.kubectl(["wait", "pod", "--all", "--for=delete", "--namespace", nodes.namespace, "--timeout=30s"]);
});

testNeeding(
  ["cluster"],
  "what a killed look left on a node: clean leaves it while it runs, and removes it then",
  async (t) => {
    const pod = `${world.own.namespace}/${pods[0]}`;
    // So short that the container which has looked into the pod until now serves for it: another would be put there a minute after it.
    const look = execa(process.execPath, [mainFile(), "observe", "--pod", pod, "--cluster", onNode, "--for", "10s"], {
      reject: false,
    });
    await untilLooking(look);
    look.kill("SIGKILL");
    await look;
    const ofNodes = (args: string[]) => world.own.kubectl([...args, "--namespace", nodes.namespace]);
    const name = await ofNodes(["get", "pods", "--output=jsonpath={.items[*].metadata.name}"]);
    t.regex(name, /^tunebench-look-[0-9a-f]{8}-[0-9a-f]{4}$/);
    const clean = () => tunebench(["clean", "--cluster", nodes.file, "--results", folder]);
    const first = await clean();
    t.is(first.exitCode, 0, first.stderr);
    t.is(first.stdout, "");
    t.regex(first.stderr, /^tunebench-look-[0-9a-f]{8} in \S+ is under way: left as it is$/m);
    // Its own deadline, brought forward.
    await ofNodes(["patch", "pod", name, "--patch", JSON.stringify({ spec: { activeDeadlineSeconds: 1 } })]);
    await ofNodes(["wait", "pod", name, "--for=jsonpath={.status.phase}=Failed", "--timeout=60s"]);
    const second = await clean();
    t.is(second.exitCode, 0, second.stderr);
    t.is(second.stdout, `Pod ${name}`);
  },
);

testNeeding(
  ["cluster"],
  "a pod that is deleted meanwhile is named, and what was seen until then is told",
  async (t) => {
    const pod = `${world.own.namespace}/${pods[1]}`;
    const args = ["observe", "--pod", pod, "--cluster", inside, "--for", "10s", "--format", "json"];
    const look = execa(process.execPath, [mainFile(), ...args], { reject: false });
    await untilLooking(look);
    await world.kubectl(["delete", "pod", pods[1] ?? "", "--wait=false"]);
    const { stdout, exitCode, stderr } = await look;
    t.is(exitCode, 1, stderr);
    const { caveats, limits } = JSON.parse(stdout) as Told;
    t.true(caveats.some(({ code, who }) => code === "ended" && who === `pod ${pod}`));
    t.like(limits[0], { limit: "ports", used: 4, of: 4 });
  },
);

async function untilLooking(look: Promise<unknown> & { stderr: NodeJS.ReadableStream }): Promise<void> {
  await new Promise<void>((resolve) => {
    look.stderr.on("data", (text) => void (String(text).includes("looking at") && resolve()));
    void look.finally(resolve);
  });
}
