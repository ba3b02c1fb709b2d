import { readFileSync } from "node:fs";
import test from "ava";
import { admissionFailure } from "../../../../../harness/testbeds/kubernetes/api/create-pod.ts";
import { failureOf } from "../../../../../harness/testbeds/kubernetes/api/find-pod-failure.ts";
import type { Event, Pod } from "../../../../../harness/testbeds/kubernetes/api/kinds.ts";
import { lateness, stretchOf } from "../../../../../harness/testbeds/kubernetes/api/lateness.ts";
import { endOfGone, podEndOf } from "../../../../../harness/testbeds/kubernetes/api/pod-end.ts";
import { PodFailure, type PodFailureKind } from "../../../../../harness/testbeds/kubernetes/api/pod-failure.ts";
import { sandboxFailure } from "../../../../../harness/testbeds/kubernetes/api/sandbox-failure.ts";
import { treeFile } from "../../../../helpers/cli.ts";
import { isGolden } from "../../../../helpers/golden.ts";

/** Pods as Kubernetes 1.34 with containerd told of them some 20 s after they were made, each with its events. */
const recorded: { pod: Pod; events: Event[] }[] = JSON.parse(
  readFileSync(treeFile("test/fixtures/kubernetes/failing-pods.json"), "utf8"),
);

test("what is made of recorded pods", (t) => {
  const told = recorded.map(({ pod, events }) => {
    const failure = failureOf(pod, events);
    const words = failure === null ? "nothing yet" : new PodFailure(pod.metadata?.name ?? "", failure).message;
    const late = lateness(stretchOf(pod), 30_000, pod, events);
    const [kind, refuses] = [failure?.kind ?? `later: ${late.kind}, ${late.words}`, failure?.refusesProfile === true];
    return `${pod.metadata?.name} (${kind}${refuses ? ", refuses the profile" : ""})\n  ${words}\n`;
  });
  isGolden(t, told.join(""), treeFile("test/fixtures/kubernetes/failing-pods.golden.txt"));
});

test("how a container ended: its code, a signal by its code, the cluster's own reasons", (t) => {
  const ends = Object.fromEntries(recorded.map(({ pod }) => [pod.metadata?.name, podEndOf(pod, "main")]));
  t.like(ends.crash, { exitCode: 3, signal: null, reason: "Error", node: "one-node" });
  t.like(ends.oom, { exitCode: null, signal: "SIGKILL", reason: "OOMKilled" });
  t.like(ends.deadline, { signal: "SIGKILL", reason: "DeadlineExceeded" });
  t.like(ends["no-command"], { exitCode: 128, signal: null, reason: "StartError" });
  t.like(ends.forbidden, { exitCode: null, signal: null, reason: "SysctlForbidden" });
  t.deepEqual([ends.crash?.takenAway, ends.oom?.takenAway, ends.deadline?.takenAway], [false, false, true]);
  t.is(ends["crash-loop"], null, "it is started again");
  t.is(ends.ready, null);
});

test("a pod that is gone before its end was seen has ended, by whom the pod says", (t) => {
  const running = podNamed("ready");
  t.like(endOfGone(running, "main"), { exitCode: null, reason: "Deleted", node: "one-node" });
  const conditions = [
    { type: "DisruptionTarget", status: "True", reason: "PreemptionByScheduler", message: "for another" },
  ];
  const crash = podNamed("crash");
  const going = { ...crash, metadata: { ...crash.metadata, deletionTimestamp: "2026-11-21T08:02:25Z" } };
  t.like(podEndOf(going, "main"), { exitCode: 3, reason: "Deleted", words: "it was deleted", takenAway: true });
  const preempted = { ...running, status: { ...running.status, conditions } };
  t.like(endOfGone(preempted, "main"), { reason: "PreemptionByScheduler", words: "for another" });
  t.is(failureOf(preempted, [])?.kind, "evicted");
});

test("nodes that are lost are told apart from evictions", (t) => {
  const conditions = [{ type: "DisruptionTarget", status: "True", reason: "DeletionByTaintManager" }];
  t.is(failureOf({ ...podNamed("ready"), status: { conditions } }, [])?.kind, "node-lost");
  t.is(failureOf({ ...podNamed("ready"), status: { phase: "Failed", reason: "NodeLost" } }, [])?.kind, "node-lost");
  t.is(failureOf({ ...podNamed("ready"), status: { phase: "Failed", reason: "Evicted" } }, [])?.kind, "evicted");
});

test("an image is given up after three pulls, a volume after three tries", (t) => {
  const { pod, events } = recordedAs("image-pull");
  t.is(failureOf(pod, events), null);
  const thrice = events.map((event) => (event.reason === "Pulling" ? { ...event, count: 3 } : event));
  t.is(failureOf(pod, thrice)?.kind, "image");
  const mount = recordedAs("mount-missing");
  t.is(
    failureOf(
      mount.pod,
      mount.events.map((event) => ({ ...event, count: 2 })),
    ),
    null,
  );
});

const sandboxWords: [string, RegExp, boolean][] = [
  ["open /proc/sys/net/core/netdev_max_backlog: no such file or directory", /is the node's own/, true],
  ["open /proc/sys/net/netfilter/nf_conntrack_max: permission denied", /only the node's own network namespace/, true],
  ["write /proc/sys/net/core/somaxconn: invalid argument", /does not take this value/, true],
  ['sysctl "vm.swappiness" is not in a separate kernel namespace', /the key is the node's own/, true],
  ['plugin type="bridge" failed (add): no IP addresses available in range set', /sandbox can't be made/, false],
];

for (const [words, reason, refusesProfile] of sandboxWords) {
  test(`a sandbox that is not made: ${words}`, (t) => {
    const start = "Failed to create pod sandbox: rpc error: code = Unknown desc = ";
    const runc = refusesProfile
      ? "runc create failed: unable to start container process: error during container init: "
      : "";
    const found = sandboxFailure(`${start}${runc}${words}${refusesProfile ? ": unknown" : ""}`);
    t.is(found.words, words);
    t.regex(found.reason, reason);
    t.is(found.refusesProfile, refusesProfile);
  });
}

const refusals: [number, string, PodFailureKind | undefined, boolean][] = [
  [
    403,
    'pods "x" is forbidden: exceeded quota: small, requested: pods=1, used: pods=3, limited: pods=3',
    "quota",
    false,
  ],
  [403, 'pods "x" is forbidden: status unknown for quota: small, resources: pods', "quota", false],
  [403, 'pods "x" is forbidden: failed quota: small: must specify limits.cpu for: main', "quota", false],
  [403, 'pods "x" is forbidden: maximum cpu usage per Container is 100m, but limit is 2', "limit-range", false],
  [403, 'pods "x" is forbidden: violates PodSecurity "baseline:latest": privileged', "pod-security", true],
  [
    403,
    'pods "x" is forbidden: unable to validate against any security context constraint: [sysctls]',
    "pod-security",
    true,
  ],
  [400, 'admission webhook "policy.example" denied the request: unsafe sysctls', "webhook", true],
  [422, `ValidatingAdmissionPolicy 'tags' with binding 'all' denied request: no tag`, "webhook", false],
  [
    403,
    'pods "x" is forbidden: error looking up service account a/b: serviceaccount "b" not found',
    "not-admitted",
    false,
  ],
  [
    422,
    `Pod "x" is invalid: spec.securityContext.sysctls[0].name: Invalid value: "net.core.somaxconn": may not be specified when 'hostNetwork' is true`,
    "invalid",
    true,
  ],
  [
    403,
    'pods is forbidden: User "x" cannot create resource "pods" in API group "" in the namespace "y"',
    undefined,
    false,
  ],
  [409, 'pods "x" already exists', undefined, false],
];

for (const [code, words, kind, refusesProfile] of refusals) {
  test(`a refusal when a pod is made: ${words}`, (t) => {
    const found = admissionFailure({ code, words });
    t.is(found?.kind, kind);
    t.is(found?.refusesProfile ?? false, refusesProfile);
  });
}

function recordedAs(name: string): { pod: Pod; events: Event[] } {
  const found = recorded.find(({ pod }) => pod.metadata?.name === name);
  if (found === undefined) throw new Error(`no recorded pod ${name}`);
  return found;
}

function podNamed(name: string): Pod {
  return recordedAs(name).pod;
}
