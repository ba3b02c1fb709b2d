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
] as const;

export type PlatformName = (typeof platformNames)[number];
