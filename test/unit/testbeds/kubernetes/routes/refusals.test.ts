import test from "ava";
import { routeRefusal, untakenRefusal } from "../../../../../harness/testbeds/kubernetes/routes/refusals.ts";
import type { ProbedRoute } from "../../../../../harness/testbeds/kubernetes/routes/routes.ts";

/** Route, the platform's words as they were met, what the reason and the remedy must say. */
const met: [ProbedRoute, string, RegExp, RegExp][] = [
  [
    "pod-sysctls",
    'Pod was rejected: forbidden sysctl: "net.ipv4.tcp_max_syn_backlog" not allowlisted',
    /the kubelet of this node does not allow it/,
    /tunebench deliver/,
  ],
  ["pod-sysctls", "SysctlForbidden", /the kubelet of this node does not allow it/, /tunebench deliver/],
  ["pod-sysctls", 'forbidden sysctl: "vm.swappiness" not allowlisted', /the node's own/, /on the node/],
  ["pod-sysctls", 'forbidden sysctl: "kernel.panic" not allowlisted', /the node's own/, /on the node/],
  ["pod-sysctls", 'forbidden sysctl: "kernel.shmmax" not allowlisted', /does not allow it/, /tunebench deliver/],
  [
    "pod-sysctls",
    'pods "a" is forbidden: violates PodSecurity "restricted:latest": forbidden sysctls (net.core.somaxconn)',
    /Pod Security level forbids these keys, whatever the node/,
    /enforce=privileged/,
  ],
  [
    "privileged-init",
    'pods "a" is forbidden: violates PodSecurity "baseline:latest": privileged (container "tunebench-settings" must not set securityContext.privileged=true)',
    /forbids what the pod asks for/,
    /tunebench deliver/,
  ],
  [
    "privileged-init",
    "unable to validate against any security context constraint: [provider restricted-v2: .containers[0].privileged]",
    /SecurityContextConstraints/,
    /--platform openshift/,
  ],
  [
    "capabilities-init",
    "sysctl: error setting key 'net.core.somaxconn': Read-only file system",
    /mounted read-only in every container that is not privileged/,
    /route privileged-init.*tunebench deliver/s,
  ],
  [
    "host-network",
    `spec.securityContext.sysctls[0].name: Invalid value: "net.core.somaxconn": may not be specified when 'hostNetwork' is true`,
    /no network namespace of its own/,
    /leave hostNetwork out/,
  ],
  [
    "pod-sysctls",
    "error during container init: write /proc/sys/net/ipv4/ip_local_port_range: invalid argument: unknown",
    /does not take this value/,
    /correct the value/,
  ],
  [
    "pod-sysctls",
    "error during container init: open /proc/sys/net/core/netdev_max_backlog: no such file or directory: unknown",
    /does not exist inside a pod's network namespace/,
    /on the node/,
  ],
  [
    "pod-sysctls",
    "open /proc/sys/net/netfilter/nf_conntrack_max: permission denied",
    /only the node's own network namespace/,
    /on the node/,
  ],
  ["pod-sysctls", 'sysctl "vm.swappiness" is not in a separate kernel namespace', /the node's own/, /on the node/],
  [
    "node",
    "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.",
    /tunebench\.dev\/allow-node-changes=true/,
    /kubectl label node/,
  ],
  [
    "node",
    "0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports.",
    /has not restored them yet/,
    /wait for it/,
  ],
  [
    "tuning-cni",
    "Sysctl net.core.somaxconn is not allowed. Only the following sysctls are allowed: []",
    /allowlist/,
    /cni-sysctl-allowlist/,
  ],
  [
    "pod-sysctls",
    ".spec.kubelet.allowedUnsafeSysctls: field not declared in schema",
    /has no such field/,
    /--platform eks-karpenter/,
  ],
];

for (const [route, words, reason, remedy] of met) {
  test(`${route}, ${words.slice(0, 90)}`, (t) => {
    const explained = routeRefusal(route, words);
    t.not(explained.code, "unknown");
    t.regex(explained.reason, reason);
    t.regex(explained.remedy, remedy);
  });
}

/** Route, why a value that was delivered without complaint is not there, and what to do. */
const untaken: [ProbedRoute, RegExp, RegExp][] = [
  ["node", /network namespace of its own/, /tunebench deliver/],
  ["host-network", /network namespace of its own/, /tunebench deliver/],
  ["tuning-cni", /neither a network attachment nor/, /tuning plugin/],
  ["none", /delivers nothing/, /tunebench deliver/],
  ["pod-sysctls", /refused what the route pod-sysctls asks for/, /tunebench deliver/],
];

for (const [route, reason, remedy] of untaken) {
  test(`${route}: a value that did not arrive`, (t) => {
    const refusal = untakenRefusal(route, [
      { key: "net.core.somaxconn", asked: "65535", found: "4096" },
      { key: "net.ipv4.tcp_mem", asked: "1", found: null },
    ]);
    t.is(refusal.words, "net.core.somaxconn = 4096, asked 65535; net.ipv4.tcp_mem = not there, asked 1");
    t.regex(refusal.reason, reason);
    t.regex(refusal.remedy, remedy);
  });
}

test("what was known where the words were met is kept, but for what the route says of them", (t) => {
  const known = { reason: "it is known", remedy: null };
  t.like(routeRefusal("privileged-init", "Read-only file system", known), { reason: "it is known" });
  const words = "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.";
  t.regex(routeRefusal("node", words, known).reason, /no node that fits/);
});

test("words that are not known are left to stand for themselves", (t) => {
  t.is(routeRefusal("privileged-init", "it is Saturday").code, "unknown");
  t.regex(routeRefusal("privileged-init", "it is Saturday").reason, /refused what the route privileged-init asks for/);
});

test("hostile words of any length are looked through at once", (t) => {
  for (const words of [
    "violates PodSecurity".repeat(20_000),
    "forbidden sysctl: ".repeat(20_000),
    " = ".repeat(100_000),
  ]) {
    t.truthy(routeRefusal("node", words).reason);
  }
});
