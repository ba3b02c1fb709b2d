import { undisturbed } from "./relay.ts";

/**
 * Annotations of a part's pod: ours, and of the user's those that the node's runtime or network acts on. Others would let controllers
 * (sidecars, meshes, scrapers) change what is measured, or reach for it.
 */
export function annotationsOf(written: Record<string, string>): Record<string, string> {
  const kept = Object.entries(written).filter(([key]) => actedOnByNode.some((beginning) => key.startsWith(beginning)));
  return { ...Object.fromEntries(kept), ...undisturbed, ...withoutSidecars };
}

/** A proxy in the way would be measured in place of the target. */
const withoutSidecars = { "sidecar.istio.io/inject": "false", "linkerd.io/inject": "disabled" };

const actedOnByNode = [
  "container.apparmor.security.beta.kubernetes.io/",
  "container.seccomp.security.alpha.kubernetes.io/",
  "seccomp.security.alpha.kubernetes.io/",
  "io.kubernetes.cri-o.",
  "cpu-load-balancing.crio.io",
  "cpu-quota.crio.io",
  "irq-load-balancing.crio.io",
  "k8s.v1.cni.cncf.io/networks",
  "v1.multus-cni.io/default-network",
  "kubernetes.io/ingress-bandwidth",
  "kubernetes.io/egress-bandwidth",
];
