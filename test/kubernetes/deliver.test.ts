/** What deliver writes, held against the platforms' own schemas: their CRDs in a real API server. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { execa } from "execa";
import { parse, parseAllDocuments, parseDocument } from "yaml";
import { deliver } from "../../harness/deliver/deliver.ts";
import type { FromFile } from "../../harness/deliver/platform.ts";
import type { PlatformName } from "../../harness/deliver/platform-names.ts";
import type { Selection } from "../../harness/deliver/selection.ts";
import { type ApiWorld, openApiWorld } from "../helpers/api-world.ts";
import { testsAtOnce } from "../helpers/at-once.ts";
import { filesOf, fromFixture, nodeConfigOf, nodeLevel, rollout, testPool } from "../helpers/deliveries.ts";
import { testNeeding } from "../helpers/parts.ts";

const needed = ["root", "one-node", "k6"] as const;

/** Modules that carry a platform's CRDs, and where in them. */
const schemas: Record<string, string> = {
  "github.com/aws/karpenter-provider-aws@v1.14.1": "pkg/apis/crds/karpenter*_{ec2nodeclasses,nodepools}.yaml",
  "github.com/openshift/api@v0.0.0-20251015095338-264e80a2b6e7":
    "payload-manifests/crds/*_{kubeletconfigs,machineconfigpools,securitycontextconstraints}.crd.yaml",
  "github.com/awslabs/amazon-eks-ami/nodeadm@v0.0.0-20240229193347-cfab22a10647": "crds/*.yaml",
};

const testAtOnce = testsAtOnce(4);

let world: ApiWorld;

test.before(async (t) => {
  t.timeout(20 * 60_000, "Kubernetes is built the first time");
  world = await openApiWorld();
});

test.after.always(async () => {
  await world?.close();
});

testNeeding([...needed], "the platforms' CRDs are installed", async (t) => {
  const files = (await Promise.all(Object.entries(schemas).map(schemaFiles))).flat();
  t.is(files.length, 6, files.join("\n"));
  const texts = files.map(schemaText);
  await world.kubectl(["apply", "--server-side", "--filename", "-"], texts.join("\n---\n"));
  const names = texts.map((text) => `crd/${parse(text).metadata.name}`);
  await world.kubectl(["wait", "--for=condition=Established", ...names, "--timeout=60s"]);
});

const whole: [string, PlatformName, Selection, FromFile | null][] = [
  ["a test pool beside the user's own class", "eks-karpenter", testPool(), fromFixture("karpenter.yaml")],
  ["a rollout into the user's objects", "eks-karpenter", rollout(), fromFixture("karpenter.yaml")],
  ["a test pool", "openshift", testPool(), null],
  ["a rollout with settings of the node's own", "eks-karpenter", nodeLevel(), fromFixture("karpenter.yaml")],
  ["a rollout", "openshift", rollout(), null],
  ["a rollout of copies of the user's objects", "openshift", rollout(), fromFixture("openshift.yaml")],
];

for (const [title, platform, selection, from] of whole) {
  testAtOnce([...needed], `${platform}, ${title}: the API server takes every file`, async (t) => {
    const files = Object.entries(filesOf(deliver(platform, selection, from)));
    const asked = files.flatMap(([name, text]) => (name.endsWith(".patch.yaml") ? [] : [text]));
    const said = await dryRun(asked.join("\n---\n"));
    t.is(said.match(/server dry run/g)?.length, asked.flatMap((text) => parseAllDocuments(text)).length, said);
  });
}

testAtOnce([...needed], "eks-karpenter without the user's objects: the patches fit what is there", async (t) => {
  await world.kubectl(["apply", "--filename", "-"], fromFixture("karpenter.yaml").text);
  const files = filesOf(deliver("eks-karpenter", rollout(), null));
  const nodeClass = await patched("ec2nodeclass", "merge", files["1-ec2nodeclass.patch.yaml"]);
  t.is(nodeClass.spec.role, "KarpenterNodeRole-payments");
  t.regex(nodeClass.spec.userData, /- net\.ipv4\.tcp_tw_reuse/);
  const nodePool = await patched("nodepool", "merge", files["2-nodepool.patch.yaml"]);
  t.is(nodePool.spec.template.metadata.labels.team, "payments");
  t.is(nodePool.spec.template.spec.taints.length, 1, "a merge patch replaces a list, as the plan says");
  const workload = await patched("deployment", "strategic", files["9-workload.patch.yaml"]);
  t.deepEqual(
    workload.spec.template.spec.securityContext.sysctls.map(({ name }: { name: string }) => name),
    ["net.ipv4.tcp_tw_reuse", "net.ipv4.ip_local_port_range", "net.ipv4.ip_local_reserved_ports"],
  );
});

testAtOnce([...needed], "the pool that is made without the user's own is a NodePool", async (t) => {
  const text = filesOf(deliver("eks-karpenter", testPool(), null))["2-nodepool.yaml"] ?? "";
  t.regex(await dryRun(text), /nodepool.* created \(server dry run\)/);
});

testAtOnce([...needed], "the NodeConfig within the user data is one, alone and merged", async (t) => {
  const configs = [null, fromFixture("karpenter.yaml")].map((from, index) => {
    const [file] = deliver("eks-karpenter", rollout(), from).files;
    const config = nodeConfigOf(parseDocument(file?.text ?? "").getIn(["spec", "userData"]) as string);
    const document = parseDocument(config ?? "");
    document.setIn(["metadata", "name"], `from-user-data-${index}`);
    return document.toString();
  });
  const said = await dryRun(configs.join("\n---\n"));
  t.is(said.match(/nodeconfig.* created \(server dry run\)/g)?.length, configs.length, said);
});

testAtOnce(
  [...needed],
  "the trap: spec.kubelet.allowedUnsafeSysctls is refused in the API server's words",
  async (t) => {
    const document = parseAllDocuments(fromFixture("karpenter.yaml").text)[0];
    if (document === undefined || "empty" in document) return t.fail();
    document.setIn(["spec", "kubelet", "allowedUnsafeSysctls"], document.createNode(["net.core.somaxconn"]));
    const error = await refused(
      t,
      ["apply", "--server-side", "--dry-run=server", "--filename", "-"],
      document.toString(),
    );
    t.regex(error, /\.spec\.kubelet\.allowedUnsafeSysctls: field not declared in schema/);
    const strict = await refused(t, ["apply", "--dry-run=server", "--filename", "-"], document.toString());
    t.regex(strict, /unknown field "spec\.kubelet\.allowedUnsafeSysctls"/);
  },
);

testAtOnce([...needed], "the trap: hostNetwork beside net.* is refused", async (t) => {
  const document = parseDocument(
    filesOf(deliver("eks-karpenter", rollout(), fromFixture("karpenter.yaml")))["9-workload.yaml"] ?? "",
  );
  document.setIn(["spec", "template", "spec", "hostNetwork"], true);
  t.regex(
    await refused(t, ["apply", "--dry-run=server", "--filename", "-"], document.toString()),
    /may not be specified when 'hostNetwork' is true/,
  );
});

async function schemaFiles([module, pattern]: [string, string]): Promise<string[]> {
  const { stdout } = await execa("go", ["mod", "download", "-json", module], {
    env: { GOFLAGS: "-mod=mod" },
    cwd: "/",
  });
  const { Dir } = JSON.parse(stdout) as { Dir: string };
  return globSync(pattern, { cwd: Dir }).map((file) => join(Dir, file));
}

/**
 * NodeConfig's schema in that module wants every value of kubelet.config to be a map, so that no list and no number would do;
 * nodeadm itself, which never asks an API server, takes any (runtime.RawExtension). That one word is taken out.
 */
function schemaText(file: string): string {
  const document = parseDocument(readFileSync(file, "utf8"));
  if (!file.endsWith("_nodeconfigs.yaml")) return document.toString();
  const spec = ["spec", "versions", 0, "schema", "openAPIV3Schema", "properties", "spec", "properties"];
  const value = [...spec, "kubelet", "properties", "config", "additionalProperties"];
  if (!document.hasIn([...value, "type"])) throw new Error(`${file} is not as it was`);
  document.deleteIn([...value, "type"]);
  return document.toString();
}

async function dryRun(text: string): Promise<string> {
  return await world.kubectl(["apply", "--dry-run=server", "--filename", "-"], text);
}

/** The user's object as it would be with a patch over it. */
async function patched(kind: string, type: string, patch = "") {
  const args = ["patch", kind, "payments", "--type", type, "--patch", patch, "--dry-run=server", "--output=json"];
  return JSON.parse(await world.kubectl(args));
}

async function refused(t: ExecutionContext, args: string[], input: string): Promise<string> {
  const error = await t.throwsAsync(world.kubectl(args, input));
  return (error as { stderr?: string } | undefined)?.stderr ?? "";
}
