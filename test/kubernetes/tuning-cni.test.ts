/** The network attachment of the route tuning-cni, run through the real plugins as Multus runs them. */
import { join } from "node:path";
import { execa } from "execa";
import { partObjects } from "../../harness/testbeds/kubernetes/objects/part.ts";
import { applyRoute } from "../../harness/testbeds/kubernetes/routes/routes.ts";
import { partFromFiles, trialObjects } from "../helpers/cluster-objects.ts";
import { testNeeding } from "../helpers/parts.ts";

const plugins = "/usr/lib/cni";
const namespace = `tunebench-cni-${process.pid}`;

testNeeding(
  ["root", "one-node"],
  "the plugins set the keys of an attachment, those of the interface too",
  async (t) => {
    t.teardown(() => execa("ip", ["netns", "delete", namespace], { reject: false }));
    await execa("ip", ["netns", "add", namespace]);
    await execa("ip", ["-netns", namespace, "link", "add", "eth0", "type", "veth", "peer", "name", "other"]);
    const keys = { "net.core.somaxconn": "8192", "net.ipv4.conf.eth0.arp_filter": "1" };
    const { pod } = partObjects(partFromFiles());
    const context = { trial: trialObjects(), node: null, hasNetworkAttachments: true };
    const { pod: routed, others } = applyRoute("tuning-cni", pod, keys, context);
    const [network] = JSON.parse(routed.metadata?.annotations?.["k8s.v1.cni.cncf.io/networks"] ?? "");
    const { spec } = others[0] as unknown as { spec: { config: string } };
    await addNetwork(JSON.parse(spec.config), network.interface);
    t.is(await readInside("net/core/somaxconn"), "8192");
    t.is(await readInside("net/ipv4/conf/eth0/arp_filter"), "1");
  },
);

interface NetworkList {
  cniVersion: string;
  name: string;
  plugins: { type: string }[];
}

/** What a runtime does with a list (CNI specification, section 3): one after the other, each with what the one before answered. */
async function addNetwork({ cniVersion, name, plugins: list }: NetworkList, interfaceName: string): Promise<void> {
  let prevResult: unknown;
  for (const plugin of list) {
    const env = {
      CNI_COMMAND: "ADD",
      CNI_CONTAINERID: "tests",
      CNI_NETNS: `/run/netns/${namespace}`,
      CNI_IFNAME: interfaceName,
      CNI_PATH: plugins,
    };
    const input = JSON.stringify({ cniVersion, name, ...plugin, prevResult });
    prevResult = JSON.parse((await execa(join(plugins, plugin.type), { env, input })).stdout);
  }
}

async function readInside(path: string): Promise<string> {
  return (await execa("ip", ["netns", "exec", namespace, "cat", `/proc/sys/${path}`])).stdout;
}
