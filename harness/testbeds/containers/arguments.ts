import { resolve } from "node:path";
import type { ContainerRequest } from "../netns/container-port.ts";
import type { EngineName } from "./container-engine.ts";

/** By this label containers of tunebench are known; its value is the trial's name (leftovers.ts). */
export const label = "tunebench.trial";

/** What every container of a trial is started with: it goes when it ends, and no image is fetched for it. */
export function ownArguments(trial: string, name: string): string[] {
  return [
    "run",
    "--rm",
    `--name=${name}`,
    `--label=${label}=${trial}`,
    "--pull=never",
    // Its output is read as it comes; a second copy would be the engine's own work beside the measurement.
    "--log-driver=none",
    // Asked until it is ready (readiness.ts), and not beside the load.
    "--no-healthcheck",
  ];
}

/** How it joins the namespaces that are held for it: of the container that holds them, or of the rig's holder. */
export type Joined = { container: string } | { pid: number };

/** What a container is called, and of which trial it is. */
export interface Named {
  trial: string;
  name: string;
}

/**
 * Arguments of the engine that start a part: as its image has it, but for what the suite says. `envFile`: its variables, a line each; `limits`:
 * those of its processes that the suite does not say.
 */
export function partArguments(
  engine: EngineName,
  request: ContainerRequest,
  { trial, name, joined, envFile, limits }: { joined: Joined; envFile: string; limits: Record<string, string> } & Named,
): string[] {
  const { container, command, part, folder, hosts } = request;
  const [program, ...args] = container.entrypoint ?? [];
  return [
    ...ownArguments(trial, name),
    // A Ctrl-C, and the end of the harness, are not the program's affair.
    "--sig-proxy=false",
    ...joins(joined),
    // A container that joins another one's network has its names.
    ...(engine === "podman" ? hostArguments(hosts) : []),
    `--env-file=${envFile}`,
    ...(container.user === null ? [] : [`--user=${container.user}`]),
    ...Object.entries({ ...limits, ...container.ulimits }).map(([limit, value]) => `--ulimit=${limit}=${value}`),
    ...container.mounts.map(
      (mount) => `--volume=${resolve(folder, mount.slice(0, mount.indexOf(":")))}${mount.slice(mount.indexOf(":"))}:ro`,
    ),
    ...part.writable.map((place) => `--volume=${place}`),
    ...(part.cpus === null ? [] : [`--cpuset-cpus=${part.cpus}`]),
    ...(part.privileged ? ["--privileged"] : []),
    ...(program === undefined ? [] : [`--entrypoint=${program}`]),
    container.image,
    ...args,
    ...command,
  ];
}

/** Names that it reaches others by, in its /etc/hosts. */
export function hostArguments(hosts: Record<string, string>): string[] {
  return Object.entries(hosts).map(([host, address]) => `--add-host=${host}:${address}`);
}

function joins(joined: Joined): string[] {
  const kinds = [
    ["network", "net"],
    ["pid", "pid"],
    ["ipc", "ipc"],
  ] as const;
  return kinds.map(([option, file]) =>
    "container" in joined
      ? `--${option}=container:${joined.container}`
      : `--${option}=ns:/proc/${joined.pid}/ns/${file}`,
  );
}

/**
 * Variables as an engine's file of them has them. Its lines are taken as they are: a value can hold anything but the end of a line, by whose
 * name an error is thrown.
 */
export function envLines(env: Record<string, string>): string {
  const broken = Object.keys(env).find((name) => /[\r\n]/.test(env[name] ?? ""));
  if (broken !== undefined) throw new RangeError(broken);
  return Object.entries(env)
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");
}
