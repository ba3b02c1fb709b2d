/** clusters/rbac.yaml on a real cluster: it suffices, and it is no more. */
import { globSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import {
  attachmentPermissions,
  clusterPermissions,
  type Permission,
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

const forbidden = [
  ["create", "pods/exec"],
  ["get", "secrets"],
  ["list", "secrets"],
  ["watch", "secrets"],
  ["patch", "nodes"],
  ["patch", "roles.rbac.authorization.k8s.io"],
  ["escalate", "roles.rbac.authorization.k8s.io"],
  ["bind", "roles.rbac.authorization.k8s.io"],
  ["create", "namespaces"],
  ["get", "nodes/proxy"],
] as const;

for (const [verb, resource] of forbidden) {
  testAtOnce(["cluster"], `the account may not ${verb} ${resource}`, async (t) => {
    const [plural = "", subresource] = resource.split("/");
    const asked = ["auth", "can-i", verb, plural, ...(subresource === undefined ? [] : ["--subresource", subresource])];
    const own = ["--namespace", namespace, "--kubeconfig", kubeconfig];
    const answer = await t.throwsAsync(cluster.kubectl([...asked, ...own]));
    t.regex(String((answer as { stdout?: unknown } | undefined)?.stdout), /^no\b/);
  });
}

/** What the API server answers to a role of the account's making, and a binding. */
const raising = [
  ["create", "role", "reads-secrets", "--verb=get", "--resource=secrets"],
  ["create", "role", "runs-commands", "--verb=create", "--resource=pods/exec"],
  ["create", "rolebinding", "edits", "--clusterrole=edit", "--serviceaccount=default:default"],
];

for (const args of raising) {
  testAtOnce(["cluster"], `no way to more rights: kubectl ${args.join(" ")}`, async (t) => {
    const refused = await t.throwsAsync(
      cluster.kubectl([...args, "--namespace", namespace, "--kubeconfig", kubeconfig]),
    );
    t.regex(refused?.message ?? "", /is attempting to grant RBAC permissions not currently held/);
  });
}

testAtOnce(["cluster"], "doctor with this account: nothing that a run needs is missing", async (t) => {
  const told = await tunebench(["doctor", "--cluster", file, "--probe"]);
  t.is(told.exitCode, 0, told.stdout);
  const stdout = unfolded(told.stdout);
  t.regex(stdout, /^ok {7}permissions: all that a run needs$/m);
  t.regex(stdout, /^without {2}kubelets: their configuration can't be read: .*forbidden/m);
  t.regex(stdout, /^net\.core\.somaxconn +never +if a kubelet allows it$/m);
  t.regex(stdout, /^net\.core\.somaxconn +\d+ +can be set$/m);
});

testAtOnce(["cluster", "k6"], "a whole run with exactly this account; its token reaches no record", async (t) => {
  t.timeout(10 * 60_000, "a trial, and what comes before it");
  const suite = treeFile("test/fixtures/kubernetes/pods");
  const out = join(folder, "results");
  const run = await tunebench(["run", suite, "--cluster", file, "--results", out, "--profiles", "baseline"]);
  t.is(run.exitCode, 0, run.stderr + run.stdout);
  t.regex(run.stderr, /run done: 1 of 1 planned trial valid/);
  const left = ["get", "pods,configmaps,jobs,leases", "--namespace", namespace, "--selector=tunebench.dev/run"];
  t.is(await cluster.kubectl([...left, "--output=name"]), "");
  const token = /token: (\S{100,})/.exec(readFileSync(kubeconfig, "utf8"))?.[1] ?? "";
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
