/** What a run makes of a target and its upstreams in each of their forms. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ExecutionContext } from "ava";
import { readSeries } from "../../harness/results/read.ts";
import { labelKeys } from "../../harness/testbeds/kubernetes/names.ts";
import { type ApiWorld, podOf, withoutNodeObserver, worldFor } from "../helpers/api-world.ts";
import { treeFile } from "../helpers/cli.ts";
import {
  copyFixture,
  linesOf,
  objectsOfRuns,
  runOnCluster,
  startOnCluster,
  storedIn,
  underLoad,
} from "../helpers/cluster-runs.ts";
import { heldButFor } from "../helpers/held.ts";
import { testNeeding } from "../helpers/parts.ts";

const baselineOnly = ["--profiles", "baseline"];
const password = "correct-horse-battery-staple-41";
/** Labels of the user's own target, by which his Service and his disruption budget select. */
const app = { app: "shop" };

/** A namespace in which somebody has something already. */
async function furnishedFor(t: ExecutionContext): Promise<ApiWorld> {
  const world = await worldFor(t, withoutNodeObserver);
  const items = theirs(world);
  await world.kubectl(["apply", "--filename", "-"], JSON.stringify({ apiVersion: "v1", kind: "List", items }));
  await world.kubectl(["wait", "--for=condition=Ready", "pod/database", "--timeout=120s"]);
  return world;
}

/** A database with a Service and a disruption budget, and a Secret. */
function theirs(world: ApiWorld): object[] {
  const command = ["node", "--eval", readFileSync(treeFile("test/fixtures/kubernetes/pods/upstream.ts"), "utf8")];
  const env = [{ name: "PORT", value: "3306" }];
  const database = podOf(world, "database", { container: { command, env } });
  return [
    { ...database, metadata: { ...database.metadata, labels: app } },
    { apiVersion: "v1", kind: "Service", metadata: { name: "shop" }, spec: { selector: app, ports: [{ port: 80 }] } },
    {
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      metadata: { name: "shop" },
      spec: { minAvailable: 1, selector: { matchLabels: app } },
    },
    { apiVersion: "v1", kind: "Secret", metadata: { name: "shop-database" }, stringData: { password } },
  ];
}

testNeeding(
  ["cluster"],
  "a target from a manifest: env and its Secret reach it, nobody else selects it, and no record has the Secret",
  async (t) => {
    t.timeout(10 * 60_000);
    const world = await furnishedFor(t);
    const said = `listening at level debug, with a password of ${password.length} characters`;
    const suite = await copyFixture(world, {
      fixture: "manifest",
      edit: (document) => {
        document.setIn(["target", "ready"], { log: said, within: "20s" });
        document.setIn(["target", "sysctls"], { "net.ipv4.ip_local_port_range": "40000 40299" });
        document.setIn(["load", "rate"], "120/s");
      },
    });
    const run = await startOnCluster(world, suite, baselineOnly);
    await underLoad(world, run, 1);
    const pods = await world.api.list("Pod", { labels: `${labelKeys.component}=target` });
    t.deepEqual(
      pods.map(({ metadata }) => [metadata?.labels?.app, metadata?.labels?.[labelKeys.managedBy]]),
      [[undefined, "tunebench"]],
    );
    const databaseAddress = (await world.api.get("Pod", "database"))?.status?.podIP ?? "";
    t.is(
      await jsonPath(world, "endpointslices", "-lkubernetes.io/service-name=shop", "..addresses[*]"),
      databaseAddress,
    );
    t.is(await jsonPath(world, "poddisruptionbudget", "shop", ".status.currentHealthy"), "1", "the database alone");
    const { exitCode, stderr } = await run.process;
    t.is(exitCode, 0, stderr);

    const { folder, trials } = storedIn(run.out);
    t.like(trials[0], { valid: true, outcome: "broke", fault: { kind: "EADDRNOTAVAIL", side: "target" } });
    const manifest = readFileSync(join(suite, "k8s.yaml"), "utf8").split("\n");
    const line = (text: string) => manifest.findIndex((one) => one.includes(text)) + 1;
    t.regex(stderr, new RegExp(`^k8s\\.yaml:${line("- name: web")}: container web may run as root`, "m"));
    t.regex(stderr, /^k8s\.yaml:\d+: replicas: 3 is not taken over/m);
    const files = globSync("**/*", { cwd: folder, withFileTypes: true }).filter((entry) => entry.isFile());
    const telling = files.filter((entry) => readFileSync(join(entry.parentPath, entry.name)).includes(password));
    t.deepEqual(telling, [], "no file has the Secret's value");
    t.true(files.length > 8);
    t.deepEqual(await objectsOfRuns(world), []);
  },
);

testNeeding(
  ["cluster"],
  "of a file as Helm writes it one workload is the target, another is behind the names of its Service",
  async (t) => {
    t.timeout(10 * 60_000);
    const world = await worldFor(t, withoutNodeObserver);
    const suite = await copyFixture(world, { fixture: "rendered" });
    const { exitCode, stderr, out } = await runOnCluster(world, suite);
    t.is(exitCode, 0, stderr);
    t.regex(stderr, /Pod web-test is not made: Helm runs it as a hook/);
    t.regex(stderr, /the pod sets net\.ipv4\.ip_local_port_range=30000 50000 itself/);
    const [trial] = storedIn(out).trials;
    t.like(trial, { valid: true, fault: null });
    t.like(
      trial?.sysctls.find(({ role, key }) => role === "target" && key === "net.ipv4.ip_local_port_range"),
      { asked: null, effective: "30000 50000", origin: "recorded" },
    );
    t.deepEqual(await objectsOfRuns(world), []);
  },
);

testNeeding(
  ["cluster"],
  "two copies of the target, and a database that is there already and stays untouched",
  async (t) => {
    t.timeout(10 * 60_000);
    const world = await furnishedFor(t);
    const before = await world.api.get("Pod", "database");
    const suite = await copyFixture(world, {
      fixture: "pods",
      edit: (document) => {
        document.setIn(["upstreams", "db"], { external: `${before?.status?.podIP}:3306` });
        document.setIn(["target", "replicas"], 2);
      },
    });
    const { exitCode, stderr, out } = await runOnCluster(world, suite, baselineOnly);
    t.is(exitCode, 0, stderr);
    const { folder, trials } = storedIn(out);
    const [trial] = trials;
    t.like(trial, { valid: true, fault: null, faults: [] });
    t.true(heldButFor(trial), trial?.outcome);
    if (trial === undefined) return;
    const { samples } = readSeries(folder, trial);
    const sockets = samples.filter((sample) => sample.kind === "sockets");
    t.deepEqual([...new Set(sockets.map(({ role }) => role))].sort(), ["generator", "target", "target-2"]);
    for (const role of ["target", "target-2"]) {
      const served = Math.max(...sockets.filter((sample) => sample.role === role).map(({ timeWait }) => timeWait));
      t.true(served > 0, `${role} had its share of the load`);
    }
    const after = await world.api.get("Pod", "database");
    t.deepEqual(after?.metadata?.labels, app);
    t.deepEqual(after?.metadata?.uid, before?.metadata?.uid);
    t.deepEqual(after?.status?.containerStatuses, before?.status?.containerStatuses);
  },
);

async function jsonPath(world: ApiWorld, kind: string, which: string, path: string): Promise<string> {
  return linesOf(await world.kubectl(["get", kind, which, `--output=jsonpath={${path}}`])).join("\n");
}
