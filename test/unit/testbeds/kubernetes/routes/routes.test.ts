import test from "ava";
import { InputError } from "../../../../../harness/core/errors.ts";
import { deliveryRoutes } from "../../../../../harness/suite/schema-kubernetes.ts";
import { nodeChangesLabel } from "../../../../../harness/testbeds/kubernetes/objects/node-settings.ts";
import { partObjects } from "../../../../../harness/testbeds/kubernetes/objects/part.ts";
import { applyRoute, type RouteContext } from "../../../../../harness/testbeds/kubernetes/routes/routes.ts";
import { partFromFiles, partFromManifest, trialObjects } from "../../../../helpers/cluster-objects.ts";

const settings = { "net.core.somaxconn": "8192", "net.ipv4.ip_local_port_range": "1024 65535" };
const asList = [
  { name: "net.core.somaxconn", value: "8192" },
  { name: "net.ipv4.ip_local_port_range", value: "1024 65535" },
];
const context: RouteContext = { trial: trialObjects(), node: "one-node", hasNetworkAttachments: false };
const { pod } = partObjects(partFromFiles());

test("without settings every route but host-network leaves the pod as it is", (t) => {
  for (const route of [...deliveryRoutes, "capabilities-init", "none"] as const) {
    t.deepEqual(applyRoute(route, pod, {}, { ...context, hasNetworkAttachments: true }), { pod, others: [] }, route);
  }
  t.like(applyRoute("host-network", pod, {}, context).pod.spec, { hostNetwork: true });
});

test("pod-sysctls: in the pod's security context, in place of the manifest's own of that name", (t) => {
  t.deepEqual(applyRoute("pod-sysctls", pod, settings, context).pod.spec?.securityContext?.sysctls, asList);
  const { pod: shop } = partObjects(partFromManifest());
  const changed = applyRoute("pod-sysctls", shop, { "net.ipv4.tcp_syncookies": "0" }, context).pod;
  t.deepEqual(changed.spec?.securityContext?.sysctls, [{ name: "net.ipv4.tcp_syncookies", value: "0" }]);
  const other = applyRoute("pod-sysctls", shop, settings, context).pod.spec?.securityContext?.sysctls;
  t.deepEqual(other, [{ name: "net.ipv4.tcp_syncookies", value: "1" }, ...asList]);
});

for (const route of ["privileged-init", "capabilities-init"] as const) {
  test(`${route}: a container before all others writes the values that its environment has`, (t) => {
    const { pod: shop } = partObjects(partFromManifest());
    const { pod: changed, others } = applyRoute(route, shop, { "net.ipv4.tcp_rmem": "4096 $(A) 6" }, context);
    t.deepEqual(others, []);
    const [first, second] = changed.spec?.initContainers ?? [];
    t.is(second?.name, "warm-up");
    t.is(first?.securityContext?.privileged, route === "privileged-init");
    t.deepEqual(first?.env, [{ name: "TUNEBENCH_SYSCTLS", value: '{"net.ipv4.tcp_rmem":"4096 $$(A) 6"}' }]);
    t.deepEqual(changed.spec?.containers, shop.spec?.containers);
  });

  for (const field of ["hostNetwork", "hostIPC"] as const) {
    test(`${route} on a pod with ${field} would write the node's own: refused`, (t) => {
      const shared = { ...pod, spec: { containers: [], ...pod.spec, [field]: true } };
      const error = t.throws(() => applyRoute(route, shared, settings, context), { instanceOf: InputError });
      t.regex(error?.message ?? "", new RegExp(`${field}: true.*would change the node's own`));
    });
  }

  for (const key of ["vm.swappiness", "kernel.panic", "net/../../kernel.panic", "fs.file-max"]) {
    test(`${route} never writes ${key}`, (t) => {
      t.throws(() => applyRoute(route, pod, { [key]: "1" }, context), { instanceOf: InputError });
    });
  }
}

test("capabilities-init: NET_ADMIN and SYS_ADMIN, and no more", (t) => {
  const { pod: changed } = applyRoute("capabilities-init", pod, settings, context);
  t.deepEqual(changed.spec?.initContainers?.[0]?.securityContext?.capabilities, {
    drop: ["ALL"],
    add: ["NET_ADMIN", "SYS_ADMIN"],
  });
});

test("host-network: the settings stay beside it, so that the API server's own words are the outcome", (t) => {
  const { spec } = applyRoute("host-network", pod, settings, context).pod;
  t.like(spec, { hostNetwork: true, securityContext: { sysctls: asList } });
});

test("node: nothing on the pod, and beside it a pod that only a labelled node takes", (t) => {
  const { pod: same, others } = applyRoute("node", pod, { "net.core.somaxconn": "8192" }, context);
  t.is(same, pod);
  t.is(others.length, 1);
  t.like(others[0], {
    kind: "Pod",
    spec: { hostNetwork: true, nodeSelector: { [nodeChangesLabel]: "true" } },
  });
});

test("tuning-cni: a network attachment where the cluster has them, with IFNAME for the pod's interface", (t) => {
  const keys = {
    "net.core.somaxconn": "8192",
    "net.ipv4.conf.eth0.arp_filter": "1",
    "net.ipv4.conf.IFNAME.rp_filter": "2",
    "net.ipv4.conf.all.rp_filter": "0",
  };
  const { pod: changed, others } = applyRoute("tuning-cni", pod, keys, { ...context, hasNetworkAttachments: true });
  const [attachment] = others;
  t.like(attachment, { apiVersion: "k8s.cni.cncf.io/v1", kind: "NetworkAttachmentDefinition" });
  t.is(attachment?.metadata?.name, pod.metadata?.name);
  t.deepEqual(attachment?.metadata?.ownerReferences, pod.metadata?.ownerReferences);
  const config = JSON.parse((attachment as unknown as { spec: { config: string } }).spec.config);
  const [first, second] = config.plugins;
  t.deepEqual([first.type, second.type], ["loopback", "tuning"]);
  t.deepEqual(second.sysctl, {
    "net.core.somaxconn": "8192",
    "net.ipv4.conf.IFNAME.arp_filter": "1",
    "net.ipv4.conf.IFNAME.rp_filter": "2",
    "net.ipv4.conf.all.rp_filter": "0",
  });
  t.deepEqual(JSON.parse(changed.metadata?.annotations?.["k8s.v1.cni.cncf.io/networks"] ?? ""), [
    { name: pod.metadata?.name, namespace: "load-tests", interface: "eth0" },
  ]);
});

test("tuning-cni: no interface is asked for where no key needs one", (t) => {
  const { pod: changed } = applyRoute("tuning-cni", pod, settings, { ...context, hasNetworkAttachments: true });
  const networks = changed.metadata?.annotations?.["k8s.v1.cni.cncf.io/networks"] ?? "";
  t.deepEqual(JSON.parse(networks), [{ name: pod.metadata?.name, namespace: "load-tests" }]);
});

test("tuning-cni without network attachments: the node's own configuration has to bring the values", (t) => {
  t.deepEqual(applyRoute("tuning-cni", pod, settings, context), { pod, others: [] });
});
