import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { CapabilityError, IncompleteError, InputError } from "../../core/errors.ts";
import type { Scope } from "../../core/scope.ts";
import { distinctRolesOf, type Profile, type Suite } from "../../suite/suite.ts";
import type { ContainerRuntime, TrialContainers } from "../netns/container-port.ts";
import type { Holder } from "../netns/holder.ts";
import { temporaryName } from "../netns/workspace.ts";
import { partOf } from "../testbed.ts";
import { type ContainerEngine, call, type EngineProblem, enginesHere, isUsable } from "./container-engine.ts";
import { startContainer } from "./container-part.ts";
import { spawnHoldingContainer } from "./holding-container.ts";
import { imageOf } from "./images.ts";
import { removeTrial } from "./leftovers.ts";

/** What a suite's containers are looked for with. */
export interface RuntimeRequest {
  suite: Suite;
  profiles: Profile[];
  /** Whether this machine's namespaces are made without root's rights. */
  rootless: boolean;
  /** Takes what is worth knowing while it lasts. */
  log: (line: string) => void;
  signal: AbortSignal;
}

/**
 * The engine that has all images of a suite: docker, else podman. Throws CapabilityError where none can be used here, InputError where one has
 * not all images; pulled is what the suite says.
 */
export async function findRuntime(request: RuntimeRequest): Promise<ContainerRuntime> {
  const engines = await usableEngines(request);
  const wanted = wantedImages(request);
  const found = await Promise.all(
    engines.map(async (engine) => ({ engine, images: await idsOf(engine, [...wanted.keys()]) })),
  );
  const lacks = ({ images }: (typeof found)[number]) => [...wanted.keys()].filter((name) => images[name] === undefined);
  const chosen =
    found.find((one) => lacks(one).length === 0) ?? found.find((one) => lacks(one).every((name) => wanted.get(name)));
  if (chosen === undefined)
    throw missing(
      found.map((one) => ({ ...one, missing: lacks(one) })),
      wanted,
    );
  const pulled = await pull(chosen.engine, lacks(chosen), request);
  return runtimeOf(chosen.engine, { ...chosen.images, ...pulled });
}

/** Image -> whether it may be pulled. */
function wantedImages({ suite, profiles }: RuntimeRequest): Map<string, boolean> {
  const wanted = new Map<string, boolean>();
  for (const profile of profiles) {
    for (const role of distinctRolesOf(suite).filter((role) => role !== "generator")) {
      const { container } = partOf(suite, profile, role);
      if (container !== null) wanted.set(container.image, container.pull || wanted.get(container.image) === true);
    }
  }
  return wanted;
}

async function usableEngines({ rootless }: RuntimeRequest): Promise<ContainerEngine[]> {
  const all = await enginesHere();
  const problems = all.flatMap((one) => problemOf(one, rootless) ?? []);
  const usable = all.filter(isUsable).filter((one) => problemOf(one, rootless) === null);
  if (usable.length > 0) return usable;
  throw new CapabilityError(`no image can be run here: ${problems.join("; ")}`, {
    hint: rootless
      ? "run tunebench as root, or have podman as this user"
      : "apt-get install podman, or docker.io; tunebench doctor says which is found",
  });
}

/** Whose containers the rig can't enter is of no use to it. */
function problemOf(one: ContainerEngine | EngineProblem, rootless: boolean): string | null {
  if (!isUsable(one)) return `${one.name}: ${one.words}`;
  if (one.rootless === rootless) return null;
  return rootless
    ? `${one.name}: its containers are root's, and their namespaces can't be entered by this user`
    : `${one.name}: its containers are an ordinary user's, and tunebench is root here`;
}

async function idsOf(engine: ContainerEngine, names: string[]): Promise<Record<string, string>> {
  const found = await Promise.all(names.map(async (name) => [name, await imageOf(engine, name)] as const));
  return Object.fromEntries(found.flatMap(([name, image]) => (image === null ? [] : [[name, image.id]])));
}

function missing(found: { engine: ContainerEngine; missing: string[] }[], wanted: Map<string, boolean>): InputError {
  const lines = found.map(
    ({ engine, missing }) => `${engine.name} has not ${missing.filter((name) => !wanted.get(name)).join(", ")}`,
  );
  const [first] = found;
  return new InputError(`the suite's images are not here: ${lines.join("; ")}`, {
    hint: `${first?.engine.name} pull NAME, or build it; with pull: true a run pulls what is not here`,
  });
}

async function pull(
  engine: ContainerEngine,
  names: string[],
  { log, signal }: RuntimeRequest,
): Promise<Record<string, string>> {
  for (const name of names) {
    log(`${engine.name} pulls ${name}`);
    const { ok, words } = await call(engine, ["pull", name], { timeoutMs: 0, signal });
    signal.throwIfAborted();
    if (!ok) throw new CapabilityError(`${name} can't be pulled: ${words}`);
  }
  return idsOf(engine, names);
}

async function runtimeOf(engine: ContainerEngine, images: Record<string, string>): Promise<ContainerRuntime> {
  return {
    facts: { engine: `${engine.name} ${engine.version}`, images },
    userOf: engine.rootless ? await userNamespaceOf(engine) : null,
    begin: (scope) => begin(engine, scope),
  };
}

/** Rootless podman keeps its user namespace by a process that pauses: the rig's namespaces have to belong to the same. */
async function userNamespaceOf(engine: ContainerEngine): Promise<Pick<Holder, "pid">> {
  const { ok, words } = await call(engine, ["unshare", "true"]);
  if (!ok) throw new CapabilityError(`${engine.name} has no user namespace here: ${words}`);
  const runtimeFolder = process.env.XDG_RUNTIME_DIR ?? `/tmp/podman-run-${process.geteuid?.()}`;
  try {
    return { pid: Number(readFileSync(`${runtimeFolder}/libpod/tmp/pause.pid`, "utf8")) };
  } catch (cause) {
    throw new CapabilityError(`${engine.name} does not say where its user namespace is: ${(cause as Error).message}`, {
      cause,
      hint: "log in as that user (XDG_RUNTIME_DIR), or run tunebench as root",
    });
  }
}

function begin(engine: ContainerEngine, scope: Scope): TrialContainers {
  const trial = basename(temporaryName());
  let count = 0;
  const nameOf = (role: string) => `${trial}.${role}.${count++}`;
  const holding = new Map<string, string>();
  scope.defer("remove the trial's containers", async () => {
    const words = await removeTrial(engine, trial);
    if (words !== null) throw new IncompleteError(words);
  });
  return {
    hold: (place) => {
      if (engine.name === "podman") return null;
      const name = nameOf(place.role);
      holding.set(place.role, name);
      return spawnHoldingContainer(engine, place, { trial, name });
    },
    start: (request) => {
      const container = holding.get(request.role);
      const joined = container === undefined ? { pid: request.holder.pid } : { container };
      return startContainer(engine, request, { trial, name: nameOf(request.role), joined });
    },
  };
}
