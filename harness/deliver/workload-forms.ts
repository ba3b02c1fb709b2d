import { command } from "./code-spans.ts";
import { yamlOf } from "./new-document.ts";
import type { DeliveryFile, FileLocation } from "./platform.ts";
import type { WorkloadForm } from "./platform-names.ts";
import type { Selection } from "./selection.ts";
import { podSpecOf } from "./workload.ts";

/** The change of a workload as a file, and how it is applied. */
export interface WorkloadChange {
  file: DeliveryFile;
  /** Where it has the pod's sysctls. */
  sysctlsIn: FileLocation;
  /** A step of a plan for a rollout; a sentence without the command for a pool. */
  step: string;
}

/** What a workload's pods need, in a form; null where they need nothing. */
export function workloadChange(selection: Selection, form: WorkloadForm): WorkloadChange | null {
  const spec = podSpecOf(selection);
  return spec === null ? null : changes[form](spec);
}

type PodSpec = NonNullable<ReturnType<typeof podSpecOf>>;

const changes: Record<WorkloadForm, (spec: PodSpec) => WorkloadChange> = {
  patch: (spec) => ({
    file: { name: "9-workload.patch.yaml", text: yamlOf(templateOf(spec)) },
    sysctlsIn: { file: "9-workload.patch.yaml", at: inTemplate.join(".") },
    step: `The patch replaces the pod's lists \`sysctls\` and \`tolerations\`: add yours to it where it has any, or give the manifest with \`--from\`. In a manifest or chart of your own, copy the fields; a StatefulSet or DaemonSet is patched under its own kind.\n${command("kubectl patch deployment YOUR_DEPLOYMENT --patch-file 9-workload.patch.yaml")}`,
  }),
  helm: ({ securityContext, ...placed }) => ({
    file: {
      name: "9-workload.values.yaml",
      text: yamlOf({ ...(securityContext === undefined ? {} : { podSecurityContext: securityContext }), ...placed }),
    },
    sysctlsIn: { file: "9-workload.values.yaml", at: "podSecurityContext.sysctls" },
    step: `The keys are those of a chart that \`helm create\` made; where your chart has others, or has them below a component's name, they go there. Helm replaces lists: what yours have goes into the file too. See first that the chart takes them.\n${command("helm template YOUR_RELEASE YOUR_CHART --values YOUR_VALUES.yaml --values 9-workload.values.yaml | grep --after-context=9 'securityContext:\\|nodeSelector:\\|tolerations:'", "helm upgrade YOUR_RELEASE YOUR_CHART --values YOUR_VALUES.yaml --values 9-workload.values.yaml")}`,
  }),
  kustomize: (spec) => ({
    file: { name: "9-workload.kustomization.yaml", text: yamlOf(componentOf(spec)) },
    sysctlsIn: { file: "9-workload.kustomization.yaml", at: ["patches", "0", "patch", ...inTemplate].join(".") },
    step: `A component: it lies as \`kustomization.yaml\` in a folder of its own, which \`components:\` of your overlay names. The patch replaces the pod's lists \`sysctls\` and \`tolerations\`: add yours to it where it has any.\n${command("install -D --mode=644 9-workload.kustomization.yaml YOUR_OVERLAY/tunebench/kustomization.yaml   # components: [tunebench]", "kubectl kustomize YOUR_OVERLAY | kubectl diff --filename -", "kubectl apply --kustomize YOUR_OVERLAY")}`,
  }),
};

const inTemplate = ["spec", "template", "spec", "securityContext", "sysctls"];

function templateOf(spec: PodSpec) {
  return { spec: { template: { spec } } };
}

/** https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/patches/ : the target decides, the patch's own name is nobody's. */
function componentOf(spec: PodSpec) {
  const patch = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "any" }, ...templateOf(spec) };
  return {
    apiVersion: "kustomize.config.k8s.io/v1alpha1",
    kind: "Component",
    patches: [{ target: { kind: "Deployment", name: "YOUR_DEPLOYMENT" }, patch: yamlOf(patch) }],
  };
}
