import * as z from "zod";
import { type ContainerEngine, call } from "./container-engine.ts";

/** What is read of `docker image inspect` and `podman image inspect`. */
const health = z.object({ Test: z.array(z.string()).nullish() }).nullish();
const inspected = z.array(
  z.object({
    Id: z.string(),
    HealthCheck: health,
    Healthcheck: health,
    Config: z.object({
      User: z.string().nullish(),
      ExposedPorts: z.record(z.string(), z.unknown()).nullish(),
      Healthcheck: health,
      Env: z.array(z.string()).nullish(),
      Volumes: z.record(z.string(), z.unknown()).nullish(),
    }),
  }),
);

/** An image as its engine has it. */
export interface Image {
  /** The same content has the same: "sha256:…". */
  id: string;
  /** "" = root. */
  user: string;
  /** TCP ports that it says it listens on, in the order of numbers. */
  ports: number[];
  /** Its health check as a command; null without one. */
  healthcheck: string[] | null;
  /** Names of its variables. */
  variables: string[];
}

/** An image that is here; null where it is not, or the engine's answer is not understood. */
export async function imageOf(engine: ContainerEngine, name: string): Promise<Image | null> {
  const { ok, stdout } = await call(engine, ["image", "inspect", name]);
  return ok ? readImage(stdout) : null;
}

/** The image of an engine's answer; null where it is not understood. */
export function readImage(answer: string): Image | null {
  const [found] = parsed(answer);
  if (found === undefined) return null;
  const { Id, Config } = found;
  const [kind, ...words] = (Config.Healthcheck ?? found.Healthcheck ?? found.HealthCheck)?.Test ?? [];
  const ports = Object.keys(Config.ExposedPorts ?? {}).filter((port) => !port.endsWith("/udp"));
  return {
    id: Id.startsWith("sha256:") ? Id : `sha256:${Id}`,
    user: Config.User ?? "",
    ports: ports.map((port) => Number.parseInt(port, 10)).toSorted((a, b) => a - b),
    healthcheck: kind === "CMD" ? words : kind === "CMD-SHELL" ? ["/bin/sh", "-c", ...words] : null,
    variables: (Config.Env ?? []).map((entry) => entry.split("=")[0] ?? ""),
  };
}

function parsed(answer: string): z.infer<typeof inspected> {
  try {
    return inspected.parse(JSON.parse(answer));
  } catch {
    return [];
  }
}
