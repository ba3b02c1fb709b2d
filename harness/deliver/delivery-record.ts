import { array, type infer as Infer, literal, nullable, object, enum as oneOf, record, string } from "zod";
import { type FileLocation, isInCluster, type NodePlan, type Reaches } from "./platform.ts";
import { type PlatformName, platformNames } from "./platform-names.ts";
import { poolKey } from "./pool.ts";
import { type DeliveredSetting, needsNodes, type Selection, unsafeKeys } from "./selection.ts";
import type { WorkloadSelector } from "./workload.ts";

const place = object({ file: string(), at: string() });
const pair = object({ key: string(), value: string() });

/**
 * delivery.json: what was delivered, for a check after the rollout to read. `where` are files of the delivery's folder with a path of
 * keys in each. `sha256` is of the run's run.json, or of the suite's file, as sha256sum prints it.
 */
export const deliveryRecord = object({
  schemaVersion: literal(1),
  platform: oneOf(platformNames),
  purpose: oneOf(["rollout", "test-pool"]),
  /** "1.34"; null without a cluster. */
  kubernetes: nullable(string()),
  run: nullable(object({ id: string(), profile: string(), baseline: string(), sha256: nullable(string()) })),
  suite: nullable(object({ name: string(), profile: nullable(string()), sha256: nullable(string()) })),
  /** role: whose they are; all: every part of a suite. values: where several are delivered (a test pool's), any of which will do. scope: in whose namespace it must be found. */
  settings: array(
    object({
      role: oneOf(["target", "all"]),
      key: string(),
      value: string(),
      values: array(string()).exactOptional(),
      scope: oneOf(["pod", "node", "machine", "container"]),
      where: array(place),
    }),
  ),
  /** Keys that the nodes' kubelets must allow. */
  allowlist: object({ keys: array(string()), where: array(place) }),
  /** Label of the nodes; null where none is changed. */
  nodeSelector: nullable(record(string(), string())),
  /** The user's workloads; [] where --from had none. */
  workloads: array(
    object({
      kind: string(),
      name: nullable(string()),
      namespace: nullable(string()),
      labels: record(string(), string()),
    }),
  ),
  conditions: array(pair),
  leftOut: array(pair.extend({ why: string() })),
});

/** delivery.json. */
export type DeliveryRecord = Infer<typeof deliveryRecord>;

/** The record of a delivery; its origin's digest is not known here. */
export function recordOf(
  { platform, reaches }: { platform: PlatformName; reaches: Reaches },
  selection: Selection,
  nodes: NodePlan | null,
  workload: { sysctlsIn: FileLocation[]; selectors: WorkloadSelector[] },
): DeliveryRecord {
  const { origin, purpose, minor, conditions, leftOut, name } = selection;
  const inCluster = isInCluster(reaches);
  const keys = reaches === "pods" ? unsafeKeys(selection) : [];
  return {
    schemaVersion: 1,
    platform,
    purpose,
    kubernetes: inCluster ? `1.${minor}` : null,
    run:
      origin.kind === "run"
        ? { id: origin.id, profile: origin.profile, baseline: origin.baseline, sha256: null }
        : null,
    suite: origin.kind === "suite" ? { name: origin.name, profile: origin.profile, sha256: null } : null,
    settings: selection.settings.map((setting) => ({
      role: purpose === "rollout" ? "target" : "all",
      key: setting.key,
      value: setting.value,
      ...(setting.values.length > 1 ? { values: setting.values } : {}),
      ...whereOf(setting, reaches, nodes, purpose === "rollout" ? workload.sysctlsIn : []),
    })),
    allowlist: { keys, where: keys.length === 0 ? [] : (nodes?.allowlistIn ?? []) },
    nodeSelector: reaches === "kubelet" || (reaches === "pods" && needsNodes(selection)) ? { [poolKey]: name } : null,
    workloads: workload.selectors,
    conditions,
    leftOut: leftOut.map(({ key, value, why }) => ({ key, value, why })),
  };
}

function whereOf({ key, reach }: DeliveredSetting, reaches: Reaches, nodes: NodePlan | null, inPods: FileLocation[]) {
  // A file of sysctl.d has nothing but its keys.
  const inNode = (nodes?.nodeSettingsIn ?? []).map(({ file, at }) => ({ file, at: at === "" ? key : at }));
  if (reaches === "kubelet") return { scope: "pod" as const, where: inNode };
  if (reaches !== "pods") return { scope: reaches, where: inNode };
  if (reach.kind === "node") return { scope: "node" as const, where: inNode };
  return { scope: "pod" as const, where: inPods };
}
