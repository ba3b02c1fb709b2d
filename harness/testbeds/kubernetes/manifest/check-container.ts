import type { V1Container, V1PodSecurityContext } from "@kubernetes/client-node";
import { escaped } from "../../../core/text.ts";
import type { Manifest, ManifestFault } from "./manifest.ts";

/** What a measurement suffers from in each container. */
export function containerFaults({ spec }: Manifest): ManifestFault[] {
  const containers = spec.containers.flatMap((container, i) => {
    const at = ["spec", "containers", i];
    return [...anywhere(container, at, spec.securityContext), ...whereItServes(container, at)];
  });
  const beforehand = (spec.initContainers ?? []).flatMap((container, i) =>
    anywhere(container, ["spec", "initContainers", i], spec.securityContext),
  );
  return [...containers, ...beforehand];
}

/** Init containers too. */
function anywhere(container: V1Container, at: PropertyKey[], pod: V1PodSecurityContext | undefined): ManifestFault[] {
  const name = escaped(container.name);
  return [
    imageFault(container, name, at),
    rootFault(container, name, at, pod),
    privilegeFault(container, name, at),
  ].flat();
}

function imageFault({ image = "" }: V1Container, name: string, at: PropertyKey[]): ManifestFault[] {
  const path = [...at, "image"];
  const [, digest] = image.split("@");
  if (digest !== undefined) return [];
  const tag = /:([^:/]+)$/.exec(image)?.[1];
  if (tag !== undefined && tag !== "latest") return [];
  const what =
    image === ""
      ? "names no image"
      : `uses ${escaped(image)}, ${tag === undefined ? "without a tag" : "a tag that moves"}`;
  return [
    {
      path,
      text: `container ${name} ${what}: two trials may measure two builds, and nothing in the record would tell; name a version, best by its digest`,
    },
  ];
}

function rootFault(
  { securityContext }: V1Container,
  name: string,
  at: PropertyKey[],
  pod: V1PodSecurityContext | undefined,
): ManifestFault[] {
  const user = securityContext?.runAsUser ?? pod?.runAsUser;
  const notRoot = securityContext?.runAsNonRoot ?? pod?.runAsNonRoot ?? false;
  if (user === 0) {
    const own = securityContext?.runAsUser === 0 ? at : ["spec"];
    return [{ path: [...own, "securityContext", "runAsUser"], text: `container ${name} runs as root: ${asRoot}` }];
  }
  if (notRoot || user !== undefined) return [];
  return [{ path: at, text: `container ${name} may run as root (no runAsNonRoot: true): ${asRoot}` }];
}

const asRoot =
  "root may change its own limits and settings at its start, so that what is measured need not be what the profile says; namespaces at Pod Security level restricted refuse it";

function privilegeFault({ securityContext }: V1Container, name: string, at: PropertyKey[]): ManifestFault[] {
  const path = [...at, "securityContext"];
  if (securityContext?.privileged !== true) return [];
  return [
    {
      path: [...path, "privileged"],
      text: `container ${name} is privileged: it may write sysctls itself, its own and the node's, so that a profile's values may not be the ones in force; they are read again after the load`,
    },
  ];
}

/** Containers that serve while the load runs. */
function whereItServes(container: V1Container, at: PropertyKey[]): ManifestFault[] {
  const name = escaped(container.name);
  const { resources, startupProbe, readinessProbe, lifecycle, securityContext } = container;
  const faults: [boolean, PropertyKey[], string][] = [
    [
      isEmpty(resources?.requests) && isEmpty(resources?.limits),
      ["resources"],
      "has no requests and limits: its share of the node's CPU depends on what else runs there, so that blocks differ by their neighbours",
    ],
    [
      startupProbe === undefined && readinessProbe === undefined,
      [],
      "has no startup or readiness probe: the suite's `ready` alone says when the load may begin, and a rollout of the winner would send traffic too early",
    ],
    [
      securityContext?.readOnlyRootFilesystem !== true,
      ["securityContext"],
      "has a writable root file system: what it writes there goes through the node's overlay, and its cost is measured along",
    ],
    [
      lifecycle?.preStop === undefined,
      ["lifecycle"],
      "has no preStop: at its end requests in flight are cut off, which a condition that replaces it counts as failures",
    ],
  ];
  return faults
    .filter(([isSo]) => isSo)
    .map(([, path, text]) => ({ path: [...at, ...path], text: `container ${name} ${text}` }));
}

function isEmpty(record: object | undefined): boolean {
  return record === undefined || Object.keys(record).length === 0;
}
