import type { V1Container, V1EnvVar, V1PodSpec } from "@kubernetes/client-node";
import { InputError } from "../../../core/errors.ts";
import { leftOutFields, type Manifest } from "../manifest/manifest.ts";
import { ownConfigMaps, renamedInContainer, renamedInVolume } from "./config-maps.ts";
import { literal, literalEnv } from "./containers.ts";
import { emptyMounts, type PartPieces, type PartSpec, startProbe } from "./part-spec.ts";
import { ownServices } from "./services.ts";

/** A part from the user's manifest: its pod's spec with what the trial wants in the measured container. */
export function manifestParts(part: PartSpec, manifest: Manifest): PartPieces {
  const container = measuredContainer(part, manifest);
  const { configMaps, names } = ownConfigMaps(part, manifest.configMaps);
  const patched = (one: V1Container) => {
    const own = renamedInContainer(withoutOutsideEffects(one), names);
    return own.name === container ? measured(part, own) : own;
  };
  const { initContainers, containers, volumes = [] } = manifest.spec;
  return {
    spec: {
      ...withoutStrangers(manifest.spec),
      ...(initContainers === undefined ? {} : { initContainers: initContainers.map(patched) }),
      containers: containers.map(patched),
      volumes: [
        ...volumes.map((volume) => renamedInVolume(volume, names)),
        ...manifest.claims.map((name) => ({ name, emptyDir: {} })),
      ],
    },
    annotations: manifest.annotations,
    others: [...configMaps, ...ownServices(part, manifest.services)],
    container,
  };
}

function measuredContainer({ part }: PartSpec, manifest: Manifest): string {
  const names = manifest.spec.containers.map(({ name }) => name);
  const taken = [...names, ...(manifest.spec.initContainers ?? []).map(({ name }) => name)].find((name) =>
    ownNames.includes(name),
  );
  if (taken !== undefined) {
    throw new InputError(`${manifest.file} has a container ${taken}: a run puts one of that name beside it; rename it`);
  }
  const wanted = part.kubernetes?.container ?? names[0] ?? "";
  if (names.includes(wanted)) return wanted;
  throw new InputError(`${manifest.file} has no container ${JSON.stringify(wanted)}: it has ${names.join(", ")}`);
}

const ownNames = ["sampler", "tunebench-settings"];

/**
 * Without what would put the pod somewhere else than the trial says, evict other pods for it, or wait for somebody who does not know it.
 * Variables for each Service of the namespace would differ from trial to trial.
 */
function withoutStrangers(spec: V1PodSpec): V1PodSpec {
  const kept = Object.entries(spec).filter(([field]) => !Object.hasOwn(leftOutFields, field));
  return { enableServiceLinks: false, ...Object.fromEntries(kept), containers: spec.containers };
}

/** A liveness probe would restart a target that is only overloaded; a port of the node would clash with another pod's. */
function withoutOutsideEffects(container: V1Container): V1Container {
  const { livenessProbe, ports, ...rest } = container;
  return { ...rest, ...(ports === undefined ? {} : { ports: ports.map(({ hostPort, hostIP, ...port }) => port) }) };
}

function measured({ part, profile, env }: PartSpec, container: V1Container): V1Container {
  const image = profile?.image ?? part.kubernetes?.image;
  const command = profile?.command ?? part.kubernetes?.command;
  const { args, ...withoutArgs } = container;
  return {
    ...(command ? { ...withoutArgs, command: command.map(literal) } : container),
    ...(image ? { image } : {}),
    ...startProbe(part),
    env: mergedEnv(container.env ?? [], literalEnv(env)),
    volumeMounts: [...(container.volumeMounts ?? []), ...emptyMounts({ part })],
  };
}

/** Ours in place of those of the same name; others keep their place, since a value may refer to one before it. */
function mergedEnv(written: V1EnvVar[], ours: V1EnvVar[]): V1EnvVar[] {
  const byName = new Map(ours.map((variable) => [variable.name, variable]));
  const kept = written.filter(({ name }) => !byName.has(name));
  return [...byName.values(), ...kept];
}
