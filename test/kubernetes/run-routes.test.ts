/** What each route comes to on a real cluster, told by the product itself: in its records where routes are compared, else at its start. */
import { join } from "node:path";
import { worldFor } from "../helpers/api-world.ts";
import { testsAtOnce } from "../helpers/at-once.ts";
import { byProfile, effective, runRoutes } from "../helpers/cluster-routes.ts";
import { objectsOfRuns, storedIn } from "../helpers/cluster-runs.ts";
import { testNeeding } from "../helpers/parts.ts";
import { testCluster } from "../helpers/test-cluster.ts";

/** For what ends in the preflight. */
const testAtOnce = testsAtOnce(4);

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

testNeeding(["cluster"], "routes compared: what is delivered is proved inside", async (t) => {
  t.timeout(10 * 60_000);
  const world = await worldFor(t);
  const delivered = ["safe", "privileged", ...(world.own.isOneNode ? ["allowed"] : [])];
  const { exitCode, stderr, out } = await runRoutes(world, delivered);
  t.is(exitCode, 0, stderr);
  const trials = byProfile(out);
  for (const profile of ["baseline", ...delivered]) {
    t.like(trials[profile], { valid: true, outcome: "held", refusal: null }, profile);
  }
  t.is(effective(trials.safe, "net.ipv4.ip_local_port_range"), "1024 65535");
  t.is(effective(trials.privileged, "net.core.somaxconn"), "8192");
  if (world.own.isOneNode) t.is(effective(trials.allowed, "net.core.somaxconn"), "8192");
  t.not(effective(trials.baseline, "net.core.somaxconn"), "8192");
  t.deepEqual(await objectsOfRuns(world), []);
});

testNeeding(["cluster"], "routes compared: what is refused is told in its words", async (t) => {
  t.timeout(10 * 60_000);
  const world = await worldFor(t);
  const { exitCode, stderr, out } = await runRoutes(world, ["safe", ...Object.keys(refusals)]);
  t.is(exitCode, 0, stderr);
  const trials = byProfile(out);
  for (const profile of ["baseline", "safe"])
    t.like(trials[profile], { valid: true, outcome: "held", refusal: null }, profile);
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
});

/** One route only: nothing is run. */
const alone: Record<string, RegExp> = {
  forbidden:
    /\(route pod-sysctls\): forbidden sysctl: "net\.ipv4\.tcp_max_syn_backlog" not allowlisted\n.* does not allow it\n.*tunebench deliver/,
  reversed: /\(route pod-sysctls\): .*invalid argument.*\n.*ends are reversed.*\n.*correct the value/,
  "nodes-own": /\(route privileged-init\): .*No such file or directory\n.*node's own.*\n.*tunebench deliver/,
  none: /\(route none\): net\.core\.somaxconn = \d+, asked 8192\n/,
};

for (const [profile, says] of Object.entries(alone)) {
  testAtOnce(
    ["cluster"],
    `${profile}, alone: exit 3 in the platform's words, with the remedy; nothing is run or left`,
    async (t) => {
      t.timeout(10 * 60_000, "a kubelet tries a sandbox that fails again and again: that is given up in bounded time");
      const world = await worldFor(t);
      const { exitCode, stdout, stderr, out } = await runRoutes(world, [profile]);
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
    t.timeout(10 * 60_000);
    const world = await worldFor(t);
    const namespace = `${world.own.namespace}-restricted`;
    t.teardown(() => world.own.kubectl(["delete", "namespace", namespace, "--wait=false", "--ignore-not-found"]));
    await world.own.kubectl(["create", "namespace", namespace]);
    await world.own.kubectl(["label", "namespace", namespace, "pod-security.kubernetes.io/enforce=restricted"]);
    const changes = { namespace, create: false, observeNode: false };
    const { file } = await testCluster({ folder: join(world.folder, "restricted"), changes });
    const refused = await runRoutes(world, ["privileged"], { file });
    t.is(refused.exitCode, 3, refused.stderr);
    t.regex(refused.stderr, /violates PodSecurity "restricted:.*privileged/);
    t.regex(refused.stderr, /pod-security\.kubernetes\.io\/enforce=privileged/);
    const { exitCode, stderr, out } = await runRoutes(world, ["safe"], { file });
    t.is(exitCode, 0, stderr);
    t.is(effective(byProfile(out).safe, "net.ipv4.ip_local_port_range"), "1024 65535");
    t.deepEqual(await objectsOfRuns(world, namespace), []);
  },
);
