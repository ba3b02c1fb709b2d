/** What each route comes to on a real cluster, told by the product itself: in its records where routes are compared, else at its start. */
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import test from "ava";
import { readLog } from "../../harness/environments/kubernetes/api/log.ts";
import type { TrialRecord } from "../../harness/results/trial.ts";
import { type ApiWorld, openApiWorld, podOf, shell } from "../helpers/api-world.ts";
import { copyFixture, linesOf, objectsOfRuns, runOnCluster, storedIn } from "../helpers/cluster-runs.ts";
import { testNeeding } from "../helpers/parts.ts";
import { testCluster } from "../helpers/test-cluster.ts";

const label = "tunebench.dev/allow-node-changes";

let world: ApiWorld;
let suite: string;

test.before(async (t) => {
  t.timeout(20 * 60_000, "Kubernetes is built the first time");
  world = await openApiWorld();
  suite = await copyFixture(world, { fixture: "routes" });
});

test.after.always(async () => {
  await world?.close();
});

/** Runs the baseline and these profiles. */
async function runProfiles(names: string[], args: string[] = [], file = world.own.file) {
  return await runOnCluster(world, suite, ["--profiles", ["baseline", ...names].join(","), ...args], file);
}

function byProfile(out: string): Record<string, TrialRecord> {
  return Object.fromEntries(storedIn(out).trials.map((trial) => [trial.profile, trial]));
}

function effective(trial: TrialRecord | undefined, key: string): string | null | undefined {
  return trial?.sysctls.find((reading) => reading.role === "target" && reading.key === key)?.effective;
}

/** What is refused anywhere that has runc and no Multus: its words, the reason, the remedy. */
const refusals: Record<string, { route: string; words: RegExp; reason: RegExp; remedy: RegExp }> = {
  capabilities: {
    route: "capabilities-init",
    words: /^sysctl: error setting key 'net\.core\.somaxconn': Read-only file system$/,
    reason: /mounted read-only in every container that is not privileged/,
    remedy: /privileged-init/,
  },
  "host-network": {
    route: "host-network",
    words: /"net\.core\.somaxconn": may not be specified when 'hostNetwork' is true/,
    reason: /no network namespace of its own/,
    remedy: /leave hostNetwork out/,
  },
  none: {
    route: "none",
    words: /^net\.core\.somaxconn = \d+, asked 8192$/,
    reason: /delivers nothing/,
    remedy: /pod-sysctls/,
  },
  tuning: {
    route: "tuning-cni",
    words: /^net\.core\.somaxconn = \d+, asked 8192$/,
    reason: /neither a network attachment nor the node's own CNI configuration/,
    remedy: /tuning plugin|Multus/,
  },
  forbidden: {
    route: "pod-sysctls",
    words: /^forbidden sysctl: "net\.ipv4\.tcp_max_syn_backlog" not allowlisted$/,
    reason: /not on Kubernetes' list of safe ones, and the kubelet of this node does not allow it/,
    remedy: /tunebench deliver/,
  },
};

testNeeding(
  ["cluster"],
  "routes compared: what is delivered is proved inside, what is refused is told in its words",
  async (t) => {
    t.timeout(6 * 60_000);
    const delivered = ["safe", "privileged", ...(world.own.isOneNode ? ["allowed"] : [])];
    const { exitCode, stderr, out } = await runProfiles([...delivered, ...Object.keys(refusals)]);
    t.is(exitCode, 0, stderr);
    const trials = byProfile(out);
    for (const profile of ["baseline", ...delivered]) {
      t.like(trials[profile], { valid: true, outcome: "censored", refusal: null }, profile);
    }
    t.is(effective(trials.safe, "net.ipv4.ip_local_port_range"), "1024 65535");
    t.is(effective(trials.privileged, "net.core.somaxconn"), "8192");
    if (world.own.isOneNode) t.is(effective(trials.allowed, "net.core.somaxconn"), "8192");
    t.not(effective(trials.baseline, "net.core.somaxconn"), "8192");
    for (const [profile, { route, words, reason, remedy }] of Object.entries(refusals)) {
      const { valid, outcome, refusal, requests } = trials[profile] ?? {};
      t.like(
        { valid, outcome, requests, route: refusal?.route },
        { valid: true, outcome: "refused", requests: 0, route },
      );
      t.regex(refusal?.words ?? "", words, profile);
      t.regex(refusal?.reason ?? "", reason, profile);
      t.regex(refusal?.remedy ?? "", remedy, profile);
    }
    t.deepEqual(await objectsOfRuns(world), []);
  },
);

/** One route only: nothing is run. */
const alone: Record<string, RegExp> = {
  forbidden:
    /\(route pod-sysctls\): forbidden sysctl: "net\.ipv4\.tcp_max_syn_backlog" not allowlisted\n.* does not allow it\n.*tunebench deliver/,
  reversed: /\(route pod-sysctls\): .*invalid argument.*\n.*ends are reversed.*\n.*correct the value/,
  "nodes-own": /\(route privileged-init\): .*No such file or directory\n.*node's own.*\n.*tunebench deliver/,
  none: /\(route none\): net\.core\.somaxconn = \d+, asked 8192\n/,
};

for (const [profile, says] of Object.entries(alone)) {
  testNeeding(
    ["cluster"],
    `${profile}, alone: exit 3 in the platform's words, with the remedy; nothing is run or left`,
    async (t) => {
      t.timeout(2 * 60_000, "a kubelet tries a sandbox that fails again and again: that is given up in bounded time");
      const { exitCode, stdout, stderr, out } = await runProfiles([profile]);
      t.is(exitCode, 3, stderr);
      t.is(stdout, "");
      t.regex(stderr, says);
      t.throws(() => storedIn(out), { message: /one run was expected/ });
      t.deepEqual(await objectsOfRuns(world), []);
    },
  );
}

testNeeding(
  ["cluster"],
  "a namespace at Pod Security restricted: a safe key runs, privilege is refused in its words",
  async (t) => {
    t.timeout(3 * 60_000);
    const namespace = `${world.own.namespace}-restricted`;
    t.teardown(() => world.own.kubectl(["delete", "namespace", namespace, "--wait=false", "--ignore-not-found"]));
    await world.own.kubectl(["create", "namespace", namespace]);
    await world.own.kubectl(["label", "namespace", namespace, "pod-security.kubernetes.io/enforce=restricted"]);
    const changes = { namespace, create: false, observeNode: false };
    const { file } = await testCluster({ folder: join(world.folder, "restricted"), changes });
    const refused = await runProfiles(["privileged"], [], file);
    t.is(refused.exitCode, 3, refused.stderr);
    t.regex(refused.stderr, /violates PodSecurity "restricted:.*privileged/);
    t.regex(refused.stderr, /pod-security\.kubernetes\.io\/enforce=privileged/);
    const { exitCode, stderr, out } = await runProfiles(["safe"], [], file);
    t.is(exitCode, 0, stderr);
    t.is(effective(byProfile(out).safe, "net.ipv4.ip_local_port_range"), "1024 65535");
    t.deepEqual(await objectsOfRuns(world, namespace), []);
  },
);

testNeeding(["cluster"], "the route node: not without the flag, and on no node that is not labelled", async (t) => {
  const unasked = await runProfiles(["node"]);
  t.is(unasked.exitCode, 2, unasked.stderr);
  t.regex(unasked.stderr, /profile node would change settings of a node itself[\s\S]*--allow-node-changes/);
  const unlabelled = await runProfiles(["node"], ["--allow-node-changes"]);
  t.is(unlabelled.exitCode, 3, unlabelled.stderr);
  t.regex(unlabelled.stderr, /kubectl label node NODE tunebench\.dev\/allow-node-changes=true/);
});

testNeeding(
  ["cluster"],
  "the route node: the node gets the value and its own again, the pod keeps the default",
  async (t) => {
    t.timeout(4 * 60_000);
    const watcher = await watchNode();
    await world.own.kubectl(["label", "node", watcher.node, `${label}=true`]);
    t.teardown(() => world.own.kubectl(["label", "node", watcher.node, `${label}-`]));
    const { exitCode, stderr, out } = await runProfiles(["privileged", "node"], ["--allow-node-changes"]);
    t.is(exitCode, 0, stderr);
    const { node } = byProfile(out);
    t.like(node, { valid: true, outcome: "refused" });
    t.like(node?.refusal, { route: "node" });
    t.regex(node?.refusal?.words ?? "", /^net\.core\.somaxconn = \d+, asked 8192$/);
    t.regex(node?.refusal?.reason ?? "", /a pod has a network namespace of its own/);
    const values = await watcher.values();
    const [own = ""] = values;
    t.not(own, "8192");
    t.deepEqual(values, [own, "8192", own, "8192", own], "in the preflight, and in the trial");
  },
);

/** A pod in the node's own network, which writes the node's somaxconn whenever it is another. */
async function watchNode(): Promise<{ node: string; values(): Promise<string[]> }> {
  const line =
    'while :; do v=$(cat /proc/sys/net/core/somaxconn); [ "$v" = "$last" ] || echo $v; last=$v; sleep 0.1; done';
  const pod = podOf(world, "watcher", { spec: { hostNetwork: true }, container: { command: shell(line) } });
  await world.api.create(pod);
  await world.kubectl(["wait", "--for=condition=Ready", "pod/watcher", "--timeout=60s"]);
  const node = (await world.api.get("Pod", "watcher"))?.spec?.nodeName ?? "";
  const read = () => readLog(world.api, { pod: "watcher", container: "main" });
  while ((await read()).length === 0) await wait(100);
  return { node, values: async () => (await read()).flatMap(linesOf) };
}
