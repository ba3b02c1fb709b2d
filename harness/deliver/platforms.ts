import type { Platform } from "./platform.ts";
import type { PlatformName } from "./platform-names.ts";
import { aks } from "./platforms/aks.ts";
import { bottlerocket } from "./platforms/bottlerocket.ts";
import { compose } from "./platforms/compose.ts";
import { defaultPodSysctls } from "./platforms/default-pod-sysctls.ts";
import { ecs } from "./platforms/ecs.ts";
import { eksKarpenter } from "./platforms/eks-karpenter.ts";
import { eksManaged } from "./platforms/eks-managed.ts";
import { gke } from "./platforms/gke.ts";
import { k3s } from "./platforms/k3s.ts";
import { kind } from "./platforms/kind.ts";
import { kops } from "./platforms/kops.ts";
import { kubeadm } from "./platforms/kubeadm.ts";
import { linux } from "./platforms/linux.ts";
import { openshift } from "./platforms/openshift.ts";
import { quadlet } from "./platforms/quadlet.ts";
import { talos } from "./platforms/talos.ts";

export const platforms: Record<PlatformName, Platform> = {
  "eks-karpenter": eksKarpenter,
  "eks-managed": eksManaged,
  bottlerocket,
  openshift,
  kubeadm,
  kops,
  kind,
  k3s,
  gke,
  aks,
  talos,
  "default-pod-sysctls": defaultPodSysctls,
  linux,
  compose,
  quadlet,
  ecs,
};
