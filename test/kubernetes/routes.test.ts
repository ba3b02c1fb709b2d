/** By which routes a setting gets into pods of a real cluster, told by the product itself: doctor's answers, and a run's start. */
import { readdirSync } from "node:fs";
import type { ExecutionContext } from "ava";
import type { RouteAnswer } from "../../harness/testbeds/kubernetes/doctor/probe-routes.ts";
import { withoutNodeObserver, worldFor } from "../helpers/api-world.ts";
import { testsAtOnce } from "../helpers/at-once.ts";
import { tunebench } from "../helpers/cli.ts";
import { runRoutes } from "../helpers/cluster-routes.ts";
import { objectsOfRuns } from "../helpers/cluster-runs.ts";

const testAtOnce = testsAtOnce(3);

type Answers = Partial<Record<RouteAnswer["route"], RouteAnswer>>;

/** What doctor says of each route. */
async function answersOf(t: ExecutionContext, file: string, keys: string): Promise<Answers> {
  const asked = ["doctor", "--cluster", file, "--routes", "--format", "json", "--keys", keys];
  const { exitCode, stdout, stderr } = await tunebench(asked);
  t.is(exitCode, 0, stderr);
  const { routes } = JSON.parse(stdout) as { routes: RouteAnswer[] };
  return Object.fromEntries(routes.map((answer) => [answer.route, answer]));
}

/** What is refused anywhere that has runc and no Multus: its words, the reason, the remedy. */
const refusals: [RouteAnswer["route"], code: string, words: RegExp, reason: RegExp, remedy: RegExp][] = [
  [
    "capabilities-init",
    "read-only",
    /^sysctl: error setting key 'net\.core\.somaxconn': Read-only file system$/,
    /mounted read-only in every container that is not privileged/,
    /privileged-init/,
  ],
  [
    "host-network",
    "host-network",
    /"net\.core\.somaxconn": may not be specified when 'hostNetwork' is true/,
    /no network namespace of its own/,
    /leave hostNetwork out/,
  ],
  ["none", "not-delivered", /^net\.core\.somaxconn = \d+, asked 8192$/, /delivers nothing/, /pod-sysctls/],
  [
    "tuning-cni",
    "not-delivered",
    /^net\.core\.somaxconn = \d+, asked 8192$/,
    /neither a network attachment nor the node's own CNI configuration/,
    /tuning plugin|Multus/,
  ],
];

testAtOnce(["cluster"], "doctor --routes: what works, and what the platform says to the rest", async (t) => {
  const world = await worldFor(t);
  const answers = await answersOf(t, world.own.file, "net.core.somaxconn=8192");
  t.is(answers["privileged-init"]?.answer, "works");
  if (world.own.isOneNode) t.is(answers["pod-sysctls"]?.answer, "works");
  t.is(answers.node?.answer, "not-tried");
  for (const [route, code, words, reason, remedy] of refusals) {
    const answer = answers[route];
    if (answer?.answer !== "refused") return t.fail(`${route}: ${answer?.answer}`);
    t.is(String(answer.code), code, route);
    t.regex(answer.words, words, route);
    t.regex(answer.reason, reason, route);
    t.regex(answer.remedy, remedy, route);
  }
  t.deepEqual(await objectsOfRuns(world), []);
});

testAtOnce(
  ["cluster"],
  "routes that are refused: exit 3, each in the platform's words with its remedy; nothing is run or left",
  async (t) => {
    t.timeout(10 * 60_000, "a kubelet tries a sandbox that fails again and again: that is given up in bounded time");
    const world = await worldFor(t);
    const { exitCode, stdout, stderr, out } = await runRoutes(world, ["forbidden", "reversed", "nodes-own"]);
    t.is(exitCode, 3, stderr);
    t.is(stdout, "");
    for (const says of [
      /profile forbidden \(route pod-sysctls\): forbidden sysctl: "net\.ipv4\.tcp_max_syn_backlog" not allowlisted\n.*list of safe ones, and the kubelet of this node does not allow it\n.*tunebench deliver/,
      /profile reversed \(route pod-sysctls\): .*invalid argument.*\n.*ends are reversed.*\n.*correct the value/,
      /profile nodes-own \(route privileged-init\): .*No such file or directory\n.*node's own.*\n.*tunebench deliver/,
    ]) {
      t.regex(stderr, says);
    }
    t.deepEqual(readdirSync(out), []);
    t.deepEqual(await objectsOfRuns(world), []);
  },
);

testAtOnce(
  ["cluster"],
  "a namespace at Pod Security restricted: a safe key is there inside, privilege is refused in its words",
  async (t) => {
    const world = await worldFor(t, withoutNodeObserver);
    await world.kubectl(["label", "namespace", world.own.namespace, "pod-security.kubernetes.io/enforce=restricted"]);
    const answers = await answersOf(t, world.own.file, "net.ipv4.ip_local_port_range");
    t.is(answers["pod-sysctls"]?.answer, "works");
    const privileged = answers["privileged-init"];
    if (privileged?.answer !== "refused") return t.fail(privileged?.answer);
    t.is(privileged.code, "pod-security");
    t.regex(privileged.words, /violates PodSecurity "restricted:.*privileged/);
    t.regex(privileged.remedy, /pod-security\.kubernetes\.io\/enforce=privileged/);
    t.deepEqual(await objectsOfRuns(world), []);
  },
);
