import type {
  V1ConfigMap,
  V1Container,
  V1EnvFromSource,
  V1EnvVar,
  V1Volume,
  V1VolumeProjection,
} from "@kubernetes/client-node";
import { dnsName } from "../names.ts";
import { type PartSpec, partMetadata, partName } from "./part-spec.ts";

/** Name in the manifest -> name in the trial. */
export type Renamed = ReadonlyMap<string, string>;

/** The manifest's ConfigMaps under names of the trial's own, so that those of the same name in the namespace stay as they are. */
export function ownConfigMaps(part: PartSpec, written: V1ConfigMap[]): { configMaps: V1ConfigMap[]; names: Renamed } {
  const names = new Map(
    written.map(({ metadata }) => metadata?.name ?? "").map((name) => [name, dnsName(`${partName(part)}-${name}`)]),
  );
  const configMaps = written.map(({ metadata, data, binaryData }) => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: partMetadata(part, names.get(metadata?.name ?? "") ?? ""),
    ...(data === undefined ? {} : { data }),
    ...(binaryData === undefined ? {} : { binaryData }),
  }));
  return { configMaps, names };
}

/** A reference to one of the manifest's own ConfigMaps, renamed; any other stays. */
function renamed<Reference extends { name?: string }>(reference: Reference, names: Renamed): Reference {
  const name = names.get(reference.name ?? "");
  return name === undefined ? reference : { ...reference, name };
}

export function renamedInVolume(volume: V1Volume, names: Renamed): V1Volume {
  const { configMap, projected } = volume;
  return {
    ...volume,
    ...(configMap === undefined ? {} : { configMap: renamed(configMap, names) }),
    ...(projected?.sources === undefined
      ? {}
      : { projected: { ...projected, sources: projected.sources.map((source) => inProjection(source, names)) } }),
  };
}

function inProjection(source: V1VolumeProjection, names: Renamed): V1VolumeProjection {
  return source.configMap === undefined ? source : { ...source, configMap: renamed(source.configMap, names) };
}

export function renamedInContainer(container: V1Container, names: Renamed): V1Container {
  const { env, envFrom } = container;
  return {
    ...container,
    ...(env === undefined ? {} : { env: env.map((variable) => inVariable(variable, names)) }),
    ...(envFrom === undefined ? {} : { envFrom: envFrom.map((source) => inSource(source, names)) }),
  };
}

function inVariable(variable: V1EnvVar, names: Renamed): V1EnvVar {
  const reference = variable.valueFrom?.configMapKeyRef;
  if (reference === undefined) return variable;
  return { ...variable, valueFrom: { ...variable.valueFrom, configMapKeyRef: renamed(reference, names) } };
}

function inSource(source: V1EnvFromSource, names: Renamed): V1EnvFromSource {
  return source.configMapRef === undefined ? source : { ...source, configMapRef: renamed(source.configMapRef, names) };
}
