import test from "ava";
import type { ClusterApi } from "../../../../harness/testbeds/kubernetes/api/cluster-api.ts";
import { ApiRefusal } from "../../../../harness/testbeds/kubernetes/api/refusal.ts";
import { nodeDefaultsWarnings, readNodeDefaults } from "../../../../harness/testbeds/kubernetes/node-defaults.ts";
import { cluster } from "../../../helpers/cluster-facts.ts";

const ready = [{ type: "Ready", status: "True" }];

/** An API of nodes whose kubelets answer with their configuration, or say no. */
function apiOf(kubelets: Record<string, object | null>): ClusterApi {
  const nodes = Object.keys(kubelets).map((name) => ({ metadata: { name }, status: { conditions: ready } }));
  const read = async (path: string) => {
    const config = kubelets[/nodes\/([^/]+)\/proxy\/configz$/.exec(path)?.[1] ?? ""];
    if (config == null) throw new ApiRefusal("no", { code: 403, reason: "Forbidden", message: "cannot get resource" });
    return { kubeletconfig: config };
  };
  return { list: async () => nodes, read } as unknown as ClusterApi;
}

test("what kubelets give every pod is read where they may be asked, under the keys' dotted names", async (t) => {
  const api = apiOf({
    tuned: { defaultPodSysctls: { "net/core/somaxconn": "65535", "net.ipv4.ip_local_port_range": "1024\t65535" } },
    plain: {},
    closed: null,
  });
  const defaults = await readNodeDefaults(api, cluster);
  t.deepEqual(defaults, {
    tuned: { "net.core.somaxconn": "65535", "net.ipv4.ip_local_port_range": "1024 65535" },
    plain: {},
  });
  const [said, ...more] = nodeDefaultsWarnings(defaults);
  t.deepEqual(more, []);
  t.regex(
    said ?? "",
    /^the kubelet of tuned gives every pod net\.core\.somaxconn=65535, net\.ipv4\.ip_local_port_range=1024 65535 \(defaultPodSysctls\): the baseline is tuned already/,
  );
});

test("nodes with the same are named together; an account that may not list nodes learns nothing", async (t) => {
  const same = { defaultPodSysctls: { "net.ipv4.tcp_tw_reuse": "1" } };
  const [said] = nodeDefaultsWarnings(await readNodeDefaults(apiOf({ a: same, b: same }), cluster));
  t.regex(said ?? "", /^the kubelet of a, b gives/);
  const no = {
    list: async () => Promise.reject(new ApiRefusal("no", { code: 403, reason: "", message: "cannot list" })),
  };
  t.deepEqual(await readNodeDefaults(no as unknown as ClusterApi, cluster), {});
});
