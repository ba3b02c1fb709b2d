import { join } from "node:path";
import test from "ava";
import { parse, parseAllDocuments } from "yaml";
import { InputError } from "../../../harness/core/errors.ts";
import { type DeliveredFiles, deliver } from "../../../harness/deliver/deliver.ts";
import { type PlatformName, platformNames } from "../../../harness/deliver/platform-names.ts";
import { platforms } from "../../../harness/deliver/platforms.ts";
import { fileOf, filesOf, fromFixture, nodeLevel, rollout, testPool } from "../../helpers/deliveries.ts";
import { isGolden } from "../../helpers/golden.ts";

const golden = (name: string) => join(import.meta.dirname, `../../fixtures/deliver/${name}.golden.md`);

/** The plan with the files behind it, as one text to look at. */
function textOf({ plan, files }: Pick<DeliveredFiles, "plan" | "files">): string {
  return [plan, ...files.map(({ name, text }) => `==> ${name}\n${text}`)].join("\n");
}

for (const platform of platformNames) {
  test(`${platform}: the rollout of a measured profile`, (t) => {
    isGolden(t, textOf(deliver(platform, rollout(), null)), golden(platform));
  });

  test(`${platform}: settings of the node's own have their place, or words`, (t) => {
    isGolden(t, textOf(deliver(platform, nodeLevel(), null)), golden(`${platform}-node-level`));
  });

  test(`${platform}: YAML, JSON and sysctl.d say the keys`, (t) => {
    for (const { name, text } of deliver(platform, testPool(), null).files) {
      if (name.endsWith(".yaml"))
        t.true(
          parseAllDocuments(text).every(({ errors }) => errors.length === 0),
          name,
        );
      if (name.endsWith(".json")) t.notThrows(() => JSON.parse(text));
    }
    const all = textOf(deliver(platform, testPool(), null));
    t.regex(all, /net\.ipv4\.tcp_tw_reuse/);
    t.regex(all, /net\.core\.somaxconn/);
  });

  test(`${platform}: safe keys need no change of nodes, and the plan says so`, (t) => {
    const { files, plan } = deliver(platform, rollout("range"), null);
    if (platform === "linux")
      return t.deepEqual(filesOf({ files }), {
        "90-tunebench.conf": "net.ipv4.ip_local_port_range = 1024 65535\nnet.ipv4.ip_local_reserved_ports = 8080\n",
      });
    if (platforms[platform].reaches === "container") return t.is(files.length, 1);
    // A node must be changed for any key.
    if (platforms[platform].reaches === "kubelet") return t.regex(plan, /kubectl taint node YOUR_NODE/);
    t.deepEqual(Object.keys(filesOf({ files })), ["9-workload.patch.yaml"]);
    t.regex(plan, /No node is changed: every key is safe/);
    t.notRegex(files[0]?.text ?? "", /tolerations|nodeSelector/);
  });

  test(`${platform}: what showed no effect leaves nothing to apply`, (t) => {
    const error = t.throws(() => deliver(platform, rollout("backlog"), null), { instanceOf: InputError });
    t.regex(error?.message ?? "", /^nothing is left to deliver of profile `backlog`/);
    t.regex(error?.message ?? "", /left out: `net\.core\.somaxconn=65535`: showed no effect/);
  });
}

const merged: [PlatformName, string][] = [
  ["eks-karpenter", "karpenter.yaml"],
  ["kubeadm", "kubelet.yaml"],
  ["k3s", "k3s.yaml"],
  ["kind", "kind.yaml"],
  ["kops", "kops.yaml"],
  ["openshift", "openshift.yaml"],
  ["gke", "gke.yaml"],
  ["aks", "aks.json"],
  ["talos", "talos.yaml"],
  ["eks-managed", "user-data.mime"],
  ["bottlerocket", "bottlerocket.toml"],
  ["linux", "50-shop.conf"],
  ["default-pod-sysctls", "kubelet.yaml"],
  ["compose", "compose.yaml"],
  ["quadlet", "shop.container"],
  ["ecs", "task-definition.json"],
];

for (const [platform, file] of merged) {
  test(`${platform}: merged with what is there`, (t) => {
    const { files } = deliver(platform, nodeLevel(), fromFixture(file));
    isGolden(t, files.map(({ name, text }) => `==> ${name}\n${text}`).join("\n"), golden(`${platform}-from`));
  });

  test(`${platform}: merged again, nothing changes`, (t) => {
    const once = deliver(platform, rollout(), fromFixture(file));
    for (const { name, text } of once.files.filter(({ name }) => mergesAgain(platform, name))) {
      t.is(fileOf(platform, rollout(), { name, text }, name), text, name);
    }
  });
}

/** Files that are of the form that --from takes. */
function mergesAgain(platform: PlatformName, name: string): boolean {
  const others = [
    "1-machineconfigpool.yaml",
    "4-clusterrole.yaml",
    "2-nodegroup.json",
    "1-kubelet.args",
    "1-kubeletconfiguration.yaml",
    "2-probe-pod.yaml",
    "3-workload.patch.yaml",
  ];
  return !others.includes(name) && !name.startsWith("9-") && !(platform === "openshift" && name.startsWith("5-"));
}

test("a test pool is a copy under a name of its own; the user's objects are not changed", (t) => {
  const files = filesOf(deliver("eks-karpenter", testPool(), fromFixture("karpenter.yaml")));
  const [nodeClass, nodePool] = [parse(files["1-ec2nodeclass.yaml"] ?? ""), parse(files["2-nodepool.yaml"] ?? "")];
  t.is(nodeClass.metadata.name, "tunebench-port-exhaustion");
  t.deepEqual(nodeClass.spec.subnetSelectorTerms, [{ tags: { "karpenter.sh/discovery": "payments" } }]);
  t.is(nodePool.metadata.name, "tunebench-port-exhaustion");
  t.is(nodePool.spec.template.spec.nodeClassRef.name, "tunebench-port-exhaustion");
  t.deepEqual(nodePool.spec.limits, { cpu: "16" });
});

test("of a test pool's plan: selector and toleration, no sysctls; the pods get them from the profiles", (t) => {
  const { files, plan } = deliver("eks-karpenter", testPool(), null);
  isGolden(t, textOf({ files, plan }), golden("eks-karpenter-test-pool"));
  t.deepEqual(Object.keys(parse(files.at(-1)?.text ?? "").spec.template.spec), ["nodeSelector", "tolerations"]);
});

test("the trap in a file of the user's is taken out", (t) => {
  const from = fromFixture("karpenter.yaml");
  const text = from.text.replace("maxPods: 58", "maxPods: 58\n    allowedUnsafeSysctls: [net.core.somaxconn]");
  t.not(text, from.text);
  const { spec } = parse(fileOf("eks-karpenter", rollout(), { ...from, text }, "1-ec2nodeclass.yaml"));
  t.deepEqual(spec.kubelet, { maxPods: 58 });
});

const refusals: [string, PlatformName, string, RegExp][] = [
  [
    "another AMI family",
    "eks-karpenter",
    "{kind: EC2NodeClass, spec: {amiSelectorTerms: [{alias: bottlerocket@v1}]}}",
    /its AMI family is "bottlerocket"/,
  ],
  [
    "user data of no known form",
    "eks-karpenter",
    "{kind: EC2NodeClass, spec: {amiFamily: AL2023, userData: '[settings]'}}",
    /neither MIME nor a script nor a NodeConfig/,
  ],
  [
    "two of a kind",
    "eks-karpenter",
    "{kind: NodePool, metadata: {name: a}}\n---\n{kind: NodePool, metadata: {name: b}}",
    /2 that may be meant: NodePool a, NodePool b/,
  ],
  [
    "a map where a list is",
    "kubeadm",
    "{kind: KubeletConfiguration, allowedUnsafeSysctls: {a: 1}}",
    /allowedUnsafeSysctls is no list/,
  ],
  ["a list where a map is", "gke", "{kubeletConfig: [1]}", /kubeletConfig/],
  ["broken YAML", "talos", "machine: [", /is not YAML/],
  ["something else", "eks-karpenter", "{kind: Service}", /holds nothing of kind EC2NodeClass, NodePool, Deployment/],
  ["something else", "openshift", "{a: 1}", /holds nothing of kind KubeletConfig/],
  ["something else", "kops", "{kind: Cluster}", /holds no InstanceGroup/],
  ["something else", "aks", "[]", /is no JSON object/],
  ["broken TOML", "bottlerocket", "[settings", /^theirs:1:2: is not TOML/],
  [
    "a table in one line",
    "bottlerocket",
    "settings = {kubernetes = {cluster-name = 'a'}}",
    /is to be changed|are to be changed/,
  ],
  [
    "a pod on the host's network",
    "kubeadm",
    "{kind: KubeletConfiguration}\n---\n{kind: Pod, spec: {hostNetwork: true}}",
    /hostNetwork: true/,
  ],
];

for (const [title, platform, text, expected] of refusals) {
  test(`${platform}: --from with ${title} is refused: ${expected.source}`, (t) => {
    t.throws(() => deliver(platform, rollout(), { name: "theirs", text }), { name: "InputError", message: expected });
  });
}

test("what kubectl put on is taken off, and a List is its items", (t) => {
  const item = {
    metadata: { name: "own", uid: "1", resourceVersion: "2", annotations: { "karpenter.sh/x": "1" } },
    status: { a: 1 },
  };
  const list = {
    kind: "List",
    items: [
      { kind: "NodePool", ...item },
      { kind: "EC2NodeClass", ...item, spec: { amiFamily: "AL2023" } },
    ],
  };
  const text = fileOf("eks-karpenter", rollout(), { name: "list", text: JSON.stringify(list) }, "2-nodepool.yaml");
  const [own, ...others] = JSON.parse(text).items;
  t.deepEqual(own.metadata, { name: "own" });
  t.is(own.status, undefined);
  t.deepEqual(others, [], "the class goes into a file of its own");
});
