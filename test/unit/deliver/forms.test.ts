/** The workload's change as Helm values and as a Kustomize component: the same as the patch says. */
import test from "ava";
import { parse } from "yaml";
import { deliver } from "../../../harness/deliver/deliver.ts";
import { workloadForms } from "../../../harness/deliver/platform-names.ts";
import { rollout, testPool } from "../../helpers/deliveries.ts";

function changeAs(form: (typeof workloadForms)[number], selection = rollout()) {
  const { files, plan, record } = deliver("kubeadm", selection, null, form);
  const file = files.find(({ name }) => name.startsWith("9-workload"));
  return { name: file?.name, value: parse(file?.text ?? ""), plan, record };
}

const patched = changeAs("patch").value.spec.template.spec;

test("helm: the keys of a chart that helm create made", (t) => {
  const { name, value, plan, record } = changeAs("helm");
  t.is(name, "9-workload.values.yaml");
  const { securityContext, ...placed } = patched;
  t.deepEqual(value, { podSecurityContext: securityContext, ...placed });
  t.regex(plan, /helm upgrade YOUR_RELEASE YOUR_CHART .*--values 9-workload\.values\.yaml/);
  t.deepEqual(record.settings[0]?.where, [{ file: name, at: "podSecurityContext.sysctls" }]);
});

test("kustomize: a component with a patch of the target", (t) => {
  const { name, value, plan } = changeAs("kustomize");
  t.is(name, "9-workload.kustomization.yaml");
  t.is(value.kind, "Component");
  const [{ target, patch }] = value.patches;
  t.deepEqual(target, { kind: "Deployment", name: "YOUR_DEPLOYMENT" });
  t.deepEqual(parse(patch).spec.template.spec, patched);
  t.regex(plan, /kubectl kustomize YOUR_OVERLAY/);
});

test("of a pool each form holds the selector and the toleration, and no sysctls", (t) => {
  for (const form of workloadForms) {
    const { value } = changeAs(form, testPool());
    const text = JSON.stringify(value);
    t.regex(text, /nodeSelector/, form);
    t.notRegex(text, /securityContext/i, form);
  }
});

test("a form that nothing is written in is refused", (t) => {
  t.throws(() => deliver("linux", rollout(), null, "helm"), {
    name: "InputError",
    message: /writes no change of a workload/,
  });
  const workload = "kind: Deployment\nmetadata: {name: web}\nspec: {template: {spec: {}}}\n";
  const from = { name: "theirs", text: `kind: KubeletConfiguration\n---\n${workload}` };
  t.throws(() => deliver("kubeadm", rollout(), from, "kustomize"), {
    name: "InputError",
    message: /--workload-as kustomize/,
  });
});
