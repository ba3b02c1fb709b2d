/** Whatever --from holds: it is merged with, or refused with words; never a bug, never a key that was not asked for. */
import test from "ava";
import fc from "fast-check";
import { parseAllDocuments, stringify } from "yaml";
import { deliver } from "../../../harness/deliver/deliver.ts";
import { type PlatformName, platformNames } from "../../../harness/deliver/platform-names.ts";
import { InputError } from "../../../harness/errors.ts";
import { nodeLevel, testPool } from "../../helpers/deliveries.ts";

const kinds: Partial<Record<PlatformName, string>> = {
  "eks-karpenter": "EC2NodeClass",
  openshift: "KubeletConfig",
  kubeadm: "KubeletConfiguration",
  kind: "Cluster",
  kops: "InstanceGroup",
};

/** Fields that the platforms write to, so that what is in their way is often something else. */
const fields = [
  "spec",
  "metadata",
  "kubelet",
  "kubeletConfig",
  "machine",
  "extraConfig",
  "allowedUnsafeSysctls",
  "taints",
];
const others = [
  "amiSelectorTerms",
  "alias",
  "amiFamily",
  "userData",
  "annotations",
  "name",
  "nodeLabels",
  "sysctls",
  "template",
  "kubelet-arg",
  "node-label",
];
const key = fc.constantFrom(...fields, ...others, "kubeadmConfigPatches", "machineConfigPoolSelector", "linuxConfig");
const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.constant("#!/bin/sh\n"));
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { depthSize: "small" },
    leaf,
    fc.array(tie("tree"), { maxLength: 3 }),
    fc.dictionary(key, tie("tree"), { maxKeys: 5 }),
  ),
}));
const object = fc.dictionary(key, tree, { minKeys: 1, maxKeys: 6 });

for (const platform of platformNames) {
  test(`${platform}: any YAML or text`, (t) => {
    const kind = kinds[platform];
    fc.assert(
      fc.property(fc.oneof(object, fc.string()), fc.boolean(), (content, pool) => {
        const whole = typeof content === "string" || kind === undefined ? content : { kind, ...content };
        const text = typeof whole === "string" ? whole : stringify(whole);
        checked(t.log, platform, pool, text);
      }),
      { numRuns: 100 },
    );
    t.pass();
  });
}

function checked(log: (text: string) => void, platform: PlatformName, pool: boolean, text: string): void {
  try {
    const { files } = deliver(platform, pool ? testPool() : nodeLevel(), { name: "theirs", text });
    for (const file of files.filter(({ name }) => name.endsWith(".yaml"))) {
      const faults = parseAllDocuments(file.text).flatMap(({ errors }) => errors);
      if (faults.length > 0) throw new Error(`${file.name}: ${faults[0]?.message}`);
    }
  } catch (error) {
    if (error instanceof InputError) return;
    log(text);
    throw error;
  }
}

const bombs: [string, string][] = [
  [
    "aliases of aliases",
    `a: &a [x, x]\nb: &b [${"*a, ".repeat(60)}]\nc: &c [${"*b, ".repeat(60)}]\nkind: KubeletConfiguration\nd: *c\n`,
  ],
  ["an alias of nothing", "kind: KubeletConfiguration\nallowedUnsafeSysctls: *nothing\n"],
  [
    "an alias across a List",
    "kind: List\nitems:\n  - {kind: Pod, metadata: &m {name: a}}\n  - {kind: KubeletConfiguration, metadata: *m}\n",
  ],
  ["a key twice", "kind: KubeletConfiguration\nkind: Pod\n"],
];

for (const [title, text] of bombs) {
  test(`a file with ${title} is refused`, (t) => {
    t.throws(() => deliver("kubeadm", testPool(), { name: "theirs", text }), {
      name: "InputError",
      message: /^theirs/,
    });
  });
}
