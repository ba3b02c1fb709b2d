/** clusters/rbac.yaml on a real cluster: it suffices, and it is no more. */
import { globSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { sharedRelayAccount } from "../../harness/testbeds/kubernetes/objects/relay.ts";
import {
  attachmentPermissions,
  clusterPermissions,
  type Permission,
  relayPermissions,
  runPermissions,
} from "../../harness/testbeds/kubernetes/permissions.ts";
import { applyObjects, kubeconfigOf, rbacFor, removeAccount } from "../helpers/account.ts";
import { testsAtOnce } from "../helpers/at-once.ts";
import { treeFile, tunebench } from "../helpers/cli.ts";
import { testNeeding } from "../helpers/parts.ts";
import { type TestCluster, testCluster } from "../helpers/test-cluster.ts";

const namespace = `tunebench-rbac-${process.pid}`;
const testAtOnce = testsAtOnce(4);

let folder: string;
let cluster: TestCluster;
/** Cluster files and kubeconfigs of the two accounts. */
let file: string;
const kubeconfigs: Record<string, string> = {};

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
  for (const account of ["tunebench", sharedRelayAccount]) {
    const own = join(folder, account, "kubeconfig");
    kubeconfigs[account] = await kubeconfigOf(cluster, namespace, account, own);
  }
  const changes = { kubeconfig: kubeconfigs.tunebench, namespace, create: false };
  file = (await testCluster({ folder: join(folder, "account"), changes })).file;
  t.pass();
});

/** What the API server says that an account may do in the namespace, without what every account may: "get nodes", sorted. */
async function rulesOf(account: string): Promise<string[]> {
  const path = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews";
  const review = { apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectRulesReview", spec: { namespace } };
  const asked = ["create", "--raw", path, "--filename", "-", "--kubeconfig", kubeconfigs[account] ?? ""];
  const { status } = JSON.parse(await cluster.kubectl(asked, JSON.stringify(review))) as {
    status: { resourceRules: { verbs: string[]; apiGroups: string[]; resources: string[] }[] };
  };
  const everyones = ["authorization.k8s.io", "authentication.k8s.io"];
  const rules = status.resourceRules.filter(({ apiGroups }) => !apiGroups.some((group) => everyones.includes(group)));
  return rules
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
  t.deepEqual(await rulesOf("tunebench"), allOf([...runPermissions, ...attachmentPermissions, ...clusterPermissions]));
  t.deepEqual(await rulesOf(sharedRelayAccount), allOf(relayPermissions));
});

const forbidden = [
  ["tunebench", "create", "pods/exec"],
  ["tunebench", "get", "secrets"],
  ["tunebench", "patch", "nodes"],
  ["tunebench", "create", "roles.rbac.authorization.k8s.io"],
  ["tunebench", "create", "namespaces"],
  ["tunebench", "get", "nodes/proxy"],
  [sharedRelayAccount, "get", "pods"],
  [sharedRelayAccount, "get", "configmaps"],
  [sharedRelayAccount, "patch", "leases.coordination.k8s.io"],
] as const;

for (const [account, verb, resource] of forbidden) {
  testAtOnce(["cluster"], `${account} may not ${verb} ${resource}`, async (t) => {
    const [plural = "", subresource] = resource.split("/");
    const asked = ["auth", "can-i", verb, plural, ...(subresource === undefined ? [] : ["--subresource", subresource])];
    const own = ["--namespace", namespace, "--kubeconfig", kubeconfigs[account] ?? ""];
    const answer = await t.throwsAsync(cluster.kubectl([...asked, ...own]));
    t.regex(String((answer as { stdout?: unknown } | undefined)?.stdout), /^no\b/);
  });
}

testAtOnce(["cluster"], "doctor with this account: nothing that a run needs is missing", async (t) => {
  const told = await tunebench(["doctor", "--cluster", file, "--probe"]);
  t.is(told.exitCode, 0, told.stdout);
  const stdout = unfolded(told.stdout);
  t.regex(stdout, /^ok {7}permissions: all that a run needs$/m);
  t.regex(stdout, /^ok {7}relay account: tunebench-relay is there$/m);
  t.regex(stdout, /^without {2}kubelets: their configuration can't be read: .*forbidden/m);
  t.regex(stdout, /^net\.core\.somaxconn +never +if a kubelet allows it$/m);
  t.regex(stdout, /^net\.core\.somaxconn +\d+ +can be set$/m);
});

testAtOnce(["cluster", "k6"], "a whole run with exactly this account; its token reaches no record", async (t) => {
  t.timeout(10 * 60_000, "two trials, and what comes before them");
  const suite = treeFile("test/fixtures/kubernetes/pods");
  const out = join(folder, "results");
  const run = await tunebench(["run", suite, "--cluster", file, "--out", out]);
  t.is(run.exitCode, 0, run.stderr + run.stdout);
  t.regex(run.stderr, /run done: 2 of 2 planned trials valid/);
  const left = ["get", "pods,configmaps,jobs,leases", "--namespace", namespace, "--selector=tunebench.dev/run"];
  t.is(await cluster.kubectl([...left, "--output=name"]), "");
  const token = /token: (\S{100,})/.exec(readFileSync(kubeconfigs.tunebench ?? "", "utf8"))?.[1] ?? "";
  t.true(token.length > 100);
  const files = globSync("**/*", { cwd: out, withFileTypes: true }).filter((entry) => entry.isFile());
  t.true(files.length > 10);
  const telling = files.filter((entry) => readFileSync(join(entry.parentPath, entry.name)).includes(token));
  t.deepEqual(telling, []);
});

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
  const kubeconfig = await kubeconfigOf(cluster, less, "tunebench", join(folder, "less", "kubeconfig"));
  const changes = { kubeconfig, namespace: less, create: false };
  const own = await testCluster({ folder: join(folder, "less"), changes });
  const { exitCode, stdout } = await tunebench(["doctor", "--cluster", own.file]);
  t.is(exitCode, 3, stdout);
  t.regex(unfolded(stdout), /missing {2}permissions: .*create, get, list, delete jobs\.batch/);
});

function unfolded(text: string): string {
  return text.replaceAll(/\n +/g, " ");
}
