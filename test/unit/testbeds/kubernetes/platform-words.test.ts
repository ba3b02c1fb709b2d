import test from "ava";
import {
  admissionMeaning,
  type MeaningKind,
  settingMeaning,
} from "../../../../harness/testbeds/kubernetes/platform-words.ts";

/** The platform's words as they were met, what they mean, whether it is about the pod's settings. */
const answered: [string, MeaningKind, boolean][] = [
  ['pods "x" is forbidden: exceeded quota: small, requested: pods=1, used: pods=3, limited: pods=3', "quota", false],
  ['pods "x" is forbidden: maximum cpu usage per Container is 100m, but limit is 2', "limit-range", false],
  ['pods "x" is forbidden: violates PodSecurity "baseline:latest": privileged', "pod-security", true],
  [
    'pods "x" is forbidden: violates PodSecurity "restricted:latest": forbidden sysctls (net.core.somaxconn)',
    "pod-security-settings",
    true,
  ],
  [
    'pods "x" is forbidden: unable to validate against any security context constraint: [sysctls]',
    "security-context-constraint",
    true,
  ],
  ['admission webhook "policy.example" denied the request: unsafe sysctls', "webhook", true],
  ["ValidatingAdmissionPolicy 'tags' with binding 'all' denied request: no tag", "webhook", false],
  [
    `sysctls[0].name: Invalid value: "net.core.somaxconn": may not be specified when 'hostNetwork' is true`,
    "host-network",
    true,
  ],
  [
    'network-attachment-definitions.k8s.cni.cncf.io is forbidden: User "ci" cannot create resource "network-attachment-definitions"',
    "network-attachment",
    true,
  ],
  [".spec.kubelet.allowedUnsafeSysctls: field not declared in schema", "unknown-field", true],
];

for (const [words, kind, isAboutSettings] of answered) {
  test(`the API server: ${words}`, (t) => {
    t.like(admissionMeaning(words), { kind, isAboutSettings });
    t.is(settingMeaning(words.replace("sysctls", "")), null, "no kubelet says so");
  });
}

const onTheNode: [string, MeaningKind][] = [
  ['forbidden sysctl: "net.ipv4.tcp_max_syn_backlog" not allowlisted', "not-allowlisted"],
  ['forbidden sysctl: "kernel.shmmax" not allowlisted', "not-allowlisted"],
  ['forbidden sysctl: "vm.swappiness" not allowlisted', "nodes-own"],
  // The kubelet takes it for a pod's own: allowed, runc could not make the sandbox.
  ['forbidden sysctl: "net.core.netdev_max_backlog" not allowlisted', "nodes-own"],
  ["SysctlForbidden", "not-allowlisted"],
  ['sysctl "vm.swappiness" is not in a separate kernel namespace', "nodes-own"],
  ["Sysctl net.core.somaxconn is not allowed. Only the following sysctls are allowed: []", "not-on-plugins-list"],
  ["sysctl: error setting key 'net.core.somaxconn': Read-only file system", "read-only"],
  ["open /proc/sys/net/netfilter/nf_conntrack_max: permission denied", "not-permitted"],
  ["open /proc/sys/net/core/netdev_max_backlog: no such file or directory", "absent"],
  ["write /proc/sys/net/core/somaxconn: invalid argument", "value"],
];

for (const [words, kind] of onTheNode) {
  test(`on the node: ${words}`, (t) => {
    t.like(settingMeaning(words), { kind, isAboutSettings: true });
    t.is(admissionMeaning(words), null, "no API server says so");
  });
}

test("words that are not known mean nothing", (t) => {
  t.is(admissionMeaning("it is Saturday"), null);
  t.is(settingMeaning(""), null);
});
