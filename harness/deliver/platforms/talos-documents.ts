import { type FileObject, objectsOf } from "../objects.ts";
import type { FromFile } from "../platform.ts";
import { poolKey } from "../pool.ts";
import { nodesSettings, type Selection } from "../selection.ts";
import type { YamlFile } from "../yaml/file.ts";
import type { YamlPath } from "../yaml/model.ts";
import { onlyDocument } from "./allowlist-file.ts";

/** Where a Talos configuration has what a delivery writes; null where the file has no document for it yet. */
export interface TalosPlaces {
  /** The kubelet's arguments. */
  flags: YamlPath;
  allowlist: YamlPath;
  sysctls: YamlPath | null;
  labels: YamlPath | null;
  taints: YamlPath | null;
  /** Whether it is a node's whole configuration, and no patch. */
  isWhole: boolean;
}

/** The places in a patch that is made anew. */
export const freshPlaces: TalosPlaces = { ...inMachine([0]), isWhole: false };

/**
 * The places of a file: within `machine`, or since Talos 1.14 in documents of their own, KubeletConfig and KubeNodeConfig. Talos
 * refuses a field that both have. Throws InputError where there is none, where there are several, or where it is a control plane's.
 */
export function talosPlaces(file: YamlFile, from: FromFile): TalosPlaces {
  const documentOf = (wanted: string) => onlyDocument(file, from, ({ kind }) => kind === wanted)?.at;
  const [kubelet, node] = [documentOf("KubeletConfig"), documentOf("KubeNodeConfig")];
  const machine = onlyDocument(file, from, ({ at }) => file.has([...at, "machine"]));
  if (machine === null && kubelet === undefined) throw file.wrong([0], "holds no machine configuration");
  if (machine !== null) checkTakesPods(file, machine);
  const within = machine === null ? null : inMachine(machine.at);
  const ofKubelet =
    kubelet === undefined
      ? (within ?? inMachine([0]))
      : { flags: [...kubelet, "extraArgs"], allowlist: [...kubelet, "config", "allowedUnsafeSysctls"] };
  return {
    flags: ofKubelet.flags,
    allowlist: ofKubelet.allowlist,
    sysctls: within?.sysctls ?? null,
    labels: node === undefined ? (within?.labels ?? null) : [...node, "labels"],
    taints: node === undefined ? (within?.taints ?? null) : [...node, "taints"],
    isWhole: objectsOf(file).some(({ at }) => file.has([...at, "cluster"])),
  };
}

function inMachine(at: YamlPath) {
  const machine = [...at, "machine"];
  return {
    flags: [...machine, "kubelet", "extraArgs"],
    allowlist: [...machine, "kubelet", "extraConfig", "allowedUnsafeSysctls"],
    sysctls: [...machine, "sysctls"],
    labels: [...machine, "nodeLabels"],
    taints: [...machine, "nodeTaints"],
  };
}

/** A control plane's node must take the cluster's own pods, unless the cluster runs others there on purpose. */
function checkTakesPods(file: YamlFile, { at }: FileObject): void {
  const type = file.value([...at, "machine", "type"]);
  const runsOthers = file.value([...at, "cluster", "allowSchedulingOnControlPlanes"]) === "true";
  if ((type !== "controlplane" && type !== "init") || runsOthers) return;
  throw file.wrong([...at, "machine", "type"], `is ${type}: a control plane's`, "give a worker's configuration");
}

/** Writes label, taint and the node's own settings; a document is made for what has none. */
export function markNode(file: YamlFile, places: TalosPlaces, selection: Selection): void {
  const taint = `${selection.name}:NoSchedule`;
  const settings = nodesSettings(selection).map(({ key, value }) => [key, value] as const);
  if (places.sysctls !== null) for (const [key, value] of settings) file.set([...places.sysctls, key], value);
  else if (settings.length > 0) file.addDocument({ machine: { sysctls: Object.fromEntries(settings) } });
  if (places.labels !== null && places.taints !== null) {
    file.set([...places.labels, poolKey], selection.name);
    file.set([...places.taints, poolKey], taint);
    return;
  }
  const [labels, taints] = [{ [poolKey]: selection.name }, { [poolKey]: taint }];
  file.addDocument({ apiVersion: "v1alpha1", kind: "KubeNodeConfig", labels, taints });
}
