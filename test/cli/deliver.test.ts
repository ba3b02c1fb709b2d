/** `tunebench deliver`: what it writes and where, and what it refuses. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { deliveryRecord } from "../../harness/deliver/delivery-record.ts";
import { called } from "../helpers/calls.ts";
import { temporaryFolder, treeFile } from "../helpers/cli.ts";
import { storeStory } from "../helpers/stored-run.ts";
import { portExhaustionRun } from "../helpers/stories.ts";

async function world(t: ExecutionContext) {
  const results = await temporaryFolder(t);
  const folder = storeStory(results, portExhaustionRun(10));
  const out = join(results, "out");
  const deliver = (...args: string[]) => called(["deliver", ...args, "--results", results, "--out", out]);
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
  t.deepEqual(readdirSync(out).sort(), [
    "1-ec2nodeclass.yaml",
    "2-nodepool.yaml",
    "9-workload.yaml",
    "delivery.json",
    "plan.md",
  ]);
  t.is(`${stdout}\n`, readFileSync(join(out, "plan.md"), "utf8"));
  t.regex(readFileSync(join(out, "1-ec2nodeclass.yaml"), "utf8"), /role: KarpenterNodeRole-payments # the team's own/);
  const record = deliveryRecord.parse(JSON.parse(readFileSync(join(out, "delivery.json"), "utf8")));
  t.deepEqual(record.run, {
    id: basename(folder),
    profile: "all",
    baseline: "baseline",
    sha256: createHash("sha256")
      .update(readFileSync(join(folder, "run.json")))
      .digest("hex"),
  });
  t.like(record, { schemaVersion: 1, platform: "eks-karpenter", purpose: "rollout", suite: null });
  t.deepEqual(record.settings[0], {
    role: "target",
    key: "net.ipv4.tcp_tw_reuse",
    value: "1",
    scope: "pod",
    where: [{ file: "9-workload.yaml", at: "spec.template.spec.securityContext.sysctls" }],
  });
  t.deepEqual(record.allowlist, {
    keys: ["net.ipv4.tcp_tw_reuse"],
    where: [{ file: "1-ec2nodeclass.yaml", at: "spec.userData (NodeConfig)" }],
  });
  t.deepEqual(record.nodeSelector, { "tunebench.local/sysctls": "tunebench-port-exhaustion--all" });
  t.deepEqual(record.workloads, [
    { kind: "Deployment", name: "payments", namespace: null, labels: { app: "payments" } },
  ]);
});

test("with a profile of no effect nothing is left to deliver: exit 2 with the reason, and no files", async (t) => {
  const { out, deliver } = await world(t);
  for (const profile of ["backlog", "baseline"]) {
    const { exitCode, stdout, stderr } = await deliver("latest", "--profile", profile, "--platform", "linux");
    t.is(exitCode, 2);
    t.is(stdout, "");
    t.regex(stderr, /nothing is left to deliver of profile/);
    t.false(existsSync(out));
  }
});

test("--group and --workload choose among the objects of --from, and are nothing without it", async (t) => {
  const { results, out, deliver } = await world(t);
  const from = join(results, "groups.yaml");
  const group = (name: string) => `kind: InstanceGroup\nmetadata: {name: ${name}}\nspec: {role: Node}\n`;
  writeFileSync(from, `${group("a")}---\n${group("b")}`);
  const args = ["latest", "--profile", "reuse", "--platform", "kops"];
  const unclear = await deliver(...args, "--from", from);
  t.is(unclear.exitCode, 2);
  t.regex(unclear.stderr, /InstanceGroup a, InstanceGroup b\n {2}say which: --group NAME/);
  t.is((await deliver(...args, "--from", from, "--group", "b")).exitCode, 0);
  t.regex(
    readFileSync(join(out, "1-instancegroup.yaml"), "utf8"),
    /^kind: InstanceGroup\nmetadata: {name: a}\nspec: {role: Node}\n---/,
  );
  const alone = await deliver(...args, "--group", "b", "--overwrite");
  t.is(alone.exitCode, 2);
  t.regex(alone.stderr, /choose among the objects of --from FILE/);
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

test("from a suite for a machine: a profile's settings, and never the range that the suite narrows", async (t) => {
  const { out, deliver } = await world(t);
  const args = [treeFile("scenarios/port-exhaustion"), "--platform", "linux", "--profile", "reuse"];
  const { exitCode, stdout, stderr } = await deliver(...args);
  t.is(exitCode, 0, stderr);
  t.is(readFileSync(join(out, "90-tunebench.conf"), "utf8"), "net.ipv4.tcp_tw_reuse = 1\n");
  t.regex(stdout, /\*\*Nothing of this is measured yet\*\*/);
  t.regex(stdout, /conditions, not delivered\n\n.*`net\.ipv4\.ip_local_port_range=32768 42767`/);
  const record = deliveryRecord.parse(JSON.parse(readFileSync(join(out, "delivery.json"), "utf8")));
  t.deepEqual(record.conditions, [{ key: "net.ipv4.ip_local_port_range", value: "32768 42767" }]);
  const again = await deliver(...args, "--overwrite", "--format", "json");
  t.deepEqual(JSON.parse(again.stdout), record);
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
  ["a version that is none", ["latest", "--platform", "gke", "--kubernetes", "2"], /a version such as 1\.34/],
  [
    "a file that is not there",
    ["latest", "--platform", "gke", "--profile", "all", "--from", "/nowhere"],
    /can't read \/nowhere/,
  ],
  [
    "a file that is no text",
    ["latest", "--platform", "gke", "--profile", "all", "--from", treeFile("docs/report.png")],
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
    const { exitCode, stderr } = await called(args);
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
