/** Manifests of ten kinds, as tools and people write them: files of test/fixtures/kubernetes/manifests, with what a suite makes of each. */
export interface ManifestCase {
  /** k8s-NAME.yaml */
  name: string;
  /** KIND/NAME of its target; left out where the file has one workload. */
  workload?: string;
  /** Upstream -> its workload and port. */
  upstreams?: Record<string, { workload: string; port: number }>;
  /** What is said of it before it is run, among other things. */
  said: RegExp[];
  /** Settings that the target's pod has by itself. */
  recorded?: Record<string, string>;
}

const cart = { cart: { workload: "Deployment/cart", port: 7070 } };

export const manifestCases: ManifestCase[] = [
  { name: "pod", said: [/no PodDisruptionBudget/] },
  {
    name: "helm",
    workload: "Deployment/shop-web",
    upstreams: { cart: { workload: "Deployment/shop-cart", port: 7070 } },
    said: [
      /Pod shop-test-connection is not made: Helm runs it as a hook \(test\)/,
      /Job shop-migrate is not made: Helm runs it as a hook \(pre-install,pre-upgrade\)/,
      /HorizontalPodAutoscaler shop-web is not made/,
      /the liveness probe is left out/,
    ],
  },
  {
    name: "kustomize",
    workload: "Deployment/web",
    upstreams: cart,
    said: [/the pod sets net\.ipv4\.tcp_fin_timeout=30 itself/],
    recorded: { "net.ipv4.tcp_fin_timeout": "30" },
  },
  { name: "statefulset", said: [/volumeClaimTemplates data: an empty folder/, /replicas: 3 is not taken over/] },
  { name: "daemonset", said: [/hostPort is left out/, /priorityClassName is left out/] },
  { name: "exported", said: [/container web has no requests and limits/] },
  {
    name: "chain",
    workload: "Deployment/web",
    upstreams: { ...cart, stock: { workload: "Deployment/stock", port: 7071 } },
    said: [/container stock may run as root/],
  },
  {
    name: "own-settings",
    said: [
      /the pod sets net\.ipv4\.ip_local_port_range=20000 60000 itself/,
      /init container tune writes net\.core\.somaxconn, net\.ipv4\.tcp_fin_timeout at its start/,
      /container tune is privileged/,
    ],
    recorded: {
      "net.ipv4.ip_local_port_range": "20000 60000",
      "net.core.somaxconn": "1234",
      "net.ipv4.tcp_fin_timeout": "17",
    },
  },
  { name: "restricted", said: [/Ingress web is not made/, /topologySpreadConstraints is left out/] },
  { name: "anchors", said: [/no PodDisruptionBudget/] },
];

/** The parts of a suite: target and upstreams. */
export function partsOfCase({ name, workload, upstreams = {} }: ManifestCase) {
  const file = `k8s-${name}.yaml`;
  const ready = { within: "20s" };
  const manifest = (wanted: string | undefined) => (wanted === undefined ? file : { file, workload: wanted });
  const others = Object.entries(upstreams).map(([role, { workload: wanted, port }]) => [
    role,
    { port, ready, kubernetes: { manifest: manifest(wanted) } },
  ]);
  return {
    target: { port: 8080, ready, kubernetes: { manifest: manifest(workload) } },
    upstreams: Object.fromEntries(others) as Record<string, object>,
  };
}
