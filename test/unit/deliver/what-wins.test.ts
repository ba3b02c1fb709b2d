/** Places that would win over a delivered list, or be defeated by it: found, merged with, or refused and said. */
import test from "ava";
import { parse, parseAllDocuments } from "yaml";
import { deliver } from "../../../harness/deliver/deliver.ts";
import { mimeOf } from "../../../harness/deliver/mime.ts";
import type { FromFile } from "../../../harness/deliver/platform.ts";
import { type PlatformName, platformNames } from "../../../harness/deliver/platform-names.ts";
import { platforms } from "../../../harness/deliver/platforms.ts";
import { fileOf, filesOf, fromFixture, rollout, testPool } from "../../helpers/deliveries.ts";

const ours = ["net.core.somaxconn", "net.ipv4.tcp_tw_reuse"];
const pool = testPool();

function theirs(text: string): FromFile {
  return { name: "theirs", text };
}

const twice = `apiVersion: kubeadm.k8s.io/v1beta4
kind: JoinConfiguration
nodeRegistration:
  kubeletExtraArgs:
  - {name: allowed-unsafe-sysctls, value: kernel.sem}
  - {name: allowed-unsafe-sysctls, value: "kernel.msg*"}
---
kind: KubeletConfiguration
allowedUnsafeSysctls: [fs.mqueue.*]
`;

test("kubeadm: a flag that is given twice is both, in the args file too", (t) => {
  const files = filesOf(deliver("kubeadm", pool, theirs(twice)));
  t.is(
    files["1-kubelet.args"],
    `KUBELET_EXTRA_ARGS=--allowed-unsafe-sysctls=kernel.sem,kernel.msg*,${ours.join(",")},fs.mqueue.*\n`,
  );
});

test("kubeadm: no file that is not the node's own is said to take the place of the kubelet's", (t) => {
  const planOf = (text: string | null) => deliver("kubeadm", pool, text === null ? null : theirs(text)).plan;
  t.regex(
    planOf("kind: KubeletConfiguration\n"),
    /`1-kubelet-config\.yaml`, which is yours with the keys, takes the place/,
  );
  for (const text of [null, "KUBELET_EXTRA_ARGS=--v=2\n", twice]) {
    t.regex(planOf(text), /the list of .*goes into \/var\/lib\/kubelet\/config\.yaml.*don't copy it there/s);
    t.notRegex(planOf(text), /takes the place of \/var\/lib\/kubelet\/config\.yaml/);
  }
  t.regex(planOf("KUBELET_EXTRA_ARGS=--v=2\n"), /the flag must hold the file's keys too, or they are lost/);
});

test("kops: the taint of another delivery gives way, since the kubelet takes no two of one key; the plan says so", (t) => {
  const text = `kind: InstanceGroup
metadata: {name: n}
spec: {role: Node, nodeLabels: {tunebench.local/sysctls: old}, taints: ["tunebench.local/sysctls=old:NoSchedule", "a=b:NoSchedule"]}
`;
  const { spec } = parse(fileOf("kops", pool, theirs(text), "1-instancegroup.yaml"));
  t.deepEqual(spec.taints, ["tunebench.local/sysctls=tunebench-port-exhaustion:NoSchedule", "a=b:NoSchedule"]);
  t.regex(
    deliver("kops", pool, theirs(text)).plan,
    /carry `tunebench\.local\/sysctls=old:NoSchedule`, of another delivery/,
  );
});

test("kops: where a cluster has no other group for pods, the plan says first that all else would stay Pending", (t) => {
  const group = (name: string, role: string) =>
    `---\nkind: InstanceGroup\nmetadata: {name: ${name}}\nspec: {role: ${role}}\n`;
  const cluster = "kind: Cluster\nmetadata: {name: c}\n";
  const only = deliver("kops", pool, theirs(cluster + group("cp", "ControlPlane") + group("n", "Node"))).plan;
  t.true(only.search(/\*\*It is the only group of role Node/) < only.search(/## Apply/));
  t.regex(only, /only group of role Node/);
  const two = { ...theirs(cluster + group("n", "Node") + group("m", "Node")), group: "m" };
  t.notRegex(deliver("kops", pool, two).plan, /only group of role Node/);
});

test("k3s: label and taint of another delivery give way", (t) => {
  const text =
    "node-label: tunebench.local/sysctls=old\nnode-taint:\n- a=b:NoExecute\n- tunebench.local/sysctls=old:NoSchedule\n";
  const config = parse(fileOf("k3s", pool, theirs(text), "1-config.yaml"));
  t.is(config["node-label"], "tunebench.local/sysctls=tunebench-port-exhaustion");
  t.deepEqual(config["node-taint"], ["a=b:NoExecute", "tunebench.local/sysctls=tunebench-port-exhaustion:NoSchedule"]);
  t.is(config["node-taint+"], undefined);
});

test("k3s: the plan says what the flag takes the place of, and how the kept files come back", (t) => {
  const { plan } = deliver("k3s", pool, theirs("kubelet-arg: [config=/etc/kubelet.yaml]\n"));
  t.regex(plan, /takes the place of `allowedUnsafeSysctls` in a configuration file of the kubelet's own.*`config=`/);
  t.regex(plan, /## Undo[^#]*cp --archive ~\/k3s\.before\/\. \/etc\/rancher\/k3s\//);
});

test("kind: null in a node's patch takes the list away, so that node gets the keys", (t) => {
  const text = `kind: Cluster
kubeadmConfigPatches:
- |
  kind: KubeletConfiguration
  allowedUnsafeSysctls: [kernel.sem]
nodes:
- role: worker
  kubeadmConfigPatches:
  - |
    kind: KubeletConfiguration
    allowedUnsafeSysctls: null
`;
  const { nodes } = parse(fileOf("kind", pool, theirs(text), "1-kind.yaml"));
  t.deepEqual(parse(nodes[0].kubeadmConfigPatches[0]).allowedUnsafeSysctls, ours);
});

const documents = `version: v1alpha1
machine: {type: worker}
---
apiVersion: v1alpha1
kind: KubeletConfig
image: kubelet
config: {allowedUnsafeSysctls: [kernel.sem]}
---
apiVersion: v1alpha1
kind: KubeNodeConfig
labels: {rack: "07"}
`;

test("Talos 1.14: the list, label and taint go into the documents that have them, and none beside them", (t) => {
  const [config, kubelet, node] = parseAllDocuments(
    fileOf("talos", pool, theirs(documents), "1-machine.patch.yaml"),
  ).map((document) => document.toJSON());
  t.deepEqual(config, { version: "v1alpha1", machine: { type: "worker" } });
  t.deepEqual(kubelet.config.allowedUnsafeSysctls, ["kernel.sem", ...ours]);
  const name = "tunebench-port-exhaustion";
  t.deepEqual(node.labels, { rack: "07", "tunebench.local/sysctls": name });
  t.deepEqual(node.taints, { "tunebench.local/sysctls": `${name}:NoSchedule` });
  const { record } = deliver("talos", pool, theirs(documents));
  t.deepEqual(record.allowlist.where, [{ file: "1-machine.patch.yaml", at: "config.allowedUnsafeSysctls" }]);
});

test("Talos 1.14: a flag of the KubeletConfig wins over its list; a patch of that document alone gets a KubeNodeConfig", (t) => {
  const text = "apiVersion: v1alpha1\nkind: KubeletConfig\nextraArgs: {allowed-unsafe-sysctls: kernel.sem}\n";
  const [kubelet, node, ...others] = parseAllDocuments(fileOf("talos", pool, theirs(text), "1-machine.patch.yaml")).map(
    (document) => document.toJSON(),
  );
  t.is(kubelet.extraArgs["allowed-unsafe-sysctls"], `kernel.sem,${ours.join(",")}`);
  t.is(kubelet.config, undefined);
  t.is(node.kind, "KubeNodeConfig");
  t.deepEqual(others, []);
});

test("an empty file is a command that failed, and not a place where nothing is", (t) => {
  for (const platform of platformNames) {
    for (const text of ["", "\n \n", "\uFEFF"]) {
      t.throws(
        () => deliver(platform, pool, theirs(text)),
        { name: "InputError", message: "theirs is empty" },
        platform,
      );
    }
  }
});

const script = (body: string) => mimeOf([{ contentType: "text/x-shellscript", body: `#!/bin/bash\n${body}\n` }]);
const controlPlane = (more: string) => `machine: {type: controlplane}\ncluster: {${more}}\n`;

test("user data without a line end at its end is merged where it stands, and has none after it either", (t) => {
  const text = `kind: EC2NodeClass
metadata: {name: a}
spec:
  amiFamily: AL2023
  userData: |-
    #!/bin/bash
    chmod 0400 /x
  tags: {a: b}
`;
  const merged = fileOf("eks-karpenter", pool, theirs(text), "1-ec2nodeclass.yaml");
  t.regex(
    merged,
    /\n {2}userData: \|-\n.*#!\/bin\/bash\n {4}chmod 0400 \/x\n.*tcp_tw_reuse\n.*--TUNEBENCH--\n {2}tags: {a: b}\n/s,
  );
});

const refused: [string, PlatformName, string, RegExp][] = [
  [
    "a JSON 6902 patch of the whole",
    "kind",
    `kind: Cluster\nkubeadmConfigPatchesJSON6902: [{kind: KubeletConfiguration, patch: '[{"op":"replace","path":"","value":{}}]'}]\n`,
    /does replace the whole, which may take our keys away/,
  ],
  [
    "a control plane's node",
    "talos",
    controlPlane(""),
    /^theirs:1:17: machine\.type is controlplane: a control plane's/,
  ],
  [
    "a script that gives the flag",
    "eks-managed",
    script("echo KUBELET_EXTRA_ARGS=--allowed-unsafe-sysctls=kernel.sem"),
    /a script of its user data gives --allowed-unsafe-sysctls, which would win/,
  ],
  [
    "a constraint that forbids the key with slashes",
    "openshift",
    "kind: SecurityContextConstraints\nmetadata: {name: s}\nforbiddenSysctls: [net/ipv4/tcp_tw_reuse]\n",
    /forbids net\.ipv4\.tcp_tw_reuse/,
  ],
  ["AL2's script", "eks-managed", "#!/bin/bash\n/etc/eks/bootstrap.sh shop\n", /user data is AL2's/],
];

for (const [title, platform, text, message] of refused) {
  test(`${platform}: ${title} is refused`, (t) => {
    t.throws(() => deliver(platform, pool, theirs(text)), { name: "InputError", message });
  });
}

test("what a script has in a comment, and a control plane that runs all pods, are no reason", (t) => {
  t.notThrows(() =>
    deliver("eks-managed", pool, theirs(script("# no --allowed-unsafe-sysctls, no /etc/eks/bootstrap.sh"))),
  );
  t.notThrows(() => deliver("talos", pool, theirs(controlPlane("allowSchedulingOnControlPlanes: true"))));
});

test("the workload's undo and the look for refused pods are in its namespace", (t) => {
  const planOf = (metadata: string) =>
    deliver("gke", rollout(), theirs(`kind: Deployment\nmetadata: ${metadata}\n`)).plan;
  const shop = planOf("{name: web, namespace: shop}");
  t.regex(shop, /^ *kubectl get events --namespace shop --field-selector reason=SysctlForbidden$/m);
  t.regex(shop, /^ *kubectl rollout undo deployment web --namespace shop$/m);
  const unsaid = planOf("{name: web}");
  t.regex(unsaid, /^ *kubectl get events --all-namespaces --field-selector/m);
  t.regex(unsaid, /^ *kubectl rollout undo deployment web$/m);
  const hostile = planOf('{name: web, namespace: "$(id)"}');
  t.notRegex(hostile, /\$\(id\)/);
  t.regex(hostile, /get events --all-namespaces.*## Undo.*kubectl apply --filename YOUR_MANIFEST/s);
});

test("a workload whose pods don't take over by themselves: the plan says first what to do", (t) => {
  const lookFirst = (kind: string, spec: string) => {
    const text = `kind: ${kind}\nmetadata: {name: web, namespace: shop}\nspec: {${spec}}\n`;
    return deliver("gke", rollout(), theirs(text)).plan.match(/^## Look first\n.*?(?=^## )/ms)?.[0] ?? "";
  };
  t.regex(
    lookFirst("StatefulSet", "updateStrategy: {type: OnDelete}"),
    /StatefulSet web has the update strategy OnDelete: .*One at a time.*\n {2}kubectl delete pod YOUR_POD --namespace shop\n/s,
  );
  const deployment = lookFirst("Deployment", "paused: true, strategy: {type: Recreate}");
  t.regex(deployment, /is paused: .*\n {2}kubectl rollout resume deployment web --namespace shop\n/s);
  t.regex(deployment, /has the strategy Recreate: all its pods end before a new one starts/);
  t.is(lookFirst("Deployment", "paused: false, strategy: {type: RollingUpdate}"), "");
});

test("a pod on the host's network is refused where << brings that, above the pod's spec too", (t) => {
  const forms = [
    "x: &h {hostNetwork: true}\nspec: {template: {spec: {<<: *h, containers: []}}}",
    "x: &h {spec: {hostNetwork: true}}\nspec: {template: {<<: *h}}",
  ];
  for (const form of forms) {
    const text = `kind: Deployment\nmetadata: {name: web}\n${form}\n`;
    t.throws(() => deliver("gke", rollout(), theirs(text)), { name: "InputError", message: /hostNetwork: true/ }, form);
  }
  const own =
    "kind: Deployment\nmetadata: {name: web}\nx: &h {hostNetwork: true}\nspec: {template: {spec: {<<: *h, hostNetwork: false}}}\n";
  t.notThrows(() => deliver("gke", rollout(), theirs(own)));
});

test("what else a pod asks of its node is said: a node without it is none for it", (t) => {
  const spec = "nodeSelector: {disk: ssd}, affinity: {nodeAffinity: {a: b}}";
  const text = `kind: Deployment\nmetadata: {name: web}\nspec: {template: {spec: {${spec}}}}\n`;
  t.regex(
    deliver("gke", rollout(), theirs(text)).plan,
    /## Look first\n\n- Deployment web asks its nodes for `disk=ssd` and its node affinity too/,
  );
  t.notRegex(deliver("gke", rollout("range"), theirs(text)).plan, /asks its nodes/, "no node is chosen");
});

test("OpenShift: the nodes are back in the pool worker before their pool is deleted", (t) => {
  const { plan } = deliver("openshift", rollout(), null);
  const [back, seen, gone] = [
    /oc label node YOUR_NODE node-role.*- /,
    /Only when each of them shows `rendered-worker-/,
    /oc delete machineconfigpool/,
  ];
  t.true(plan.search(back) < plan.search(seen) && plan.search(seen) < plan.search(gone), plan);
});

const tainting: PlatformName[] = [
  "eks-karpenter",
  "eks-managed",
  "bottlerocket",
  "openshift",
  "kubeadm",
  "kops",
  "k3s",
  "talos",
];

for (const platform of tainting) {
  test(`${platform}: the plan keeps what is there, and says what the taint does to all other pods`, (t) => {
    const { plan } = deliver(platform, rollout(), null);
    t.regex(plan, /## Nodes\n\n[^#]*without the toleration off these nodes, CoreDNS/);
    if (platform !== "openshift") t.regex(plan, /## Apply, in this order\n\n1\. Keep what is there/);
  });
}

test("a pool to measure on is no rollout: nothing is said of peaks, and no production goes there", (t) => {
  for (const platform of platformNames.filter((name) => platforms[name].reaches === "pods")) {
    const { plan } = deliver(platform, pool, null);
    t.regex(plan, /## Begin with one\n\nOne or two nodes are enough, of a group that serves nothing else/, platform);
    t.notRegex(plan, /peak/, platform);
  }
});

test("Bottlerocket: a node that has joined gets label and taint by hand, and loses them so", (t) => {
  const { plan } = deliver("bottlerocket", rollout(), null);
  t.regex(plan, /kubectl label node YOUR_NODE tunebench\.local\/sysctls=tunebench-port-exhaustion--all[^#]*## Nodes/);
  t.regex(plan, /## Undo[^#]*kubectl label node YOUR_NODE tunebench\.local\/sysctls-/);
});

test("Karpenter: the first pod's pool has the label that the pod asks for", (t) => {
  const { plan } = deliver("eks-karpenter", rollout(), fromFixture("karpenter.yaml"));
  t.regex(plan, /## Begin with one\n\nBegin with a pool of its own: copies of your class and pool under other names/);
});

test("an object that nobody fetched keeps all that it has; a file that begins with a marker goes on doing so", (t) => {
  const metadata =
    "metadata:\n  name: web\n  generation: 3\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: '{}'\n";
  const pod = `kind: Pod\n${metadata}spec: {containers: []}\n`;
  const text = `---\nkind: KubeletConfiguration\n---\n${pod}`;
  const merged = fileOf("kubeadm", rollout("range"), theirs(`---\n${pod}`), "9-workload.yaml");
  t.true(merged.startsWith(`---\nkind: Pod\n${metadata}`), merged);
  const files = filesOf(deliver("kubeadm", rollout(), theirs(text)));
  t.regex(files["1-kubelet-config.yaml"] ?? "", /^---\nkind: KubeletConfiguration\n/);
  t.regex(files["9-workload.yaml"] ?? "", /^---\nkind: Pod\n/);
});

test("what is added is indented as the file is", (t) => {
  const text = "kind: KubeletConfiguration\nauthentication:\n    anonymous:\n        enabled: false\n";
  t.regex(fileOf("kubeadm", pool, theirs(text), "1-kubelet-config.yaml"), /\nallowedUnsafeSysctls:\n {4}- net\.core/);
});
