import { InputError } from "../../core/errors.ts";
import { procFile } from "../../knowledge/keys.ts";
import { code, command } from "../code-spans.ts";
import { yamlOf } from "../new-document.ts";
import { checkOneValue } from "../one-value.ts";
import type { FromFile, Platform } from "../platform.ts";
import { labelText, nodesCheck, placementOf, poolKey, taintText, taintWords } from "../pool.ts";
import type { DeliveredSetting, Selection } from "../selection.ts";
import { YamlFile } from "../yaml/file.ts";
import type { YamlPath } from "../yaml/model.ts";
import { locationIn, onlyDocument } from "./allowlist-file.ts";
import { kubeletConfiguration } from "./kubeadm.ts";

const gate = "DefaultPodSysctls";
const field = "defaultPodSysctls";
/** Kubernetes 1.37 has it as an alpha. */
const sinceMinor = 37;
const configPath = "/var/lib/kubelet/config.yaml";
const kept = "~/kubelet.before.yaml";
const [configName, probeName, podsName] = ["1-kubelet-config.yaml", "2-probe-pod.yaml", "3-workload.patch.yaml"];

/**
 * KEP-5996: a kubelet's own default for each pod of its node. k8s.io/kubelet v0.37, config/v1beta1 (DefaultPodSysctls), as a real kubelet
 * v1.37.2 takes it (test/soak/default-pod-sysctls.test.ts);
 * https://github.com/kubernetes/enhancements/issues/5996
 */
export const defaultPodSysctls: Platform = {
  title: "A kubelet's default for its pods (alpha)",
  reaches: "kubelet",
  from: { what: `the node's KubeletConfiguration (${configPath})`, isYaml: () => false },
  owns: ({ kind }) => kind === kubeletConfiguration.kind,
  plan(selection, from) {
    const { settings, name } = selection;
    checkOneValue(settings, "a node");
    checkVersion(selection);
    const reads = settings.map(({ key }) => procFile(key)).join(" ");
    return {
      files: [
        { name: configName, text: configOf(settings, from) },
        { name: probeName, text: yamlOf(probeOf(selection)) },
        { name: podsName, text: yamlOf({ spec: { template: { spec: placementOf(name) } } }) },
      ],
      nodeSettingsIn: [locationIn(configName, [field])],
      notes: [
        `Kubernetes 1.${sinceMinor} or newer on the node, an alpha behind the feature gate ${code(gate)} of the kubelet, which is off unless the file says otherwise; the API server must not be older than the kubelet. A kubelet that does not know the gate, or finds the field without it, does not start.`,
        `One bare pod proves the keys on one node before anything else comes there: ${code(probeName)}. It stays in ContainerCreating (${code("FailedCreatePodSandBox")}) where one of them can't be set, and so would every pod of that node, static ones among them.`,
      ],
      first:
        "One node, drained first, with the taint on it before its kubelet knows the keys; then the bare pod; then one pod of the workload; other nodes when that one has served a peak well.",
      steps: [
        `Label and taint of one node, and all pods off it: what runs keeps its values, what is started again there would meet the new ones.\n${command(`kubectl label node YOUR_NODE ${labelText(name)}`, `kubectl taint node YOUR_NODE ${taintText(name)}`, "kubectl drain YOUR_NODE --ignore-daemonsets")}`,
        `On the node: keep what is there, then the file${from === null ? `, of which only the lines of ${code("featureGates")} and ${code(field)} are to be added to yours (${code("--from")} merges them)` : ""}.\n${command(`cp --archive ${configPath} ${kept}`, from === null ? `"\${EDITOR:-vi}" ${configPath}   # the lines of ${configName}` : `install --mode=600 ${configName} ${configPath}`, "systemctl restart kubelet")}`,
        `The bare pod: it must become Succeeded, and print these values.\n${command("kubectl uncordon YOUR_NODE", `kubectl create --filename ${probeName}`, `kubectl wait --for=jsonpath='{.status.phase}'=Succeeded --timeout=60s pod/${name}-probe && kubectl logs ${name}-probe`, `kubectl delete --filename ${probeName}`)}`,
        `Only then the workload's pods: selector and toleration, and no sysctls of their own, since a pod's own value wins.\n${command(`kubectl patch deployment YOUR_DEPLOYMENT --patch-file ${podsName}`)}`,
      ],
      nodes: `The kubelet of each node is started again; pods that run keep what they have, new ones begin with these values, DaemonSets' and static pods' too. Pods on the host's network or IPC are passed over. ${taintWords}`,
      verify: [
        nodesCheck(name),
        `What the node's kubelet really runs with.\n${command(`kubectl get --raw /api/v1/nodes/YOUR_NODE/proxy/configz | jq .kubeletconfig.${field}`)}`,
        `Inside the pod.\n${command(`kubectl exec YOUR_POD -- cat ${reads}`)}`,
        `No sandbox fails there.\n${command("kubectl get events --all-namespaces --field-selector reason=FailedCreatePodSandBox")}`,
      ],
      undo: [
        `The kubelet's file as it was; its pods begin anew to lose the values. Where sandboxes fail this is what makes them go on.\n${command(`cp --archive ${kept} ${configPath}`, "systemctl restart kubelet", "kubectl rollout undo deployment YOUR_DEPLOYMENT")}`,
        `Label and taint.\n${command(`kubectl label node YOUR_NODE ${poolKey}-`, `kubectl taint node YOUR_NODE ${taintText(name)}-`)}`,
      ],
      security: [
        "No word in any pod's spec, no allowlist, no namespace at the Pod Security level privileged, no container with a right more: admission sees nothing of it.",
        "Every pod that comes onto the node gets the values, whoever's it is: the taint keeps others off by accident, not by intent.",
      ],
      traps: [
        `A key that is not private to a pod (a machine's, or one that the kernel lacks) in ${code(field)}: no pod of the node starts any more, until it is taken out. One of ${code("vm.*")} or ${code("fs.file-max")}, which is in no group of a pod's, it refuses itself, and does not start.`,
      ],
    };
  },
};

/** A cluster that the run has shown to be older can't have it; of an assumed version the plan speaks. */
function checkVersion({ minor, isMeasuredOn }: Selection): void {
  if (!isMeasuredOn || minor >= sinceMinor) return;
  throw new InputError(
    `the run's cluster had Kubernetes 1.${minor}, and a kubelet has ${field} from 1.${sinceMinor} on`,
    {
      hint: `--kubernetes 1.${sinceMinor} where it is newer now; else --platform kubeadm`,
    },
  );
}

function configOf(settings: DeliveredSetting[], from: FromFile | null): string {
  const values = Object.fromEntries(settings.map(({ key, value }) => [key, value]));
  if (from === null) return yamlOf({ ...kubeletConfiguration, featureGates: { [gate]: true }, [field]: values });
  const file = new YamlFile(from.name, from.text);
  const found = onlyDocument(file, from, ({ kind }) => kind === kubeletConfiguration.kind);
  if (found === null) throw new InputError(`${from.name} holds no ${kubeletConfiguration.kind}`);
  const set = (path: YamlPath, value: unknown, as: string) => {
    if (file.textAt([...found.at, ...path]) !== as) file.set([...found.at, ...path], value);
  };
  set(["featureGates", gate], true, "true");
  for (const [key, value] of Object.entries(values)) set([field, key], value, value);
  return file.text;
}

/** Reads each value once, on the node that is to be proved. */
function probeOf({ name, settings }: Selection) {
  const containers = [
    {
      name: "read",
      image: "AN_IMAGE_WITH_CAT",
      command: ["cat", ...settings.map(({ key }) => procFile(key))],
    },
  ];
  const spec = { restartPolicy: "Never", ...placementOf(name), containers };
  return { apiVersion: "v1", kind: "Pod", metadata: { name: `${name}-probe` }, spec };
}
