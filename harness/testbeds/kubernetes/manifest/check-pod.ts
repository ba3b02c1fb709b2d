import type { V1Container } from "@kubernetes/client-node";
import { escaped } from "../../../core/text.ts";
import type { Manifest, ManifestFault } from "./manifest.ts";
import { keysWritten, ownSysctls } from "./own-keys.ts";

/** What a measurement suffers from in the pod as a whole, and what its rollout would. */
export function podFaults(manifest: Manifest): ManifestFault[] {
  return [
    ...labelFaults(manifest),
    ...networkFaults(manifest),
    ...copiesFaults(manifest),
    ...ownSysctlFaults(manifest),
    ...manifest.spec.containers.flatMap((one, i) => writingFaults(one, ["spec", "containers", i], "container")),
    ...(manifest.spec.initContainers ?? []).flatMap((one, i) =>
      writingFaults(one, ["spec", "initContainers", i], "init container"),
    ),
  ];
}

/** Profiles are laid over them: the baseline has them, too. */
function ownSysctlFaults({ spec }: Manifest): ManifestFault[] {
  const keys = Object.entries(ownSysctls(spec)).map(([key, value]) => escaped(`${key}=${value}`));
  if (keys.length === 0) return [];
  return [
    {
      path: ["spec", "securityContext", "sysctls"],
      text: `the pod sets ${keys.join(", ")} itself: the baseline is tuned already, and every profile has it that does not say otherwise; each trial's record has the values`,
    },
  ];
}

function writingFaults(container: V1Container, at: PropertyKey[], what: string): ManifestFault[] {
  const keys = keysWritten(container);
  if (keys.length === 0) return [];
  return [
    {
      path: at,
      text: `${what} ${escaped(container.name)} writes ${keys.join(", ")} at its start: under every profile, over what a profile says of the same key; each trial's record has the values; leave it out of what is measured, or make it a profile`,
    },
  ];
}

const recommended = ["name", "instance", "version", "component", "part-of", "managed-by"];

function labelFaults({ labels }: Manifest): ManifestFault[] {
  if (recommended.some((name) => Object.hasOwn(labels, `app.kubernetes.io/${name}`))) return [];
  return [
    {
      path: ["metadata", "labels"],
      text: "the pod has none of the recommended labels (app.kubernetes.io/name, version ...): the record can't say which version was measured",
    },
  ];
}

function networkFaults({ spec }: Manifest): ManifestFault[] {
  if (spec.hostNetwork !== true) return [];
  return [
    {
      path: ["spec", "hostNetwork"],
      text: "the pod uses the node's network: it reads the node's sysctls, shares its ports, its connections and its TIME_WAITs with everything there, and net.* of a profile is refused beside it",
    },
  ];
}

function copiesFaults({ kind, replicas, spec, hasDisruptionBudget }: Manifest): ManifestFault[] {
  const faults: ManifestFault[] = [];
  if (!hasDisruptionBudget) {
    faults.push({
      path: [],
      text: "the file has no PodDisruptionBudget: once rolled out, a drained node may take all its pods at once, which no trial shows",
    });
  }
  const isSpread = spec.topologySpreadConstraints !== undefined || spec.affinity?.podAntiAffinity !== undefined;
  if (replicas > 1 && !isSpread && kind !== "DaemonSet") {
    faults.push({
      path: ["spec"],
      text: `the ${replicas} replicas are not spread over nodes (no topologySpreadConstraints): on one node they share its CPUs and its connection tracking, and a trial's capacity for each does not add up`,
    });
  }
  return faults;
}
