import type { V1ConfigMap, V1Container, V1HostAlias, V1PodSpec, V1Probe, V1Service } from "@kubernetes/client-node";
import type { SamplerSettings } from "../../../pods/messages.ts";
import type { Part, Profile } from "../../../suite/suite.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { podName } from "../names.ts";
import { podPaths } from "./containers.ts";
import { metadataOf, type TrialObjects } from "./run-objects.ts";

/** A target or an upstream in one trial. References in command and env are filled in already. */
export interface PartSpec {
  trial: TrialObjects;
  role: string;
  component: "target" | "upstream";
  part: Pick<Part, "command" | "port" | "ready" | "kubernetes" | "writable">;
  /** What the profile says of it; null for upstreams. Its command is filled in, too. */
  profile: Pick<Profile, "image" | "command" | "nodeSelector"> | null;
  /** Read from part.kubernetes.manifest; null where that is null. */
  manifest: Manifest | null;
  /** Names that its manifest dials, of parts that run already. */
  hosts: V1HostAlias[];
  /** Contents of part.kubernetes.files, by path within the suite's folder. */
  files: Record<string, Uint8Array>;
  /** Of the suite, the profile and the trial together: laid over the container's own. */
  env: Record<string, string>;
  /** The node that it must run on; null = any that fits. */
  node: string | null;
  sampler: SamplerSettings;
}

/** What the two forms of a part leave to be put together. */
export interface PartPieces {
  spec: V1PodSpec;
  /** The user's, as written. */
  annotations: Record<string, string>;
  /** Come before the pod. */
  others: (V1ConfigMap | V1Service)[];
  /** The container that is measured. */
  container: string;
}

/** Names the pod, and begins the names of all that is made for it. */
export function partName({ trial, role }: Pick<PartSpec, "trial" | "role">): string {
  return podName(trial.runName, trial.sequence, role);
}

/** Metadata of anything that belongs to the part. */
export function partMetadata({ trial, role, component }: PartSpec, name: string) {
  return metadataOf(trial, { name, component, trial: trial.sequence, role });
}

/** Folders that are empty at the pod's start and the measured container's own: `${data}`, and those the suite calls writable. */
export function emptyMounts({ part }: Pick<PartSpec, "part">): { name: string; mountPath: string }[] {
  const places = [podPaths.data, ...part.writable];
  return places.map((mountPath, i) => ({ name: i === 0 ? "tunebench-data" : `tunebench-writable-${i}`, mountPath }));
}

/**
 * The suite's readiness as a startup probe; {} where it is a line of the log, which the node can't see. A part that is not ready in
 * time is ended by the node, and with restartPolicy Never stays so.
 */
export function startProbe({ port, ready }: Pick<Part, "port" | "ready">): Pick<V1Container, "startupProbe"> {
  if (ready.check.kind === "log") return {};
  return {
    startupProbe: {
      ...askedFor(ready.check, port),
      periodSeconds: 1,
      timeoutSeconds: 5,
      failureThreshold: Math.max(1, Math.ceil(ready.withinMs / 1000)),
    },
  };
}

function askedFor(check: Part["ready"]["check"], port: number): V1Probe {
  if (check.kind === "exec") return { exec: { command: check.command } };
  return check.kind === "http" ? { httpGet: { path: check.path, port } } : { tcpSocket: { port } };
}
