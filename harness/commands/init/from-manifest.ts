import { existsSync, readFileSync } from "node:fs";
import { basename, relative, resolve } from "node:path";
import type { V1Container, V1Probe } from "@kubernetes/client-node";
import { InputError } from "../../core/errors.ts";
import { dials } from "../../testbeds/kubernetes/manifest/dialled.ts";
import type { Manifest } from "../../testbeds/kubernetes/manifest/manifest.ts";
import { readManifest, workloadsIn } from "../../testbeds/kubernetes/manifest/read-manifest.ts";
import { type Detected, type FoundPart, type FoundService, suiteName } from "./found-service.ts";

/**
 * What a manifest says of a service: the first workload that a Service selects and that no other dials is the target; others are upstreams where the target,
 * or another upstream, names one of their Services. Throws InputError where the file can't be read, or holds no workload.
 */
export function serviceOfManifest(file: string, folder: string): FoundService {
  const text = readText(file);
  const way = relative(folder, resolve(file));
  const isInside = existsSync(folder) && !way.startsWith("..");
  const name = isInside ? way : basename(file);
  const manifests = workloadsIn(name, text).map((workload) => ({
    workload,
    manifest: readManifest(name, text, workload),
  }));
  const [first] = manifests;
  if (first === undefined) {
    // Says what is there instead.
    readManifest(name, text);
    throw new InputError(`${name} holds no workload`);
  }
  // What others dial is behind who dials it.
  const served = manifests.filter(({ manifest }) => manifest.services.length > 0);
  const tellers = manifests.map(({ manifest }) => manifest);
  const isBehind = (one: (typeof manifests)[number]) =>
    manifests.some((other) => other !== one && dials(other.manifest, one.manifest, tellers));
  const target = served.find((one) => !isBehind(one)) ?? served[0] ?? first;
  const of = ({ workload, manifest }: (typeof manifests)[number]) =>
    partOf(manifest, manifests.length === 1 ? name : { file: name, workload });
  const others = manifests.filter((one) => one !== target);
  const dialled = reached(target, others, tellers);
  const left = others.filter((one) => !dialled.includes(one));
  return {
    name: suiteName(target.manifest.name),
    target: of(target),
    upstreams: Object.fromEntries(dialled.map((one) => [suiteName(one.manifest.name), of(one)])),
    dialled: left.map(
      ({ workload }) => `${workload} is in the file, too; neither the target nor its upstreams name a Service of it`,
    ),
    path: of(target).httpPath.value ?? "/",
    files: isInside ? {} : { [name]: text },
  };
}

/** Those that it dials, and those that they dial. */
function reached<One extends { manifest: Manifest }>(from: One, others: One[], tellers: Manifest[]): One[] {
  const found = new Set([from]);
  for (const one of found)
    for (const other of others) if (dials(one.manifest, other.manifest, tellers)) found.add(other);
  return others.filter((one) => found.has(one));
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new InputError(`can't read ${file}: ${(cause as Error).message}`, { cause });
  }
}

function partOf(manifest: Manifest, named: string | object): FoundPart {
  const [container] = manifest.spec.containers;
  const port = portOf(container, manifest);
  return { command: null, kubernetes: { manifest: named }, port, httpPath: pathOf(container) };
}

function portOf(container: V1Container | undefined, { services }: Manifest): Detected<number> {
  const [port, ...more] = container?.ports ?? [];
  const target = services[0]?.spec?.ports?.[0]?.targetPort;
  const ofService =
    typeof target === "number" ? target : container?.ports?.find(({ name }) => name === target)?.containerPort;
  if (ofService !== undefined) return { value: ofService, note: "found: its Service leads there" };
  if (port === undefined) return { value: 8080, note: "guessed: the container names no port" };
  return { value: port.containerPort, note: more.length === 0 ? null : "guessed: the first of the container's ports" };
}

function pathOf(container: V1Container | undefined): Detected<string | null> {
  const probes: [string, V1Probe | undefined][] = [
    ["readiness probe", container?.readinessProbe],
    ["startup probe", container?.startupProbe],
    ["liveness probe", container?.livenessProbe],
  ];
  for (const [what, probe] of probes) {
    if (probe?.httpGet !== undefined) return { value: probe.httpGet.path ?? "/", note: `found: its ${what}` };
  }
  return { value: null, note: "guessed: no probe asks for a page, so once the port takes a connection" };
}
