import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import fc from "fast-check";
import { InputError } from "../../../../harness/core/errors.ts";
import { clusterFolders, clusterNames, loadCluster } from "../../../../harness/suite/cluster-file/load-cluster.ts";
import { parseCluster } from "../../../../harness/suite/cluster-file/parse-cluster.ts";
import { ClusterError } from "../../../../harness/suite/problems.ts";
import { treeFile } from "../../../helpers/cli.ts";

const defaults = {
  kubeconfig: null,
  context: null,
  namespace: "tunebench",
  create: false,
  route: "pod-sysctls",
  nodeSelector: {},
  tolerations: [],
  images: { node: "node:24-slim", k6: "grafana/k6:2.2.0", locust: "locustio/locust:2.47.0" },
  imagePullPolicy: "IfNotPresent",
  runners: 1,
  runnerCpu: "250m",
  observeNode: false,
  shareProcessNamespace: true,
  timeouts: { scheduleMs: 60_000, startMs: 120_000, requestMs: 10_000 },
};

test("what is left out has its default", (t) => {
  const file = "/clusters/mine/cluster.yaml";
  t.deepEqual(parseCluster("{}", file), { name: "mine", file, ...defaults } as never);
});

const everything = `
kubeconfig: ../kubeconfig
context: arn:aws:eks:eu-central-1:123456789012:cluster/load
namespace: load-tests
create: true
route: privileged-init
nodeSelector: { karpenter.sh/nodepool: tuned, spot: "false" }
tolerations:
  - { key: example.org/tuned, operator: Equal, value: "yes", effect: NoExecute, tolerationSeconds: 60 }
  - { operator: Exists }
images: { node: "registry.example.org/node:24.11.1", k6: "registry.example.org/k6:2.2.0", locust: "registry.example.org/locust:2.47.0" }
imagePullPolicy: Always
runners: 4
runnerCpu: 500m
observeNode: true
shareProcessNamespace: false
timeouts: { schedule: 5m, start: 90s, request: 500ms }
`;

test("every key of a cluster file is understood", (t) => {
  t.deepEqual(parseCluster(everything, "/clusters/mine/cluster.yaml"), {
    name: "mine",
    file: "/clusters/mine/cluster.yaml",
    kubeconfig: "/clusters/kubeconfig",
    context: "arn:aws:eks:eu-central-1:123456789012:cluster/load",
    namespace: "load-tests",
    create: true,
    route: "privileged-init",
    nodeSelector: { "karpenter.sh/nodepool": "tuned", spot: "false" },
    tolerations: [
      { key: "example.org/tuned", operator: "Equal", value: "yes", effect: "NoExecute", tolerationSeconds: 60 },
      { operator: "Exists" },
    ],
    images: {
      node: "registry.example.org/node:24.11.1",
      k6: "registry.example.org/k6:2.2.0",
      locust: "registry.example.org/locust:2.47.0",
    },
    imagePullPolicy: "Always",
    runners: 4,
    runnerCpu: "500m",
    observeNode: true,
    shareProcessNamespace: false,
    timeouts: { scheduleMs: 300_000, startMs: 90_000, requestMs: 500 },
  });
});

test("a kubeconfig's path is the file's, absolute, or below the user's home", (t) => {
  const kubeconfig = (path: string) => parseCluster(`kubeconfig: "${path}"`, "/clusters/mine/cluster.yaml").kubeconfig;
  t.is(kubeconfig("config"), "/clusters/mine/config");
  t.is(kubeconfig("/etc/kube/config"), "/etc/kube/config");
  t.is(kubeconfig("~/.kube/other"), join(homedir(), ".kube/other"));
  t.is(kubeconfig("~user/config"), "/clusters/mine/~user/config");
});

const wrong: [text: string, says: RegExp][] = [
  ["", /^c:1:1: nothing is here; use a map with context/],
  ["contxt: a", /^c:1:1: unknown key "contxt"; known here: .*; did you mean "context"\?$/],
  ["context: a\ncontext: b", /^c:2:1: duplicate key context/],
  ["namespace: kube_system", /^c:1:12: namespace: "kube_system" can't be used; use the name of a namespace/],
  ["route: pod-sysctl", /^c:1:8: route: .*; did you mean "pod-sysctls"\?$/],
  ["imagePullPolicy: never", /^c:1:18: imagePullPolicy: "never" can't be used; .*; did you mean "Never"\?$/],
  [
    "images: { nodes: a }",
    /^c:1:11: images: unknown key "nodes"; known here: node, k6, locust; did you mean "node"\?$/,
  ],
  ["images: { node: 'a b' }", /^c:1:17: images\.node: "a b" can't be used; use a container image/],
  ["create: yes", /^c:1:9: create: "yes" can't be used; use true or false$/],
  ["timeouts: { start: 60 }", /^c:1:20: timeouts\.start: 60 can't be used; use a time with its unit/],
  [
    "runnerCpu: 0.5 CPU",
    /^c:1:12: runnerCpu: "0\.5 CPU" can't be used; use an amount of CPU as text, such as 250m or "2"$/,
  ],
  ["runners: 0", /^c:1:10: runners: 0 can't be used; use a whole number from 1 to 1000$/],
  ["nodeSelector: { 'a/b/c': x }", /^c:1:17: nodeSelector: the name "a\/b\/c" can't be used; use the key of a label/],
  [
    "tolerations: [{ key: a, operator: Exists, value: b }]",
    /^c:1:43: tolerations\[0\]\.value: with operator Exists any/,
  ],
  ["tolerations: [{ effect: NoSchedule }]", /^c:1:15: tolerations\[0\]\.operator: without a key every taint is meant/],
  [
    "tolerations: [{ key: a, tolerationSeconds: 1 }]",
    /^c:1:25: tolerations\[0\]\.tolerationSeconds: this is for effect/,
  ],
  ["tolerations: [{ key: a, effect: Noschedule }]", /did you mean "NoSchedule"\?$/],
];

for (const [text, says] of wrong) {
  test(`refused, with its place: ${JSON.stringify(text)}`, (t) => {
    const error = t.throws(() => parseCluster(text, "c"), { instanceOf: ClusterError });
    t.is(error?.exitCode, 2);
    t.is(error?.problems.length, 1, error?.message);
    t.regex(error?.message ?? "", says);
    t.regex(error?.hint ?? "", /tunebench schema --cluster/);
  });
}

test("whatever the text, it is a cluster or refused with places in the file", (t) => {
  const lines = everything.split("\n");
  const mutation = fc.tuple(fc.nat({ max: lines.length - 1 }), fc.oneof(fc.string(), fc.constantFrom(...lines)));
  fc.assert(
    fc.property(fc.array(mutation, { maxLength: 3 }), (changes) => {
      const text = lines.map((line, i) => changes.find(([at]) => at === i)?.[1] ?? line).join("\n");
      try {
        t.is(parseCluster(text, "/clusters/mine/cluster.yaml").name, "mine");
      } catch (error) {
        if (!(error instanceof ClusterError)) throw error;
        t.true(error.problems.length > 0 && !/[^\P{Cc}\n]/u.test(error.message));
      }
    }),
  );
});

async function folderWith(t: ExecutionContext, files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "tunebench-clusters-"));
  t.teardown(() => rm(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(folder, "clusters", name), { recursive: true });
    await writeFile(join(folder, "clusters", name, "cluster.yaml"), text);
  }
  return folder;
}

test("the first folder that has the name wins; a path is taken as it is", async (t) => {
  const [mine, theirs] = [
    await folderWith(t, { kind: "context: mine" }),
    await folderWith(t, { kind: "{}", other: "{}" }),
  ];
  const from = [mine, theirs];
  t.like(await loadCluster("kind", { from }), { name: "kind", context: "mine" });
  t.like(await loadCluster("other", { from }), { file: join(theirs, "clusters/other/cluster.yaml") });
  for (const path of [join(theirs, "clusters/kind"), join(theirs, "clusters/kind/cluster.yaml")]) {
    t.like(await loadCluster(path, { from: [] }), { name: "kind", context: null });
  }
  t.deepEqual(clusterNames(from), ["kind", "other"]);
});

test("a cluster that is not there is told with the nearest, and what there is", async (t) => {
  const from = [await folderWith(t, { kind: "{}" }), "/nowhere"];
  for (const name of ["kindd", "..", "", "Kind", "a\0b"]) {
    const error = await t.throwsAsync(loadCluster(name, { from }), { instanceOf: InputError, message: /^no cluster / });
    t.regex(error?.hint ?? "", /^known: local, kind; /);
  }
  await t.throwsAsync(loadCluster("kindd", { from }), { message: /did you mean "kind"\?$/ });
  const error = await t.throwsAsync(loadCluster("./no/such", { from }), { instanceOf: InputError });
  t.regex(error?.message ?? "", /looked for the file \/.*\/no\/such$/);
});

test("every cluster file that comes with the package is taken", async (t) => {
  const from = [treeFile("")];
  t.true(clusterNames(from).includes("one-node"));
  t.true(clusterFolders().includes(process.cwd()));
  for (const name of clusterNames(from)) t.is((await loadCluster(name, { from })).name, name);
});
