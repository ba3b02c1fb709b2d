import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { InputError } from "../../core/errors.ts";
import { servicesIn } from "../../suite/compose/read-compose.ts";
import type { Service } from "../../suite/compose/schema.ts";
import { type ContainerEngine, enginesHere, isUsable } from "../../testbeds/containers/container-engine.ts";
import type { Detected, FoundService } from "./found-service.ts";
import { suiteName } from "./found-service.ts";
import { foundIn, portOfImage } from "./from-image.ts";

/**
 * What a compose file says of a service: the one that publishes a port and that no other depends on is the target. Ports that its lines don't
 * say are looked for in the images that are here. Throws InputError where the file can't be read, or lies elsewhere with files that it needs.
 */
export async function serviceOfCompose(file: string, folder: string): Promise<FoundService> {
  const text = readText(file);
  const way = relative(folder, resolve(file));
  const isInside = existsSync(folder) && !way.startsWith("..");
  const services = servicesIn(file, text);
  const target = targetOf(services, file);
  const all = dependencies(services, target);
  const engines = (await enginesHere()).filter(isUsable);
  const silent = all.filter((name) => portIn(services.get(name)) === null);
  const ports = await Promise.all(
    silent.map(async (name) => [name, await portOf(services.get(name), engines)] as const),
  );
  const name = isInside ? way : basename(file);
  const own = portIn(services.get(target));
  return {
    name: suiteName(basename(dirname(resolve(file)))),
    target: {
      command: null,
      kubernetes: null,
      compose: {
        file: name,
        target,
        note:
          own === null
            ? "guessed: no other service depends on it"
            : "found: no other service depends on it, and it names a port",
        ports: Object.fromEntries(ports),
        started: `it starts ${all.join(", ")}`,
      },
      port: { value: own ?? 8080, note: null },
      httpPath: { value: null, note: null },
    },
    upstreams: {},
    dialled: [],
    path: "/",
    files: isInside
      ? {}
      : {
          [name]: text,
          ...filesOf(
            all.flatMap((one) => services.get(one) ?? []),
            file,
          ),
        },
  };
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new InputError(`can't read ${file}: ${(cause as Error).message}`, { cause });
  }
}

function targetOf(services: Map<string, Service>, file: string): string {
  const names = [...services.keys()];
  const behind = new Set([...services.values()].flatMap(({ depends_on }) => depends_on));
  const first = names.filter((name) => !behind.has(name));
  const target = first.find((name) => portIn(services.get(name)) !== null) ?? first[0];
  if (target === undefined) throw new InputError(`${file} has no service`);
  return target;
}

/** The service and all that it depends on. */
function dependencies(services: Map<string, Service>, name: string): string[] {
  const others = services.get(name)?.depends_on ?? [];
  return [...new Set([name, ...others.flatMap((other) => dependencies(services, other))])];
}

function portIn(service: Service | undefined): number | null {
  const listening = [...(service?.ports ?? []), ...(service?.expose ?? [])].find(({ isTcp }) => isTcp);
  return listening?.port ?? null;
}

/** By what a usual image is called. */
const usualPorts: [RegExp, number][] = [
  [/mariadb|mysql/, 3306],
  [/postgres/, 5432],
  [/redis|valkey/, 6379],
  [/memcached/, 11_211],
  [/mongo/, 27_017],
  [/rabbitmq/, 5672],
];

async function portOf(service: Service | undefined, engines: ContainerEngine[]): Promise<Detected<number>> {
  const image = service?.image ?? "";
  const found = await foundIn(engines, image);
  if (found !== null && found.image.ports.length > 0) return portOfImage(found.image);
  const usual = usualPorts.find(([name]) => name.test(image))?.[1];
  return usual === undefined
    ? { value: 8080, note: "guessed: neither the file nor an image that is here names a port" }
    : { value: usual, note: "guessed: by the image's name" };
}

/** What the services read of their file's folder, to lie beside the suite too. */
function filesOf(services: Service[], file: string): Record<string, string> {
  const ways = services.flatMap(({ env_file, volumes }) => [
    ...env_file.filter(({ required }) => required).map(({ path }) => path),
    ...volumes.flatMap(({ file }) => file ?? []),
  ]);
  const folder = dirname(resolve(file));
  return Object.fromEntries(
    [...new Set(ways)].map((way) => {
      try {
        return [way.replace(/^\.\//, ""), readFileSync(join(folder, way), "utf8")];
      } catch (cause) {
        throw new InputError(`the compose file needs ${way}, which can't be taken along: ${(cause as Error).message}`, {
          cause,
          hint: `write the suite beside it: tunebench init ${folder} --compose ${file}`,
        });
      }
    }),
  );
}
