import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { kubernetesPrograms } from "../../../clusters/one-node/kubernetes-programs.ts";

test("every staging module is the one that was published with this Kubernetes", async (t) => {
  const { version, moduleFolder } = await kubernetesPrograms();
  const replaced = [...readFileSync(join(moduleFolder, "go.mod"), "utf8").matchAll(/=> k8s\.io\/\S+ (v\S+)/g)];
  t.is(replaced.length, 31);
  t.deepEqual([...new Set(replaced.map((match) => match[1]))], [version.replace(/^v1\./, "v0.")]);
});

test("the programs are told their version, since the API server refuses a kubelet of none", async (t) => {
  const { version, linkerFlags } = await kubernetesPrograms();
  t.true(linkerFlags.includes(`-X k8s.io/component-base/version.gitVersion=${version}`));
  t.true(linkerFlags.includes("-X k8s.io/component-base/version.gitMinor=34"));
});
