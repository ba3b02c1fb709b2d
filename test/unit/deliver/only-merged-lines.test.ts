/** Of a user's file nothing changes but what is merged: over files that people write, and many that they might. */
import test, { type ExecutionContext } from "ava";
import fc from "fast-check";
import { deliver } from "../../../harness/deliver/deliver.ts";
import { mimeOf } from "../../../harness/deliver/mime.ts";
import type { PlatformName } from "../../../harness/deliver/platform-names.ts";
import { filesOf, nodeLevel } from "../../helpers/deliveries.ts";
import { writtenFiles } from "../../helpers/written-files.ts";
import { dressed, lineChanges, noisy, standsIn } from "../../helpers/yaml-noise.ts";

/** Words of lines that a merge may add; punctuation and our keys' values aside nothing else. */
const ours =
  /allowed-?[uU]nsafe-?[sS]ysctls|net\.(core|ipv4)|kernel\.|tunebench|kubelet|KubeletConfiguration|sysctl|^\W*(spec|nodeLabels|nodeTaints|taints|linuxConfig|extraConfig|config|userData|labels|metadata|template|securityContext|nodeSelector|tolerations|machineConfigPoolSelector|matchLabels|kubeadmConfigPatches|node-label\+?|node-taint\+?):?\W*$|\b(value|effect|operator|key|name|apiVersion|kind|userData): |^ *(--.*|Content-Type: .*|MIME-Version: .*|#!\/bin\/bash|cat >.*|SETTINGS)\s*$|^\W*$/;

function isOnlyMerged(t: ExecutionContext, before: string, after: string, replaced = 0): void {
  const of = `of\n${before}\nwhich became\n${after}`;
  const { gone, come } = lineChanges(before, after);
  // A line that went came back with more in it: a list in brackets, a flag's value, a last line that had no end.
  const { lost, added } = matched(gone, come);
  t.true(lost.length <= replaced, `lost ${JSON.stringify(lost)}\n${of}`);
  t.true(gone.length <= 4 + replaced, `${JSON.stringify(gone)}\n${of}`);
  const strange = added.filter((line) => !ours.test(line));
  t.deepEqual(strange, [], of);
  // A message's script must keep its own line ends: bash takes no other.
  if (/^MIME-Version/m.test(after) && !/^kind: EC2NodeClass/m.test(after)) return;
  if (/\r\n/.test(before) && !/[^\r]\n/.test(before)) {
    t.notRegex(after.replace(/\r\n/g, ""), /\n/, `a line end of another kind ${of}`);
  } else if (!before.includes("\r")) t.false(after.includes("\r"), of);
}

/** Which of the lines that went came back with more in them, each as one of its own and in their order; and which came besides. */
function matched(gone: string[], come: string[]): { lost: string[]; added: string[] } {
  const added = [...come];
  let from = 0;
  const lost = gone.filter((line) => {
    const at = added.findIndex((other, index) => index >= from && standsIn(line.replace(/\r$/, ""), other));
    // Nothing stands in everything: an empty line must stay as it is.
    if (at < 0 || line.trim() === "") return true;
    added.splice(at, 1);
    from = at;
    return false;
  });
  return { lost, added };
}

/** Made once: a run's analysis is no part of what is tested here. */
const selection = nodeLevel();

/** Platform, the file that is written of the user's, and forms of it. */
const forms: [PlatformName, string, string[]][] = [
  [
    "kubeadm",
    "9-workload.yaml",
    [
      "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n  @\nspec:\n  @\n  template:\n    spec:\n      @\n      containers:\n      - name: web\n        @\n",
      'kind: CronJob\nmetadata: { name: web }\nspec:\n    @\n    jobTemplate:\n        spec:\n            template:\n                spec:\n                    securityContext:\n                        @\n                        sysctls:\n                        - { name: kernel.shm_rmid_forced, value: "1" }\n                    tolerations: [{ key: a, operator: Exists }]\n',
      'apiVersion: v1\nkind: List\nitems:\n- kind: Service\n  metadata:\n    name: web\n    @\n- kind: StatefulSet\n  metadata: {name: web}\n  spec:\n    template:\n      spec: {containers: [{name: web, args: ["0400"]}]}\n    @\n@\n',
    ],
  ],
  [
    "kubeadm",
    "1-kubelet-config.yaml",
    [
      'apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n@\nallowedUnsafeSysctls: ["kernel.msg*"] # ours\nlast: 0400 # end\n',
      "kind: KubeletConfiguration\n@\nallowedUnsafeSysctls:\n- kernel.msg*\n",
      "apiVersion: kubeadm.k8s.io/v1beta4\nkind: InitConfiguration\nnodeRegistration:\n  @\n  kubeletExtraArgs:\n  - {name: allowed-unsafe-sysctls, value: 'kernel.sem,net.core.a'}\n---\napiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\n@\n",
    ],
  ],
  [
    "kops",
    "1-instancegroup.yaml",
    [
      "kind: Cluster\nmetadata: {name: c}\nspec:\n  @\n  kubelet:\n    allowedUnsafeSysctls:\n    - kernel.msg*\n---\nkind: InstanceGroup\nmetadata:\n  name: nodes\n  @\nspec:\n  role: Node\n  @\n---\nkind: InstanceGroup\nmetadata: {name: cp}\nspec:\n  role: ControlPlane\n  @\n",
      "kind: InstanceGroup\nmetadata: { name: nodes }\nspec: { role: Node, taints: [ a=b:NoSchedule ], kubelet: {maxPods: 0400} }\n",
    ],
  ],
  [
    "kind",
    "1-kind.yaml",
    [
      "kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\n@\nnodes:\n- role: worker\n  @\n",
      'kind: Cluster\nkubeadmConfigPatches:\n- |\n  kind: KubeletConfiguration\n  evictionHard: {a: "0%"}\n  allowedUnsafeSysctls:\n  - kernel.msg*\n- |-\n  kind: ClusterConfiguration\n  a: 0400\n@\n',
    ],
  ],
  [
    "k3s",
    "1-config.yaml",
    [
      "server: https://x:6443\n@\nkubelet-arg:\n- v=2\nnode-label: [a=b]\n",
      "@\nkubelet-arg+: 'allowed-unsafe-sysctls=kernel.sem' # ours\nwrite-kubeconfig-mode: 0644\n",
    ],
  ],
  [
    "gke",
    "1-node-system-config.yaml",
    [
      "kubeletConfig:\n  @\nlinuxConfig:\n  sysctl:\n    net.core.somaxconn: '2048'\n  @\n",
      "linuxConfig: { sysctl: { net.core.somaxconn: 2048 } }\n",
    ],
  ],
  [
    "talos",
    "1-machine.patch.yaml",
    [
      "version: v1alpha1\nmachine:\n    type: worker\n    @\n    kubelet:\n        @\n        extraArgs:\n            allowed-unsafe-sysctls: net.core.rmem_max,kernel.sem\ncluster:\n    @\n---\napiVersion: v1alpha1\nkind: HostnameConfig\n@\n",
      "machine:\n  kubelet:\n    extraConfig:\n      @\n",
    ],
  ],
  [
    "eks-karpenter",
    "2-nodepool.yaml",
    [
      "kind: NodePool\nmetadata:\n  name: a\n  @\nspec:\n  template:\n    @\n    spec:\n      @\n      taints:\n      - key: b\n        effect: NoSchedule\n",
    ],
  ],
  [
    "eks-karpenter",
    "1-ec2nodeclass.yaml",
    [
      "kind: EC2NodeClass\nmetadata: {name: a}\nspec:\n  amiFamily: AL2023\n  @\n",
      'kind: EC2NodeClass\nspec:\n  amiFamily: AL2023\n  userData: |\n    MIME-Version: 1.0\n    Content-Type: multipart/mixed; boundary="//"\n\n    --//\n    Content-Type: application/node.eks.aws\n\n    kind: NodeConfig\n    spec:\n      kubelet:\n        config:\n          a: 0400\n\n    --//--\n  @\n',
    ],
  ],
  [
    "openshift",
    "3-securitycontextconstraints.yaml",
    [
      "kind: SecurityContextConstraints\nmetadata:\n  name: tunebench-port-exhaustion--all\n  @\nusers: []\ngroups: []\n@\n",
    ],
  ],
];

for (const [platform, name, texts] of forms) {
  test(`${platform}, ${name}: 200 generated files`, (t) => {
    const anyForm = fc.oneof(...texts.map(noisy));
    fc.assert(
      fc.property(anyForm, (text) => {
        const files = filesOf(deliver(platform, selection, { name: "theirs", text }));
        isOnlyMerged(t, text, files[name] ?? "");
      }),
      { numRuns: 200 },
    );
  });
}

/** Of the user's texts these give way to others: a value that the profile has otherwise. */
const replacing = ["a key of the node's that is there already", "null for the list"];

for (const form of ["yaml", "json", "mime", "args"]) {
  test(`${form}: at least 20 files are written by hand`, (t) => {
    t.true(writtenFiles(form).length >= 20);
  });

  for (const { title, platform, name, text } of writtenFiles(form)) {
    test(`${platform}, ${form} by hand: ${title}`, (t) => {
      for (const crlf of [false, true]) {
        for (const noEnd of [false, true]) {
          const theirs = dressed(text, { crlf, noEnd, bom: false, begun: false });
          const files = filesOf(deliver(platform, selection, { name: "theirs", text: theirs }));
          isOnlyMerged(t, theirs, files[name] ?? "", replacing.includes(title) ? 1 : 0);
          if (name.endsWith(".json")) t.notThrows(() => JSON.parse(files[name] ?? ""));
        }
      }
    });
  }
}

const json = fc
  .tuple(
    fc.dictionary(fc.string({ minLength: 1, maxLength: 6 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 }),
    fc.array(fc.constantFrom("kernel.msg*", "kernel.sem", "a.b/c")),
    fc.constantFrom(undefined, 1, 2, 4, "\t"),
    fc.boolean(),
  )
  .map(([others, list, indent, has]) =>
    JSON.stringify({ ...others, ...(has ? { allowedUnsafeSysctls: list } : { a: 1 }) }, null, indent),
  );

test("aks, JSON: 200 generated files", (t) => {
  fc.assert(
    fc.property(json, (text) => {
      const after = filesOf(deliver("aks", selection, { name: "theirs", text }))["1-kubelet-config.json"] ?? "";
      const [before, now] = [JSON.parse(text), JSON.parse(after)];
      t.true(now.allowedUnsafeSysctls.includes("net.ipv4.tcp_tw_reuse"));
      t.deepEqual({ ...now, allowedUnsafeSysctls: 0 }, { ...before, allowedUnsafeSysctls: 0 });
      t.true(standsIn(text, after), `${text}\nbecame\n${after}`);
    }),
    { numRuns: 200 },
  );
});

const line = fc.constantFrom("echo 'a  b'", "", "chmod 0400 /x", "--x", "cat <<E", "\tE ");
const script = fc.array(line, { maxLength: 5 }).map((lines) => ["#!/bin/bash", ...lines, ""].join("\n"));
const config = noisy("kind: NodeConfig\nspec:\n  @\n  kubelet:\n    @\n    config:\n      maxPods: 0400\n").map(
  (text) => text.replace(/^\uFEFF/, ""),
);
const part = fc.oneof(
  script.map((body) => ({ contentType: "text/x-shellscript", body })),
  config.map((body) => ({ contentType: "application/node.eks.aws", body })),
);

test("eks-managed, MIME: 200 generated messages", (t) => {
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 3 }), (parts) => {
      const text = mimeOf(parts);
      const files = filesOf(deliver("eks-managed", selection, { name: "theirs", text }));
      isOnlyMerged(t, text, files["1-user-data.mime"] ?? "");
    }),
    { numRuns: 200 },
  );
});

const argument = fc.constantFrom(
  "--v=2",
  "--node-ip=192.0.2.1",
  "--allowed-unsafe-sysctls=kernel.msg*",
  "--allowed-unsafe-sysctls=a.b,kernel.sem",
);
const assignment = fc
  .tuple(
    fc.constantFrom("KUBELET_EXTRA_ARGS", "KUBELET_KUBEADM_ARGS", "export KUBELET_EXTRA_ARGS"),
    fc.constantFrom('"', "'"),
    fc.array(argument, { maxLength: 3 }),
  )
  .map(([name, quote, values]) => `${name}=${quote}${values.join(" ")}${quote}`);
const argumentsFile = fc
  .tuple(
    fc.array(fc.constantFrom("# ours", "", "GOMAXPROCS=2", "#KUBELET_EXTRA_ARGS=--allowed-unsafe-sysctls=x.y")),
    fc.array(assignment, { minLength: 1, maxLength: 3 }),
  )
  .map((lines) => `${lines.flat().join("\n")}\n`);

test("kubeadm, args file: 200 generated files", (t) => {
  fc.assert(
    fc.property(argumentsFile, (text) => {
      const files = filesOf(deliver("kubeadm", selection, { name: "theirs", text }));
      isOnlyMerged(t, text, files["1-kubelet.args"] ?? "");
      const kept = [...text.matchAll(/^[^#\n]*?allowed-unsafe-sysctls=(.*)$/gm)].flatMap(
        ([all]) => all.match(/kernel\.[a-z*]+|a\.b/g) ?? [],
      );
      for (const name of ["1-kubelet-config.yaml", "1-kubeletconfiguration.yaml"]) {
        for (const key of kept) t.true(files[name]?.includes(key), `${key} in ${files[name]}, of\n${text}`);
      }
    }),
    { numRuns: 200 },
  );
});
