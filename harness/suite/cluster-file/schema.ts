import * as z from "zod";
import { choice, duration, form, line, list, wholeNumber } from "../schema-forms.ts";
import { dnsLabel, image, labelKey, labelValue, nodeSelector, route } from "../schema-kubernetes.ts";

/** The cluster file as it is written. Strict, as the suite's schema is. */

const trueOrFalse = z.boolean({ error: "true or false" });

const toleration = form("a map with key, operator, value, effect or tolerationSeconds", {
  key: labelKey.optional().meta({ description: "The taint's key; without it, and with operator Exists, every taint." }),
  operator: choice(["Exists", "Equal"]).optional().meta({ description: "Default Equal." }),
  value: labelValue.optional(),
  effect: choice(["NoSchedule", "PreferNoSchedule", "NoExecute"]).optional().meta({ description: "Default: any." }),
  tolerationSeconds: wholeNumber("a whole number of seconds, 0 or more", 0, 1_000_000_000).optional(),
});

const images = form("a map with node or k6", {
  node: image.optional().meta({
    description: "Node 22.18 or newer, for relay, sampler and parts without an image. Default node:24-slim.",
  }),
  k6: image.optional().meta({ description: "k6 v2, for the load. Default grafana/k6:2.2.0." }),
});

const timeouts = form("a map with schedule, start or request", {
  schedule: duration.optional().meta({ description: "Until a pod is scheduled. Default 60s." }),
  start: duration.optional().meta({
    description: "From then on until its containers run, pulled images and all. Default 120s.",
  }),
  request: duration.optional().meta({ description: "For one answer of the API. Default 10s." }),
});

export const clusterForm = form("a map with context and what else differs from the defaults, or {} for the defaults", {
  kubeconfig: line("the path of a kubeconfig file").optional().meta({
    description:
      "From this file's folder, absolute, or below ~. Default: as kubectl finds it (KUBECONFIG, then ~/.kube/config, then the pod's own account).",
  }),
  context: line("the name of a context in the kubeconfig")
    .optional()
    .meta({ description: "Context of the kubeconfig. Default: its current one." }),
  namespace: dnsLabel("the name of a namespace").optional().meta({
    description: "Where the run's objects live. Default tunebench.",
  }),
  create: trueOrFalse.optional().meta({
    description:
      "Whether the namespace is made where it is not there, and removed by the run that made it. Default false.",
  }),
  route: route.optional().meta({
    description:
      "How profiles' settings reach the pods, unless the suite or a profile says otherwise. Default pod-sysctls.",
  }),
  nodeSelector: nodeSelector.optional().meta({ description: "Labels of the nodes that all pods run on." }),
  tolerations: list("a list of tolerations, as a pod has them", toleration, 64)
    .optional()
    .meta({ description: "Of all pods, for nodes with taints." }),
  images: images.optional().meta({ description: "What the harness's own pods run." }),
  imagePullPolicy: choice(["Always", "IfNotPresent", "Never"])
    .optional()
    .meta({ description: "Default IfNotPresent." }),
  runners: wholeNumber("a whole number from 1 to 1000", 1, 1000)
    .optional()
    .meta({ description: "Pods that share the load where the suite does not say (load.runners). Default 1." }),
  observeNode: trueOrFalse.optional().meta({
    description:
      "Whether a pod with the host's /proc mounted read-only watches the target's node: its interrupts and connection tracking. Default false.",
  }),
  shareProcessNamespace: trueOrFalse.optional().meta({
    description:
      "Whether the sampler sees the target's processes, and so its CPU; the target then is not PID 1. Default true.",
  }),
  timeouts: timeouts.optional().meta({ description: "How long is waited." }),
}).meta({ description: "Where experiments run." });

export type ClusterForm = z.output<typeof clusterForm>;
