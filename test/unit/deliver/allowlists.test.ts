/** The union of what the user allows and what is delivered goes to the place that wins, in the group that was meant. */
import test from "ava";
import { parse, parseAllDocuments } from "yaml";
import { deliver } from "../../../harness/deliver/deliver.ts";
import type { FromFile } from "../../../harness/deliver/platform.ts";
import type { PlatformName } from "../../../harness/deliver/platform-names.ts";
import { fileOf, filesOf, rollout, testPool } from "../../helpers/deliveries.ts";
import { writtenFiles } from "../../helpers/written-files.ts";

const ours = ["net.core.somaxconn", "net.ipv4.tcp_tw_reuse"];
const pool = testPool();

function theirs(text: string, more: Partial<FromFile> = {}): FromFile {
  return { name: "theirs", text, ...more };
}

function written(title: string): FromFile {
  const found = writtenFiles("yaml").find((file) => file.title === title);
  if (found === undefined) throw new Error(`no written file: ${title}`);
  return theirs(found.text);
}

function group(name: string, role: string, spec = "") {
  return `---\nkind: InstanceGroup\nmetadata: {name: ${name}, labels: {kops.k8s.io/cluster: c}}\nspec:\n  role: ${role}\n${spec}`;
}

test("kops: the group of role Node gets the keys and the cluster's own; the control plane's and the cluster stay", (t) => {
  const from = written("with its cluster, and the control plane first");
  const text = fileOf("kops", pool, from, "1-instancegroup.yaml");
  const [cluster, control, nodes] = parseAllDocuments(text).map((document) => document.toJSON());
  const [clusterBefore, controlBefore] = parseAllDocuments(from.text).map((document) => document.toJSON());
  t.deepEqual([cluster, control], [clusterBefore, controlBefore]);
  t.deepEqual(nodes.spec.kubelet.allowedUnsafeSysctls, ["kernel.msg*", ...ours]);
  t.deepEqual(nodes.spec.taints, ["tunebench.local/sysctls=tunebench-port-exhaustion:NoSchedule"]);
});

test("kops: two groups of nodes are refused by name; one that is named is taken", (t) => {
  const text = group("nodes-a", "Node") + group("nodes-b", "Node") + group("cp", "ControlPlane");
  t.throws(() => deliver("kops", pool, theirs(text)), {
    name: "InputError",
    message: "theirs holds 2 that may be meant: InstanceGroup nodes-a, InstanceGroup nodes-b",
  });
  const documents = parseAllDocuments(fileOf("kops", pool, theirs(text, { group: "nodes-b" }), "1-instancegroup.yaml"));
  t.deepEqual(
    documents.map((document) => document.hasIn(["spec", "kubelet"])),
    [false, true, false],
  );
});

test("kops: a group's own list is added to, not the cluster's; a cluster that is not there is asked for", (t) => {
  const own = group("a", "Node", "  kubelet: {allowedUnsafeSysctls: [kernel.sem]}\n");
  const both = `kind: Cluster\nmetadata: {name: c}\nspec: {kubelet: {allowedUnsafeSysctls: ["kernel.msg*"]}}\n${own}`;
  const documents = parseAllDocuments(fileOf("kops", pool, theirs(both), "1-instancegroup.yaml"));
  t.deepEqual(documents[1]?.toJSON().spec.kubelet.allowedUnsafeSysctls, ["kernel.sem", ...ours]);
  t.regex(deliver("kops", pool, theirs(group("a", "Node"))).plan, /Whether the cluster has one was not seen/);
});

test("kind: the union goes into the patch that has the list, and into a node's own", (t) => {
  const text = `kind: Cluster
kubeadmConfigPatches:
- |
  kind: KubeletConfiguration
  allowedUnsafeSysctls: [a.b]
- |
  kind: KubeletConfiguration
  allowedUnsafeSysctls: ["kernel.msg*"]
nodes:
- role: worker
  kubeadmConfigPatches:
  - |
    kind: KubeletConfiguration
    allowedUnsafeSysctls: [net.ipv4.tcp_keepalive_time]
- role: worker
`;
  const { kubeadmConfigPatches: patches, nodes } = parse(fileOf("kind", pool, theirs(text), "1-kind.yaml"));
  t.is(patches.length, 2, "none of our own, which would take the place of theirs");
  t.deepEqual(parse(patches[1]).allowedUnsafeSysctls, ["kernel.msg*", ...ours]);
  t.deepEqual(parse(nodes[0].kubeadmConfigPatches[0]).allowedUnsafeSysctls, ["net.ipv4.tcp_keepalive_time", ...ours]);
  t.deepEqual(nodes[1], { role: "worker" });
});

test("kind: JSON 6902 patches come after merge patches: their list gets the keys, and one that takes it away is refused", (t) => {
  const file = parse(fileOf("kind", pool, written("a list within a JSON 6902 patch"), "1-kind.yaml"));
  t.is(file.kubeadmConfigPatches, undefined);
  const [list, one] = parse(file.kubeadmConfigPatchesJSON6902[0].patch);
  t.deepEqual(list.value, ["kernel.sem", ...ours]);
  t.is(one.value, "kernel.msg*");
  const patch = "{kind: KubeletConfiguration, patch: '[{op: remove, path: /allowedUnsafeSysctls}]'}";
  t.throws(() => deliver("kind", pool, theirs(`kind: Cluster\nkubeadmConfigPatchesJSON6902: [${patch}]\n`)), {
    name: "InputError",
    message: /^theirs:2:\d+: kubeadmConfigPatchesJSON6902\.0\.patch does remove \/allowedUnsafeSysctls/,
  });
});

test("kubeadm: all three ways allow what was allowed", (t) => {
  const from = theirs('kind: KubeletConfiguration\nallowedUnsafeSysctls: ["kernel.msg*"]\n');
  const files = filesOf(deliver("kubeadm", pool, from));
  const all = ["kernel.msg*", ...ours];
  t.deepEqual(parse(files["1-kubelet-config.yaml"] ?? "").allowedUnsafeSysctls, all);
  t.deepEqual(parse(files["1-kubeletconfiguration.yaml"] ?? "").allowedUnsafeSysctls, all);
  t.is(files["1-kubelet.args"], `KUBELET_EXTRA_ARGS=--allowed-unsafe-sysctls=${all.join(",")}\n`);
});

test("kubeadm: the flag of nodeRegistration wins over the file, and gets the keys in both forms", (t) => {
  const map = parseAllDocuments(fileOf("kubeadm", pool, written("flags of version v1beta3"), "1-kubelet-config.yaml"));
  t.is(
    map[0]?.toJSON().nodeRegistration.kubeletExtraArgs["allowed-unsafe-sysctls"],
    `kernel.msg*,kernel.sem,${ours.join(",")}`,
  );
  t.deepEqual(map[1]?.toJSON().allowedUnsafeSysctls, ours);
  const from = written("flags of version v1beta4, given twice");
  const list = parseAllDocuments(fileOf("kubeadm", pool, from, "1-kubelet-config.yaml"));
  const values = list[0]?.toJSON().nodeRegistration.kubeletExtraArgs.map(({ value }: { value: string }) => value);
  t.deepEqual(values, ["kernel.sem", "2", `kernel.msg*,${ours.join(",")}`]);
  t.is(list[1]?.toJSON().kind, "KubeletConfiguration", "a file for kubeadm gets one");
});

test("Talos: a flag that is there wins over extraConfig, and gets the keys, as a text and as a list", (t) => {
  const whole = parseAllDocuments(fileOf("talos", pool, written("a whole machine"), "1-machine.patch.yaml"));
  const { kubelet } = whole[0]?.toJSON().machine ?? {};
  t.is(kubelet.extraArgs["allowed-unsafe-sysctls"], `net.core.rmem_max,net.core.rmem_default,${ours.join(",")}`);
  t.is(kubelet.extraConfig, undefined);
  const list = parse(fileOf("talos", pool, written("a flag that is a list"), "1-machine.patch.yaml"));
  t.deepEqual(list.machine.kubelet.extraArgs["allowed-unsafe-sysctls"], ["kernel.sem", "kernel.msg*", ...ours]);
  t.regex(deliver("talos", pool, written("a whole machine")).plan, /apply-config .*--file 1-machine\.patch\.yaml/);
});

const k3s: [string, string, Record<string, unknown>][] = [
  ["nothing", "server: x\n", { "kubelet-arg+": [`allowed-unsafe-sysctls=${ours.join(",")}`] }],
  ["a list", "kubelet-arg: [v=2]\n", { "kubelet-arg": ["v=2", `allowed-unsafe-sysctls=${ours.join(",")}`] }],
  ["one that adds", "kubelet-arg+: [v=2]\n", { "kubelet-arg+": ["v=2", `allowed-unsafe-sysctls=${ours.join(",")}`] }],
  [
    "our flag in one that adds",
    "kubelet-arg: [v=2]\nkubelet-arg+: [--allowed-unsafe-sysctls=a.b]\n",
    { "kubelet-arg": ["v=2"], "kubelet-arg+": [`--allowed-unsafe-sysctls=a.b,${ours.join(",")}`] },
  ],
  [
    "one that takes the place of what came before",
    "kubelet-arg+: [allowed-unsafe-sysctls=a.b]\nkubelet-arg: [v=2]\n",
    {
      "kubelet-arg+": ["allowed-unsafe-sysctls=a.b"],
      "kubelet-arg": ["v=2", `allowed-unsafe-sysctls=${ours.join(",")}`],
    },
  ],
  [
    "one text instead of a list",
    "kubelet-arg: v=2\n",
    { "kubelet-arg": "v=2", "kubelet-arg+": [`allowed-unsafe-sysctls=${ours.join(",")}`] },
  ],
];

for (const [title, text, expected] of k3s) {
  test(`k3s: ${title}`, (t) => {
    t.like(parse(fileOf("k3s", pool, theirs(text), "1-config.yaml")), expected);
  });
}

const refused: [string, PlatformName, string, RegExp][] = [
  [
    "only the control plane's group",
    "kops",
    group("cp", "Master"),
    /no InstanceGroup of role Node; it holds InstanceGroup cp \(Master\)/,
  ],
  ["two machine configurations", "talos", "machine: {type: worker}\n---\nmachine: {a: b}\n", /2 that may be meant/],
  [
    "two kubelet configurations",
    "kubeadm",
    "kind: KubeletConfiguration\n---\nkind: KubeletConfiguration\n",
    /2 that may be meant/,
  ],
  [
    "a pool of another class",
    "eks-karpenter",
    "kind: NodePool\nmetadata: {name: p}\nspec: {template: {spec: {nodeClassRef: {name: a}}}}\n---\nkind: EC2NodeClass\nmetadata: {name: b}\nspec: {amiFamily: AL2023}\n",
    /NodePool p refers to the EC2NodeClass a; the file holds EC2NodeClass b/,
  ],
  [
    "a constraint that forbids the key",
    "openshift",
    "kind: SecurityContextConstraints\nmetadata: {name: s}\nforbiddenSysctls: ['net.core.*']\n",
    /forbids net\.core\.somaxconn/,
  ],
  [
    "a list behind an alias",
    "kubeadm",
    "kind: KubeletConfiguration\na: &a [x.y]\nallowedUnsafeSysctls: *a\n",
    /is an alias \(\*a\)/,
  ],
  [
    "a list that others share",
    "kubeadm",
    "kind: KubeletConfiguration\nallowedUnsafeSysctls: &a [x.y]\nb: *a\n",
    /can't be changed where it stands/,
  ],
  [
    "a list by a merge key",
    "kubeadm",
    "a: &a {allowedUnsafeSysctls: [x.y]}\nkind: KubeletConfiguration\n<<: *a\n",
    /comes from elsewhere by <</,
  ],
];

for (const [title, platform, text, message] of refused) {
  test(`${platform}: ${title} is refused with the names`, (t) => {
    t.throws(() => deliver(platform, pool, theirs(text)), { name: "InputError", message });
  });
}

const two =
  "kind: Deployment\nmetadata: {name: web}\nspec: {template: {spec: {}}}\n---\nkind: StatefulSet\nmetadata: {name: db}\nspec: {template: {spec: {}}}\n";

test("two workloads: a rollout is one's, and refused until it is named; a test pool is for all pods", (t) => {
  t.throws(() => deliver("gke", rollout(), theirs(two)), {
    name: "InputError",
    message: "theirs holds 2 that may be meant: Deployment web, StatefulSet db",
  });
  for (const workload of ["db", "StatefulSet/db", "statefulset/db"]) {
    const documents = parseAllDocuments(fileOf("gke", rollout(), theirs(two, { workload }), "9-workload.yaml"));
    t.deepEqual(
      documents.map((document) => document.getIn(["spec", "template", "spec"])?.toString() !== "{}"),
      [false, true],
    );
  }
  const { record } = deliver("gke", pool, theirs(two));
  t.deepEqual(
    record.workloads.map(({ name }) => name),
    ["web", "db"],
  );
});

test("a pod's own value of the same key gives way, and the plan says which; reserved ports are added to", (t) => {
  const sysctls =
    "[{name: net/ipv4/tcp_tw_reuse, value: '2'}, {name: net.ipv4.ip_local_reserved_ports, value: '9000,9090-9099'}]";
  const text = `kind: Deployment\nmetadata: {name: web}\nspec: {template: {spec: {securityContext: {sysctls: ${sysctls}}}}}\n`;
  const { files, plan } = deliver("gke", rollout(), theirs(text));
  const merged = parse(filesOf({ files })["9-workload.yaml"] ?? "").spec.template.spec.securityContext.sysctls;
  t.deepEqual(merged, [
    { name: "net/ipv4/tcp_tw_reuse", value: "1" },
    { name: "net.ipv4.ip_local_reserved_ports", value: "9000,9090-9099,8080" },
    { name: "net.ipv4.ip_local_port_range", value: "1024 65535" },
  ]);
  t.regex(plan, /Deployment web had `net\.ipv4\.tcp_tw_reuse=2`; in `9-workload\.yaml` it is `1`/);
  const twice = text.replace("net.ipv4.ip_local_reserved_ports", "net.ipv4.tcp_tw_reuse");
  t.throws(() => deliver("gke", rollout(), theirs(twice)), {
    message: /is not the only entry of net\.ipv4\.tcp_tw_reuse/,
  });
});

test("a chart's hook is no workload; all else of the file stays with the workload", (t) => {
  const hook = "kind: Pod\nmetadata: {name: test, annotations: {helm.sh/hook: test}}\nspec: {}\n";
  const text = `kind: Service\nmetadata: {name: web}\n---\n${two.split("---")[0]}---\n${hook}`;
  const kinds = parseAllDocuments(fileOf("gke", rollout(), theirs(text), "9-workload.yaml")).map((one) =>
    one.get("kind"),
  );
  t.deepEqual(kinds, ["Service", "Deployment", "Pod"]);
});
