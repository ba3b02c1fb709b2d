import type { V1Container } from "@kubernetes/client-node";
import { escaped } from "../../../core/text.ts";
import { containerFaults } from "./check-container.ts";
import { podFaults } from "./check-pod.ts";
import { leftOutFields, type Manifest, type ManifestFault, type ManifestWarning } from "./manifest.ts";

/** What a measurement of this manifest suffers from, and what a run does otherwise than it says: warnings, by line. */
export function checkManifest(manifest: Manifest): ManifestWarning[] {
  const faults = [...podFaults(manifest), ...containerFaults(manifest), ...changeFaults(manifest)];
  const found = faults.map(({ path, text }) => ({ line: manifest.lineOf(path), text }));
  return [...found, ...manifest.leftOut].toSorted((a, b) => a.line - b.line);
}

/** What a trial's pod has otherwise than the manifest says. */
export function changeFaults({ spec, claims, replicas }: Manifest): ManifestFault[] {
  const fields = Object.entries(leftOutFields).filter(([field]) => Object.hasOwn(spec, field));
  return [
    ...spec.containers.flatMap(ofContainer),
    ...fields.map(([field, why]) => ({ path: ["spec", field], text: `${field} is left out: ${why}` })),
    ...claims.map((name) => ({
      path: ["spec"],
      text: `volumeClaimTemplates ${escaped(name)}: an empty folder on the node stands in for it, so that each trial begins empty and on the node's own disk`,
    })),
    ...(replicas === 1 ? [] : [{ path: [], text: replicasWords(replicas) }]),
  ];
}

function ofContainer(container: V1Container, i: number): ManifestFault[] {
  const at = ["spec", "containers", i];
  const name = escaped(container.name);
  const liveness: ManifestFault = {
    path: [...at, "livenessProbe"],
    text: `container ${name}: the liveness probe is left out, since it would restart a target that is only overloaded`,
  };
  const ports = (container.ports ?? []).flatMap((port, p) =>
    port.hostPort === undefined
      ? []
      : [
          {
            path: [...at, "ports", p, "hostPort"],
            text: `container ${name}: hostPort is left out, since two pods on a node would clash`,
          },
        ],
  );
  return [...(container.livenessProbe === undefined ? [] : [liveness]), ...ports];
}

function replicasWords(replicas: number): string {
  return `replicas: ${replicas} is not taken over: the suite's target.replicas says how many a trial has (1 unless it is written)`;
}
