import type { ExecutionContext } from "ava";
import fc from "fast-check";
import { parseAllDocuments, stringify } from "yaml";
import { InputError } from "../../harness/core/errors.ts";
import { deliver } from "../../harness/deliver/deliver.ts";
import type { PlatformName } from "../../harness/deliver/platform-names.ts";
import type { Selection } from "../../harness/deliver/selection.ts";
import { nodeLevel, testPool } from "./deliveries.ts";

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

/** Delivers with `numRuns` files of a user's, of YAML and of any text: each is merged with, or refused with words. */
export function mergesOrRefuses(t: ExecutionContext, platform: PlatformName, numRuns: number): void {
  const kind = kinds[platform];
  const selections = { pool: testPool(), node: nodeLevel() };
  fc.assert(
    fc.property(fc.oneof(object, fc.string()), fc.constantFrom("pool", "node"), (content, at) => {
      const whole = typeof content === "string" || kind === undefined ? content : { kind, ...content };
      const text = typeof whole === "string" ? whole : stringify(whole);
      checked(t.log, platform, selections[at], text);
    }),
    { numRuns },
  );
  t.pass();
}

function checked(log: (text: string) => void, platform: PlatformName, selection: Selection, text: string): void {
  try {
    const { files } = deliver(platform, selection, { name: "theirs", text });
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
