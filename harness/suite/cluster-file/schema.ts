import * as z from "zod";
import { atKey, choice, duration, form, line, list, orElse, text, wholeNumber } from "../schema-forms.ts";
import { dnsLabel, image, labelKey, labelValue, nodeSelector, route } from "../schema-kubernetes.ts";

/** The one schema of cluster files: what it takes is the file as it is written, what it gives is the cluster. Strict, as the suite's is. */

const trueOrFalse = z.boolean({ error: "true or false" });

/** As a pod's spec has it: what is left out is not there. What the API server would refuse of each pod is told before there is one. */
const toleration = form("a map with key, operator, value, effect or tolerationSeconds", {
  key: labelKey.exactOptional().describe("The taint's key; without it, and with operator Exists, every taint."),
  operator: choice(["Exists", "Equal"]).exactOptional().describe("Default Equal."),
  value: labelValue.exactOptional(),
  effect: choice(["NoSchedule", "PreferNoSchedule", "NoExecute"]).exactOptional().describe("Default: any."),
  tolerationSeconds: wholeNumber("a whole number of seconds, 0 or more", 0, 1_000_000_000).exactOptional(),
})
  .refine(({ operator, value }) => operator !== "Exists" || value === undefined, {
    ...atKey("with operator Exists any value is tolerated; leave it out"),
    path: ["value"],
  })
  .refine(({ key, operator }) => key !== undefined || operator === "Exists", {
    ...atKey("without a key every taint is meant; give key, or operator: Exists"),
    path: ["operator"],
  })
  .refine(({ effect, tolerationSeconds }) => tolerationSeconds === undefined || effect === "NoExecute", {
    ...atKey("this is for effect: NoExecute alone; leave it out"),
    path: ["tolerationSeconds"],
  });

/** A quantity as Kubernetes has it: thousandths of a CPU, or CPUs. */
const cpu = text('an amount of CPU as text, such as 250m or "2"', /^([1-9]\d{0,5}m|[1-9]\d{0,2}(\.\d{1,3})?)$/);

const images = form("a map with node, k6 or locust", {
  node: image.default("node:24-slim").describe("Node 22.18 or newer, for relay, sampler and parts without an image."),
  k6: image.default("grafana/k6:2.2.0").describe("k6 v2, for the load."),
  locust: image
    .default("locustio/locust:2.47.0")
    .describe("Locust 2.40 or newer as a module of its `python`, for a load by a locustfile."),
});

const timeouts = form("a map with schedule, start or request", {
  schedule: duration.prefault("60s").describe("Until a pod is scheduled."),
  start: duration.prefault("120s").describe("From then on until its containers run, pulled images and all."),
  request: duration.prefault("10s").describe("For one answer of the API."),
});

export const clusterForm = form("a map with context and what else differs from the defaults, or {} for the defaults", {
  kubeconfig: orElse(line("the path of a kubeconfig file"), null).describe(
    "From this file's folder, absolute, or below ~. Default: as kubectl finds it (KUBECONFIG, then ~/.kube/config, then the pod's own account).",
  ),
  context: orElse(line("the name of a context in the kubeconfig"), null).describe(
    "Context of the kubeconfig. Default: its current one.",
  ),
  namespace: dnsLabel("the name of a namespace").default("tunebench").describe("Where the run's objects live."),
  create: trueOrFalse
    .default(false)
    .describe("Whether the namespace is made where it is not there, and removed by the run that made it."),
  route: route
    .default("pod-sysctls")
    .describe("How profiles' settings reach the pods, unless the suite or a profile says otherwise."),
  nodeSelector: nodeSelector.default({}).describe("Labels of the nodes that all pods run on."),
  tolerations: orElse(list("a list of tolerations, as a pod has them", toleration, 64), []).describe(
    "Of all pods, for nodes with taints.",
  ),
  images: images.prefault({}).describe("What the harness's own pods run."),
  imagePullPolicy: choice(["Always", "IfNotPresent", "Never"])
    .default("IfNotPresent")
    .describe("When images are pulled, as a container has it."),
  runners: wholeNumber("a whole number from 1 to 1000", 1, 1000)
    .default(1)
    .describe("Pods that share the load where the suite does not say (load.runners)."),
  runnerCpu: cpu.default("250m").describe("What each of them asks the scheduler for; k6 takes some 75 µs a request."),
  observeNode: trueOrFalse
    .default(false)
    .describe(
      "Whether a pod with the host's /proc mounted read-only watches the target's node: its interrupts and connection tracking.",
    ),
  shareProcessNamespace: trueOrFalse
    .default(true)
    .describe("Whether the sampler sees the target's processes, and so its CPU; the target then is not PID 1."),
  timeouts: timeouts
    .transform(({ schedule, start, request }) => ({ scheduleMs: schedule, startMs: start, requestMs: request }))
    .prefault({})
    .describe("How long is waited."),
}).describe("Where experiments run.");
