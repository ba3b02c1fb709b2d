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
  "default-pod-sysctls",
  "linux",
  "compose",
  "quadlet",
  "ecs",
] as const;

export type PlatformName = (typeof platformNames)[number];

/** What --workload-as takes: how a workload's change is written where --from does not hold the workload. */
export const workloadForms = ["patch", "helm", "kustomize"] as const;

export type WorkloadForm = (typeof workloadForms)[number];
