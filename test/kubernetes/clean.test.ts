/** A run's owner, its namespace, and what is left where its harness is killed. */
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import test, { type ExecutionContext } from "ava";
import { execa } from "execa";
import { CapabilityError } from "../../harness/core/errors.ts";
import { openScope } from "../../harness/core/scope.ts";
import type { Cluster } from "../../harness/suite/cluster.ts";
import { loadCluster } from "../../harness/suite/cluster-file/load-cluster.ts";
import type { ClusterApi } from "../../harness/testbeds/kubernetes/api/cluster-api.ts";
import { connect } from "../../harness/testbeds/kubernetes/api/connect.ts";
import { openRun } from "../../harness/testbeds/kubernetes/api/own-run.ts";
import { metadataOf } from "../../harness/testbeds/kubernetes/objects/run-objects.ts";
import { testsAtOnce } from "../helpers/at-once.ts";
import { treeFile, tunebench } from "../helpers/cli.ts";
import { makeStale } from "../helpers/cluster-runs.ts";
import { closed } from "../helpers/suites.ts";
import { type TestCluster, testCluster } from "../helpers/test-cluster.ts";

const needed = ["root", "one-node"] as const;
const testAtOnce = testsAtOnce(6);

let folder: string;

test.before(async (t) => {
  t.timeout(20 * 60_000, "Kubernetes is built the first time");
  folder = await mkdtemp(join(tmpdir(), "tunebench-clean-"));
  await testCluster({ folder });
});

test.after.always(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** A cluster file for a namespace that is not there yet, and the API in it; the namespace goes with the test. */
interface Place {
  own: TestCluster;
  cluster: Cluster;
  api: ClusterApi;
  folder: string;
}

async function newPlace(t: ExecutionContext): Promise<Place> {
  const below = await mkdtemp(join(folder, "place-"));
  const own = await testCluster({ folder: below });
  t.teardown(() => own.kubectl(["delete", "namespace", own.namespace, "--ignore-not-found", "--wait=false"]));
  const cluster = await loadCluster(own.file, { from: [] });
  return { own, cluster, api: await connect(cluster), folder: below };
}

testAtOnce([...needed], "without create, a namespace that is not there is told with its remedy", async (t) => {
  const { api, own, ...place } = await newPlace(t);
  const scope = openScope();
  const cluster = { ...place.cluster, create: false };
  const missing = await t.throwsAsync(openRun({ api, cluster, runName: "tb-none", data: {}, scope }), {
    instanceOf: CapabilityError,
  });
  t.is(missing?.message, `there is no namespace ${own.namespace} in context ${own.context}`);
  t.is(missing?.hint, `kubectl create namespace ${own.namespace}, or \`create: true\` in ${cluster.file}`);
});

testAtOnce([...needed], "a run makes its namespace, owner and Lease, and takes all away again", async (t) => {
  t.timeout(10 * 60_000);
  const { api, cluster, own } = await newPlace(t);
  const scope = openScope();
  const { objects } = await openRun({ api, cluster, runName: "tb-whole", data: { suite: "tests" }, scope });
  const owner = await api.get("ConfigMap", "tb-whole");
  t.is(owner?.metadata?.uid, objects.ownerUid);
  t.deepEqual(owner?.data, { suite: "tests" });
  await beats(t, api, "tb-whole");
  await api.create({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: metadataOf(objects, { name: "its", component: "target" }),
  });
  await closed(scope);
  t.is(await api.get("ConfigMap", "its"), null, "gone when the scope is closed");
  await own.kubectl(["wait", "--for=delete", `namespace/${own.namespace}`, "--timeout=60s"]);
  t.is(await api.get("Namespace", own.namespace), null);
});

testAtOnce([...needed], "a namespace into which others have put something stays", async (t) => {
  t.timeout(10 * 60_000);
  const { api, cluster, own } = await newPlace(t);
  const scope = openScope();
  await openRun({ api, cluster, runName: "tb-shared", data: {}, scope });
  const theirs = ["create", "secret", "generic", "theirs", "--from-literal=key=value"];
  await own.kubectl(["--namespace", own.namespace, ...theirs]);
  t.deepEqual(await scope.close(), [`namespace ${own.namespace}: left as it is: v1/secrets theirs in it`]);
  t.is(await api.get("ConfigMap", "tb-shared"), null, "what is ours is gone");
});

testAtOnce(
  [...needed],
  "clean: a run under way is left; what a killed harness left is removed, the last with the namespace",
  async (t) => {
    t.timeout(10 * 60_000);
    const place = await newPlace(t);
    const { api, own } = place;
    const clean = () => tunebench(["clean", "--cluster", own.file, "--results", place.folder]);
    const killed = holdRun(place, "tb-killed");
    await open(killed);
    const living = holdRun(place, "tb-living");
    await open(living);
    killed.kill("SIGKILL");
    await killed;
    const first = await clean();
    t.is(first.exitCode, 0, first.stderr);
    t.regex(first.stderr, /^tb-killed in \S+ is under way: left as it is$/m, "it may be: its Lease is fresh");
    t.is(first.stdout, "");

    await makeStale(api, "tb-killed");
    const second = await clean();
    t.is(second.exitCode, 0, second.stderr);
    t.deepEqual(second.stdout.split("\n").sort(), [
      "ConfigMap tb-killed",
      "Lease tb-killed",
      "Pod tb-killed-001-target",
    ]);
    t.regex(second.stderr, /^tb-living in \S+ is under way: left as it is$/m);
    t.truthy(await api.get("Pod", "tb-living-001-target"));

    living.kill("SIGKILL");
    await living;
    await makeStale(api, "tb-living");
    const third = await clean();
    t.true(third.stdout.split("\n").includes("Pod tb-living-001-target"), third.stdout);
    t.true(third.stdout.split("\n").includes(`Namespace ${own.namespace}`), "one of ours made it, and it is empty");
    await own.kubectl(["wait", "--for=delete", `namespace/${own.namespace}`, "--timeout=60s"]);
    const last = await clean();
    t.is(last.exitCode, 0, last.stderr);
    t.regex(last.stderr, /^nothing to clean$/m);
  },
);

testAtOnce([...needed], "a run that is opened again removes what its earlier harness left", async (t) => {
  t.timeout(10 * 60_000);
  const place = await newPlace(t);
  const { api, cluster } = place;
  const killed = holdRun(place, "tb-again");
  await open(killed);
  killed.kill("SIGKILL");
  await killed;
  const earlier = (await api.get("ConfigMap", "tb-again"))?.metadata?.uid;
  const scope = openScope();
  const { objects } = await openRun({ api, cluster, runName: "tb-again", data: {}, scope });
  t.not(objects.ownerUid, earlier);
  t.is(await api.get("Pod", "tb-again-001-target"), null);
  await closed(scope);
});

/** Waits until the heartbeat has renewed the Lease. */
async function beats(t: ExecutionContext, api: ClusterApi, runName: string): Promise<void> {
  const renewed = async () => (await api.get("Lease", runName))?.spec?.renewTime;
  const first = await renewed();
  while ((await renewed()) === first) await wait(200);
  t.pass();
}

function holdRun({ own }: Place, runName: string) {
  return execa(process.execPath, [treeFile("test/fixtures/kubernetes/hold-run.ts"), own.file, runName], {
    reject: false,
  });
}

async function open(run: ReturnType<typeof holdRun>): Promise<void> {
  const ended = run.then(({ stderr }) => Promise.reject(new Error(String(stderr))));
  await Promise.race([once(run.stdout, "data"), ended]);
  ended.catch(() => {});
}
