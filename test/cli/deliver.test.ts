/** `tunebench deliver`: what it writes and where, and what it refuses. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { temporaryFolder, treeFile, tunebench } from "../helpers/cli.ts";
import { storeStory } from "../helpers/stored-run.ts";
import { portExhaustionRun } from "../helpers/stories.ts";

async function world(t: ExecutionContext) {
  const results = await temporaryFolder(t);
  const folder = storeStory(results, portExhaustionRun(10));
  const out = join(results, "out");
  const deliver = (...args: string[]) => tunebench(["deliver", ...args, "--results", results, "--out", out]);
  return { results, folder, out, deliver };
}

test("from a run: the files, plan.md, and the plan on stdout", async (t) => {
  const { folder, out, deliver } = await world(t);
  const from = treeFile("test/fixtures/deliver/karpenter.yaml");
  const { exitCode, stdout, stderr } = await deliver(
    basename(folder),
    "--profile",
    "all",
    "--platform",
    "eks-karpenter",
    "--from",
    from,
  );
  t.is(exitCode, 0, stderr);
  t.is(stderr, "");
  t.deepEqual(readdirSync(out).sort(), ["1-ec2nodeclass.yaml", "2-nodepool.yaml", "9-workload.yaml", "plan.md"]);
  t.is(`${stdout}\n`, readFileSync(join(out, "plan.md"), "utf8"));
  t.regex(readFileSync(join(out, "1-ec2nodeclass.yaml"), "utf8"), /role: KarpenterNodeRole-payments # the team's own/);
});

test("from a suite: a pool to measure on, for the keys of all its parts", async (t) => {
  const { out, deliver } = await world(t);
  const { exitCode, stdout, stderr } = await deliver(treeFile("scenarios/port-exhaustion"), "--platform", "openshift");
  t.is(exitCode, 0, stderr);
  t.regex(stdout, /^# OpenShift: a test pool for suite port-exhaustion/);
  t.regex(
    readFileSync(join(out, "2-kubeletconfig.yaml"), "utf8"),
    /- net\.core\.somaxconn\n +- net\.ipv4\.tcp_tw_reuse\n/,
  );
});

test("a folder that holds something is not written into, unless that is said", async (t) => {
  const { out, deliver } = await world(t);
  const args = ["latest", "--profile", "all", "--platform"];
  t.is((await deliver(...args, "kubeadm")).exitCode, 0);
  const file = join(out, "plan.md");
  writeFileSync(file, "mine");
  const refused = await deliver(...args, "gke");
  t.is(refused.exitCode, 2);
  t.regex(refused.stderr, /is not empty\n.*--overwrite/);
  t.is(readFileSync(file, "utf8"), "mine");
  const { exitCode, stderr } = await deliver(...args, "gke", "--overwrite");
  t.is(exitCode, 0);
  t.regex(stderr, /^overwriting .*plan\.md$/m);
  t.regex(stderr, /^not of this plan, and still in .*: 1-kubelet-config\.yaml, /m);
});

const refusals: [string, string[], RegExp][] = [
  ["no profile", ["latest", "--platform", "gke"], /which profile of run .*\n {2}--profile baseline \| reuse/],
  [
    "a profile that is not there",
    ["latest", "--platform", "gke", "--profile", "resue"],
    /no profile resue; did you mean "reuse"/,
  ],
  [
    "a platform that is not there",
    ["latest", "--platform", "openshitf", "--profile", "all"],
    /no platform openshitf; did you mean "openshift"/,
  ],
  ["neither a run nor a suite", ["nowhere", "--platform", "gke"], /no run nowhere/],
  ["a version that is none", ["latest", "--platform", "gke", "--kubernetes", "2"], /A version such as 1\.34/],
  [
    "a file that is not there",
    ["latest", "--platform", "gke", "--profile", "all", "--from", "/nowhere"],
    /can't read \/nowhere/,
  ],
  [
    "a file that is no text",
    ["latest", "--platform", "gke", "--profile", "all", "--from", process.execPath],
    /it is not UTF-8 text/,
  ],
];

for (const [title, args, said] of refusals) {
  test(`${title} is exit 2, and nothing is written`, async (t) => {
    const { results, deliver } = await world(t);
    const { exitCode, stdout, stderr } = await deliver(...args);
    t.is(exitCode, 2, stderr);
    t.is(stdout, "");
    t.regex(stderr, said);
    t.is(readdirSync(results).length, 1);
  });
}

for (const out of ["/dev/null/plan", "/proc/plan"]) {
  test(`a folder that can't be made is a wrong name: ${out}`, async (t) => {
    const { results } = await world(t);
    const args = ["deliver", "latest", "--results", results, "--profile", "reuse", "--platform", "gke", "--out", out];
    const { exitCode, stderr } = await tunebench(args);
    t.is(exitCode, 2, stderr);
    t.regex(stderr, /can't write into \/.*plan: .*\n {2}name another folder with --out DIR/);
  });
}

test("--kubernetes: an old cluster takes a key for unsafe that a new one has as safe", async (t) => {
  const { results, deliver } = await world(t);
  const suite = readFileSync(treeFile("scenarios/port-exhaustion/suite.yaml"), "utf8");
  for (const name of ["load.ts", "target.ts", "upstream.ts"]) writeFileSync(join(results, name), "");
  const file = join(results, "suite.yaml");
  writeFileSync(file, suite.replace("net.ipv4.tcp_tw_reuse: 1 }", "net.ipv4.tcp_fin_timeout: 15 }"));
  const plan = async (version: string) =>
    (await deliver(file, "--platform", "gke", "--profile", "reuse", "--kubernetes", version, "--overwrite")).stdout;
  t.regex(
    await plan("1.28"),
    /`net\.ipv4\.tcp_fin_timeout` \| `15` \| the pod, where the node allows it: unsafe before Kubernetes 1\.29/,
  );
  t.regex(
    await plan("1.29"),
    /`net\.ipv4\.tcp_fin_timeout` \| `15` \| the pod, on any node: safe since Kubernetes 1\.29/,
  );
});
