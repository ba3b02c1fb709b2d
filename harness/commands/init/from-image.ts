import { basename } from "node:path";
import { InputError } from "../../core/errors.ts";
import { type ContainerEngine, enginesHere, isUsable } from "../../testbeds/containers/container-engine.ts";
import { type Image, imageOf } from "../../testbeds/containers/images.ts";
import { type Detected, type FoundService, suiteName } from "./found-service.ts";

/** What an image that is here says of a service: its ports, its health check. Throws InputError where no engine has it: none is pulled. */
export async function serviceOfImage(name: string): Promise<FoundService> {
  const engines = (await enginesHere()).filter(isUsable);
  const found = await foundIn(engines, name);
  if (found === null) {
    const where =
      engines.length === 0
        ? "neither docker nor podman is here"
        : `not in ${engines.map((one) => one.name).join(" or ")}`;
    throw new InputError(`no image ${name}: ${where}`, {
      hint: `docker pull ${name}, podman pull ${name}, or build it`,
    });
  }
  const { image, engine } = found;
  const target = {
    command: null,
    kubernetes: null,
    image: { name, note: `found: ${engine.name} has it${userWords(image)}` },
    port: portOfImage(image),
    httpPath: { value: null, note: null },
    ready: readinessOf(image),
  };
  return {
    name: suiteName(basename(name.replace(/[:@].*$/, ""))),
    target,
    upstreams: {},
    dialled: [],
    path: "/",
    files: {},
  };
}

/** The image in the first engine that has it; null where none has. */
export async function foundIn(
  engines: ContainerEngine[],
  name: string,
): Promise<{ image: Image; engine: ContainerEngine } | null> {
  for (const engine of engines) {
    const image = await imageOf(engine, name);
    if (image !== null) return { image, engine };
  }
  return null;
}

function userWords({ user }: Image): string {
  return user === "" ? "; it runs as root inside, with a container's rights" : `; it runs as its own user, ${user}`;
}

/** The lowest of the ports that an image says. */
export function portOfImage({ ports }: Pick<Image, "ports">): Detected<number> {
  const [port, ...more] = ports;
  if (port === undefined) return { value: 8080, note: "guessed: the image names no port" };
  return { value: port, note: more.length === 0 ? "found: the image's EXPOSE" : "guessed: the lowest that it exposes" };
}

function readinessOf({ healthcheck }: Image): Detected<object> | null {
  return healthcheck === null ? null : { value: { exec: healthcheck }, note: "found: the image's HEALTHCHECK" };
}
