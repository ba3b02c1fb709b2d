/** What deliver writes, held against the platforms' own schemas: their CRDs in a real API server. */
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import test, { type ExecutionContext } from "ava";
import { execa } from "execa";
import { parse, parseAllDocuments, parseDocument, stringify } from "yaml";
import { startDaemon, stopDaemon } from "../../harness/clusters/one-node/daemons.ts";
import { findNode } from "../../harness/clusters/one-node/node-namespaces.ts";
import { places } from "../../harness/clusters/one-node/places.ts";
import { deliver } from "../../harness/deliver/deliver.ts";
import type { FromFile } from "../../harness/deliver/platform.ts";
import type { PlatformName } from "../../harness/deliver/platforms.ts";
import type { Selection } from "../../harness/deliver/selection.ts";
import { temporaryFolder } from "../helpers/cli.ts";
import { fileOf, filesOf, fromFixture, nodeConfigOf, nodeLevel, rollout, testPool } from "../helpers/deliveries.ts";
import { cluster, kubectl, runPod, statusRows, takeDownOwn } from "../helpers/one-node.ts";
import { testNeeding } from "../helpers/parts.ts";

const needed = ["root", "one-node", "k6"] as const;

/** Modules that carry a platform's CRDs, and where in them. */
const schemas: Record<string, string> = {
  "github.com/aws/karpenter-provider-aws@v1.14.1": "pkg/apis/crds/karpenter*_{ec2nodeclasses,nodepools}.yaml",
  "github.com/openshift/api@v0.0.0-20251015095338-264e80a2b6e7":
    "payload-manifests/crds/*_{kubeletconfigs,machineconfigpools,securitycontextconstraints}.crd.yaml",
  "github.com/awslabs/amazon-eks-ami/nodeadm@v0.0.0-20240229193347-cfab22a10647": "crds/*.yaml",
};

test.before(async () => {
  await takeDownOwn();
});

test.after.always(async () => {
  await cluster("down", "one-node");
});

testNeeding([...needed], "the platforms' CRDs are installed", async (t) => {
  t.timeout(20 * 60_000, "Kubernetes is built the first time");
  const up = await cluster("up", "one-node");
  t.is(up.exitCode, 0, up.stderr);
  const files = (await Promise.all(Object.entries(schemas).map(schemaFiles))).flat();
  t.is(files.length, 6, files.join("\n"));
  for (const file of files) await kubectl(["apply", "--server-side", "--filename", "-"], schemaText(file));
  await kubectl(["wait", "--for=condition=Established", "crd", "--all", "--timeout=60s"]);
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
  testNeeding([...needed], `${platform}, ${title}: the API server takes every file`, async (t) => {
    for (const [name, text] of Object.entries(filesOf(deliver(platform, selection, from)))) {
      if (name.endsWith(".patch.yaml")) continue;
      const said = await dryRun(text);
      t.is(said.match(/server dry run/g)?.length, parseAllDocuments(text).length, `${name}: ${said}`);
    }
  });
}

testNeeding([...needed], "eks-karpenter without the user's objects: the patches fit what is there", async (t) => {
  await kubectl(["apply", "--filename", "-"], fromFixture("karpenter.yaml").text);
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
    ["net.ipv4.tcp_tw_reuse", "net.ipv4.ip_local_port_range"],
  );
});

testNeeding([...needed], "the pool that is made without the user's own is a NodePool", async (t) => {
  const text = filesOf(deliver("eks-karpenter", testPool(), null))["2-nodepool.yaml"] ?? "";
  t.regex(await dryRun(text), /nodepool.* created \(server dry run\)/);
});

testNeeding([...needed], "the NodeConfig within the user data is one, alone and merged", async (t) => {
  for (const from of [null, fromFixture("karpenter.yaml")]) {
    const [file] = deliver("eks-karpenter", rollout(), from).files;
    const config = nodeConfigOf(parseDocument(file?.text ?? "").getIn(["spec", "userData"]) as string);
    const document = parseDocument(config ?? "");
    document.setIn(["metadata", "name"], "from-user-data");
    t.regex(await dryRun(document.toString()), /nodeconfig.* created \(server dry run\)/);
  }
});

testNeeding(
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

testNeeding([...needed], "the trap: hostNetwork beside net.* is refused", async (t) => {
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
  return await kubectl(["apply", "--dry-run=server", "--filename", "-"], text);
}

/** The user's object as it would be with a patch over it. */
async function patched(kind: string, type: string, patch = "") {
  const args = ["patch", kind, "payments", "--type", type, "--patch", patch, "--dry-run=server", "--output=json"];
  return JSON.parse(await kubectl(args));
}

async function refused(t: ExecutionContext, args: string[], input: string): Promise<string> {
  const error = await t.throwsAsync(kubectl(args, input));
  return (error as { stderr?: string } | undefined)?.stderr ?? "";
}

/** The kubelet's own file as kubeadm, kind and kops would make it of what deliver wrote. */
const kubeletFiles: Record<string, (there: FromFile) => string> = {
  kubeadm: (there) => fileOf("kubeadm", rollout(), there, "1-kubelet-config.yaml"),
  kind: (there) => {
    const document = parseDocument(fileOf("kind", rollout(), null, "1-kind.yaml"));
    return laidOver(there, parse(String(document.getIn(["kubeadmConfigPatches", 0]))));
  },
  kops: (there) => laidOver(there, parse(fileOf("kops", rollout(), null, "1-instancegroup.yaml")).spec.kubelet),
};

for (const [platform, write] of Object.entries(kubeletFiles)) {
  testNeeding([...needed], `${platform}: the real kubelet starts with it, and a pod sets the key`, async (t) => {
    t.is((await cluster("up", "one-node")).exitCode, 0);
    const file = join(places.stateFolder, "kubelet.yaml");
    const text = write({ name: "kubelet.yaml", text: readFileSync(file, "utf8") });
    const node = findNode() ?? 0;
    await stopDaemon(node, "kubelet");
    writeFileSync(file, text);
    await startDaemon(node, "kubelet");
    await kubeletAllows("net.ipv4.tcp_tw_reuse");
    const pod = await runPod({
      name: `by-${platform}`,
      command: ["cat", "/proc/sys/net/ipv4/tcp_tw_reuse"],
      sysctls: { "net.ipv4.tcp_tw_reuse": "1" },
    });
    t.deepEqual(pod, { phase: "Succeeded", reason: "", output: "1" });
    const back = await cluster("up", "one-node", "--allow-unsafe-sysctls", "net.core.somaxconn");
    t.is(back.exitCode, 0, back.stderr);
  });
}

testNeeding([...needed], "k3s: the real kubelet knows its argument", async (t) => {
  const [argument = ""] = parse(fileOf("k3s", rollout(), null, "1-config.yaml"))["kubelet-arg+"] as string[];
  t.regex(await kubeletSays([`--${argument}`]), /invalid kubeconfig/, "it came as far as that");
  t.regex(await kubeletSays([`--x${argument}`]), /unknown flag/);
});

testNeeding(
  [...needed],
  "the trap: the flag's name in a configuration file is passed over by the kubelet",
  async (t) => {
    const folder = await temporaryFolder(t);
    const text = fileOf("kubeadm", rollout(), null, "1-kubelet-config.yaml");
    const file = join(folder, "kubelet.yaml");
    writeFileSync(file, text);
    t.notRegex(await kubeletSays(["--config", file]), /lenient/);
    writeFileSync(file, text.replace("allowedUnsafeSysctls", "allowed-unsafe-sysctls"));
    const said = await kubeletSays(["--config", file]);
    t.regex(said, /Using lenient decoding as strict decoding failed.*unknown field/);
    t.regex(said, /invalid kubeconfig/, "it went on all the same");
  },
);

/** What a kubelet without any cluster writes until it ends, in namespaces of its own. */
async function kubeletSays(args: string[]): Promise<string> {
  const program = join(dirname((await statusRows()).kubectl ?? ""), "kubelet");
  const alone = ["--net", "--mount", "--ipc", "--pid", "--fork", program, "--kubeconfig", "/nonexistent/kubeconfig"];
  const { stderr } = await execa("unshare", [...alone, ...args], { reject: false, timeout: 60_000 });
  return stderr;
}

function laidOver(there: FromFile, changes: object): string {
  return stringify({ ...parse(there.text), ...changes });
}

async function kubeletAllows(key: string): Promise<void> {
  const asked = ["get", "--raw", "/api/v1/nodes/one-node/proxy/configz"];
  const deadline = AbortSignal.timeout(60_000);
  while (!(await kubectl(asked).catch(() => "")).includes(`"${key}"`)) {
    deadline.throwIfAborted();
    await wait(200);
  }
}
