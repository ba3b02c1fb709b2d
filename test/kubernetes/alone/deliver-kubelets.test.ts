/** The real kubelet with what deliver writes for it. */
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import test from "ava";
import { execa } from "execa";
import { parse, parseDocument, stringify } from "yaml";
import { startDaemon, stopDaemon } from "../../../clusters/one-node/daemons.ts";
import { findNode } from "../../../clusters/one-node/node-namespaces.ts";
import { places } from "../../../clusters/one-node/places.ts";
import type { FromFile } from "../../../harness/deliver/platform.ts";
import { temporaryFolder } from "../../helpers/cli.ts";
import { fileOf, rollout } from "../../helpers/deliveries.ts";
import { cluster, ensureUp, kubectl, ownKubectl, runPod } from "../../helpers/one-node.ts";
import { testNeeding } from "../../helpers/parts.ts";

const needed = ["root", "one-node", "k6"] as const;
const kubeletFile = join(places.stateFolder, "kubelet.yaml");

/** What the kubelet reads where no key is allowed. */
let there: FromFile;

test.before(async (t) => {
  t.timeout(20 * 60_000, "Kubernetes is built the first time");
  await ensureUp([]);
  there = { name: "kubelet.yaml", text: readFileSync(kubeletFile, "utf8") };
});

/** The kubelet's own file as kubeadm, kind and kops would make it of what deliver wrote. kubeadm's is a file as it is. */
const kubeletFiles: Record<string, (there: FromFile) => string> = {
  kubeadm: (there) => fileOf("kubeadm", rollout(), there, "1-kubelet-config.yaml"),
  kind: (there) => {
    const document = parseDocument(fileOf("kind", rollout(), null, "1-kind.yaml"));
    return laidOver(there, parse(String(document.getIn(["kubeadmConfigPatches", 0]))));
  },
  kops: (there) => laidOver(there, parse(fileOf("kops", rollout(), null, "1-instancegroup.yaml")).spec.kubelet),
};

testNeeding(
  [...needed],
  "kubeadm, kind and kops come to one configuration: the real kubelet starts with it, and a pod sets the key",
  async (t) => {
    const [text = "", ...others] = Object.values(kubeletFiles).map((write) => write(there));
    for (const other of others) t.deepEqual(parse(other), parse(text));
    const node = findNode() ?? 0;
    await stopDaemon(node, "kubelet");
    writeFileSync(kubeletFile, text);
    await startDaemon(node, "kubelet");
    await kubeletAllows("net.ipv4.tcp_tw_reuse");
    const pod = await runPod({
      name: "by-deliver",
      command: ["cat", "/proc/sys/net/ipv4/tcp_tw_reuse"],
      sysctls: { "net.ipv4.tcp_tw_reuse": "1" },
    });
    t.deepEqual(pod, { phase: "Succeeded", reason: "", output: "1" });
  },
);

testNeeding([...needed], "up gives such a kubelet its own configuration again", async (t) => {
  const back = await cluster("up", "one-node", "--allow-unsafe-sysctls", "net.core.somaxconn");
  t.is(back.exitCode, 0, back.stderr);
  t.deepEqual(parse(readFileSync(kubeletFile, "utf8")), {
    ...parse(there.text),
    allowedUnsafeSysctls: ["net.core.somaxconn"],
  });
});

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
  const program = join(dirname(ownKubectl().program), "kubelet");
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
