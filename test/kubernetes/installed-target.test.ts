/**
 * A run against what is installed already, with exactly the rights of clusters/rbac.yaml and clusters/rbac-external.yaml, in namespaces of level restricted:
 * nothing of it is changed.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { readSeries } from "../../harness/results/read.ts";
import { applyObjects, kubeconfigOf, type RbacObject, rbacFor, removeAccount } from "../helpers/account.ts";
import { type ApiWorld, openApiWorld } from "../helpers/api-world.ts";
import { copyFixture, runOnCluster, startOnCluster, storedIn, underLoad } from "../helpers/cluster-runs.ts";
import { heldButFor } from "../helpers/held.ts";
import { testNeeding } from "../helpers/parts.ts";
import { testCluster } from "../helpers/test-cluster.ts";

let folder: string;
/** Where the service is. */
let shop: ApiWorld;
/** Where the runs are: the account's namespace, and its cluster file. */
let namespace: string;
let file: string;

test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), "tunebench-installed-"));
});

test.after.always(async () => {
  if (namespace !== undefined) await removeAccount(shop.own, namespace);
  if (shop !== undefined) await shop.close();
  await rm(folder, { recursive: true, force: true });
});

const range = "40000 50000";

/** Two pods behind a headless Service: one-node has no kube-proxy. */
function service(): object {
  const { images, imagePullPolicy } = shop.cluster;
  const program = `require("node:http").createServer((_, response) => response.end("ok")).listen(8080)`;
  const labels = { app: "web" };
  const container = {
    ...{ name: "web", image: images.node, imagePullPolicy, command: ["node", "--eval", program] },
    readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1 },
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
  const template = { metadata: { labels }, spec };
  const web = { replicas: 2, selector: { matchLabels: labels }, template };
  return {
    ...{ apiVersion: "v1", kind: "List" },
    items: [
      { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web" }, spec: web },
      {
        ...{ apiVersion: "v1", kind: "Service", metadata: { name: "web" } },
        spec: { clusterIP: "None", selector: labels, ports: [{ port: 8080 }] },
      },
    ],
  };
}

/** The Role stands where the service is, its account where the runs are. */
function external(): RbacObject[] {
  return rbacFor(shop.own.namespace, "clusters/rbac-external.yaml").map((object) => ({
    ...object,
    ...(object.subjects === undefined ? {} : { subjects: object.subjects.map((one) => ({ ...one, namespace })) }),
  }));
}

testNeeding(["cluster"], "a service runs, and an account for runs elsewhere may not look at it", async (t) => {
  shop = await openApiWorld();
  await shop.kubectl(["label", "namespace", shop.own.namespace, "pod-security.kubernetes.io/enforce=restricted"]);
  await shop.kubectl(["apply", "--filename", "-"], JSON.stringify(service()));
  namespace = `${shop.own.namespace}-runs`;
  await applyObjects(shop.own, rbacFor(namespace));
  await shop.own.kubectl(["label", "namespace", namespace, "pod-security.kubernetes.io/enforce=restricted"]);
  const kubeconfig = await kubeconfigOf(shop.own, namespace, "tunebench", join(folder, "kubeconfig"));
  const changes = { kubeconfig, namespace, create: false, observeNode: false };
  file = (await testCluster({ folder: join(folder, "account"), changes })).file;
  const { exitCode, stderr } = await runOnCluster(shop, await suiteOf(), [], file);
  t.is(exitCode, 3, stderr);
  t.regex(stderr, /the target can't be looked at: services "web" is forbidden/);
  t.regex(stderr, /clusters\/rbac-external\.yaml grants what an external target needs/);
  await applyObjects(shop.own, external());
  await shop.kubectl(["rollout", "status", "deployment/web", "--timeout=60s"]);
});

async function suiteOf(): Promise<string> {
  return await copyFixture(shop, {
    fixture: "installed",
    edit: (document) => {
      document.setIn(["target", "external"], `service/web.${shop.own.namespace}:8080`);
      document.setIn(["generator", "sysctls"], { "net.ipv4.ip_local_port_range": range });
    },
  });
}

/** All that there is of the service, but for the containers that look at it and what the kubelet tells of time. */
async function stateOf(): Promise<object> {
  const objects = JSON.parse(await shop.kubectl(["get", "deployment,replicaset,service,pod", "--output=json"])) as {
    items: { kind: string; metadata: Record<string, unknown>; spec: Record<string, unknown>; status?: Status }[];
  };
  return objects.items.map(({ kind, metadata, spec, status }) => {
    const { uid, labels, annotations, generation, deletionTimestamp } = metadata;
    const { ephemeralContainers: _, ...rest } = spec;
    // A container that is put into a pod counts as a new generation of it.
    const own = kind === "Pod" ? {} : { generation, status };
    return {
      kind,
      uid,
      labels,
      annotations,
      deletionTimestamp,
      ...own,
      spec: rest,
      containers: status?.containerStatuses,
    };
  });
}

interface Status {
  containerStatuses?: object[];
}

testNeeding(
  ["cluster"],
  "its pods get the load and are watched; after a SIGKILL, too, all of it is as before",
  async (t) => {
    t.timeout(5 * 60_000);
    const before = await stateOf();
    const run = await startOnCluster(shop, await suiteOf(), ["--blocks", "2"], file);
    await underLoad(shop, run, 2, namespace);
    run.process.kill("SIGKILL");
    const { stderr } = await run.process;
    t.deepEqual(await stateOf(), before);

    const { folder: stored, trials } = storedIn(run.out);
    const [trial] = trials;
    t.like(trial, { valid: true, fault: null, faults: [] }, stderr);
    t.true(heldButFor(trial), trial?.outcome);
    if (trial === undefined) return;
    t.deepEqual(trial.platform?.installed, { service: `${shop.own.namespace}/web:8080`, pods: 2 });
    t.true(trial.caveats.some(({ code }) => code === "installed-target"));
    t.like(
      trial.sysctls.find(({ role, key }) => role === "target" && key === "net.ipv4.ip_local_port_range"),
      { asked: null, effective: range, after: range, origin: "recorded" },
    );
    t.like(
      trial.sysctls.find(({ role, key }) => role === "generator" && key === "net.ipv4.ip_local_port_range"),
      { asked: range, effective: range, after: range },
      "a safe key, at Pod Security level restricted",
    );
    t.true((trial.measures.cpuCores.target ?? 0) > 0, "its processes are seen");
    const { samples } = readSeries(stored, trial);
    for (const role of ["target", "target-2"]) {
      const looks = samples.flatMap((one) =>
        one.kind === "counters" && one.role === role ? [one.values.PassiveOpens ?? 0] : [],
      );
      t.true(Math.max(...looks) > Math.min(...looks), `${role} had its share of the load`);
    }
    t.deepEqual(await guestSeconds(), [600, 600], "one in each pod for both trials, which ends by itself");
  },
);

/** For how long each container that was put into a pod looks. */
async function guestSeconds(): Promise<number[]> {
  const settings = "{.items[*].spec.ephemeralContainers[*].env[0].value}";
  const told = await shop.kubectl(["get", "pods", `--output=jsonpath=${settings}`]);
  return [...told.matchAll(/"seconds":(\d+)/g)].map(([, digits]) => Number(digits));
}
