/** What --platform takes. */
export const platformNames = [
  "eks-karpenter",
  "eks-managed",
  "bottlerocket",
  "openshift",
  "kubeadm",
  "kops",
  "kind",
  "k3s",
  "gke",
  "aks",
  "talos",
  "linux",
  "compose",
  "quadlet",
  "ecs",
] as const;

export type PlatformName = (typeof platformNames)[number];
