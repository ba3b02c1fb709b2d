/** clusters/rbac.yaml on a real cluster: it suffices, and it is no more. */
import { globSync, readFileSync } from "node:fs";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { parseDocument } from "yaml";
import { loadCluster } from "../../harness/suite/cluster-file/load-cluster.ts";
import { connect } from "../../harness/testbeds/kubernetes/api/connect.ts";
import { refusedOf } from "../../harness/testbeds/kubernetes/doctor/access.ts";
import {
  attachmentPermissions,
  clusterPermissions,
  type Permission,
  runPermissions,
} from "../../harness/testbeds/kubernetes/permissions.ts";
import { applyObjects, kubeconfigOf, rbacFor, removeAccount } from "../helpers/account.ts";
import { testsAtOnce } from "../helpers/at-once.ts";
import { treeFile, tunebench } from "../helpers/cli.ts";
import { effective } from "../helpers/cluster-routes.ts";
import { storedIn } from "../helpers/cluster-runs.ts";
import { heldButFor } from "../helpers/held.ts";
import { testNeeding } from "../helpers/parts.ts";
import { type TestCluster, testCluster } from "../helpers/test-cluster.ts";

const namespace = `tunebench-rbac-${process.pid}`;
const testAtOnce = testsAtOnce(4);

let folder: string;
let cluster: TestCluster;
/** Cluster file and kubeconfig of the account. */
let file: string;
let kubeconfig: string;

test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), "tunebench-rbac-"));
});

test.after.always(async () => {
  if (cluster !== undefined) await removeAccount(cluster, namespace);
  await rm(folder, { recursive: true, force: true });
});

testNeeding(["cluster"], "an administrator applies it, and the account gets a token", async (t) => {
  cluster = await testCluster({ folder: join(folder, "administrator") });
  await applyObjects(cluster, rbacFor(namespace));
  kubeconfig = await kubeconfigOf(cluster, namespace, "tunebench", join(folder, "tunebench", "kubeconfig"));
  const changes = { kubeconfig, namespace, create: false };
  file = (await testCluster({ folder: join(folder, "account"), changes })).file;
  t.pass();
});

/** What the API server says that the account may do in the namespace, without what every account may: "get nodes", sorted. */
async function rules(): Promise<string[]> {
  const path = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews";
  const review = { apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectRulesReview", spec: { namespace } };
  const asked = ["create", "--raw", path, "--filename", "-", "--kubeconfig", kubeconfig];
  const { status } = JSON.parse(await cluster.kubectl(asked, JSON.stringify(review))) as {
    status: { resourceRules: { verbs: string[]; apiGroups: string[]; resources: string[] }[] };
  };
  const everyones = ["authorization.k8s.io", "authentication.k8s.io"];
  const own = status.resourceRules.filter(({ apiGroups }) => !apiGroups.some((group) => everyones.includes(group)));
  return own
    .flatMap(({ verbs, apiGroups, resources }) =>
      apiGroups.flatMap((group) =>
        resources.flatMap((resource) => verbs.map((verb) => `${verb} ${group}/${resource}`)),
      ),
    )
    .sort();
}

function allOf(permissions: readonly Permission[]): string[] {
  return permissions
    .flatMap(({ group, resource, verbs }) => verbs.map((verb) => `${verb} ${group}/${resource}`))
    .sort();
}

testAtOnce(["cluster"], "the API server knows of exactly these rights, and no others", async (t) => {
  t.deepEqual(await rules(), allOf([...runPermissions, ...attachmentPermissions, ...clusterPermissions]));
});

const rbac = "rbac.authorization.k8s.io";
const forbidden: Permission[] = [
  { group: "", resource: "pods/exec", verbs: ["create"] },
  { group: "", resource: "secrets", verbs: ["get", "list", "watch"] },
  { group: "", resource: "nodes", verbs: ["patch"] },
  { group: rbac, resource: "roles", verbs: ["patch", "escalate", "bind"] },
  { group: "", resource: "namespaces", verbs: ["create"] },
  { group: "", resource: "nodes/proxy", verbs: ["get"] },
].map((permission) => ({ ...permission, why: "it would be more than a run needs" }));

testAtOnce(["cluster"], "what the account may not do, as the API server's own authorizer says", async (t) => {
  const api = await connect(await loadCluster(file, { from: [] }));
  t.deepEqual(allOf(await refusedOf(api, namespace, forbidden)), allOf(forbidden));
  t.deepEqual(await refusedOf(api, namespace, runPermissions), []);
});

/** Roles of the account's making, and a binding: more than it has itself. */
const raising = [
  { kind: "Role", rules: [{ apiGroups: [""], resources: ["secrets"], verbs: ["get"] }] },
  { kind: "Role", rules: [{ apiGroups: [""], resources: ["pods/exec"], verbs: ["create"] }] },
  {
    kind: "RoleBinding",
    roleRef: { apiGroup: rbac, kind: "ClusterRole", name: "edit" },
    subjects: [{ kind: "ServiceAccount", name: "default", namespace: "default" }],
  },
];

testAtOnce(["cluster"], "no way to more rights: neither a role nor a binding, in the API server's words", async (t) => {
  const items = raising.map((object, index) => ({
    ...{ apiVersion: `${rbac}/v1`, metadata: { name: `raising-${index}` } },
    ...object,
  }));
  const own = ["--namespace", namespace, "--kubeconfig", kubeconfig];
  const list = JSON.stringify({ apiVersion: "v1", kind: "List", items });
  const refused = await t.throwsAsync(cluster.kubectl(["create", "--filename", "-", ...own], list));
  const words = refused?.message ?? "";
  for (const { metadata } of items) {
    t.regex(
      words,
      new RegExp(`"${metadata.name}" is forbidden: .*attempting to grant RBAC permissions not currently held`),
    );
  }
});

testAtOnce(["cluster"], "doctor with this account: nothing that a run needs is missing", async (t) => {
  const told = await tunebench(["doctor", "--cluster", file, "--probe"]);
  t.is(told.exitCode, 0, told.stdout);
  const stdout = unfolded(told.stdout);
  t.regex(stdout, /^ok {7}permissions: all that a run needs$/m);
  t.regex(stdout, /^without {2}kubelets: their configuration can't be read: .*forbidden/m);
  t.regex(stdout, /^net\.core\.somaxconn +never +if a kubelet allows it$/m);
  t.regex(stdout, /^net\.core\.somaxconn +\d+ +can be set$/m);
});

testAtOnce(
  ["cluster", "k6"],
  "a whole run with exactly this account, by privileged-init; its token reaches no record",
  async (t) => {
    t.timeout(10 * 60_000, "a trial, and what comes before it");
    const suite = join(folder, "suite");
    await cp(treeFile("test/fixtures/kubernetes/pods"), suite, { recursive: true });
    const document = parseDocument(await readFile(join(suite, "suite.yaml"), "utf8"));
    const sysctls = { "net.core.somaxconn": "8192" };
    document.set("profiles", { baseline: { route: "privileged-init", sysctls } });
    await writeFile(join(suite, "suite.yaml"), String(document));
    const out = join(folder, "results");
    const run = await tunebench(["run", suite, "--cluster", file, "--results", out]);
    t.is(run.exitCode, 0, run.stderr + run.stdout);
    t.regex(run.stderr, /run done: 1 of 1 planned trial valid/);
    const [trial] = storedIn(out).trials;
    t.like(trial, { valid: true, fault: null, platform: { route: "privileged-init" } });
    t.true(heldButFor(trial), trial?.outcome);
    t.is(effective(trial, "net.core.somaxconn"), "8192");
    const left = ["get", "pods,configmaps,jobs,leases", "--namespace", namespace, "--selector=tunebench.dev/run"];
    t.is(await cluster.kubectl([...left, "--output=name"]), "");
    const token = /token: (\S{100,})/.exec(readFileSync(kubeconfig, "utf8"))?.[1] ?? "";
    t.true(token.length > 100);
    const files = globSync("**/*", { cwd: out, withFileTypes: true }).filter((entry) => entry.isFile());
    t.true(files.length > 10);
    const telling = files.filter((entry) => readFileSync(join(entry.parentPath, entry.name)).includes(token));
    t.deepEqual(telling, []);
  },
);

testAtOnce(["cluster"], "a right that is missing is named, exit 3", async (t) => {
  const less = `${namespace}-less`;
  t.teardown(() => removeAccount(cluster, less));
  const objects = rbacFor(less).map((object) => ({
    ...object,
    ...(object.kind === "Role" && object.metadata.name === "tunebench"
      ? { rules: object.rules?.filter(({ resources }) => !resources.includes("jobs")) ?? [] }
      : {}),
  }));
  await applyObjects(cluster, objects);
  const own = await kubeconfigOf(cluster, less, "tunebench", join(folder, "less", "kubeconfig"));
  const changes = { kubeconfig: own, namespace: less, create: false };
  const lacking = await testCluster({ folder: join(folder, "less"), changes });
  const { exitCode, stdout } = await tunebench(["doctor", "--cluster", lacking.file]);
  t.is(exitCode, 3, stdout);
  t.regex(unfolded(stdout), /missing {2}permissions: .*create, get, list, delete jobs\.batch/);
});

function unfolded(text: string): string {
  return text.replaceAll(/\n +/g, " ");
}
