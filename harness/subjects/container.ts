import { execa } from "execa";
import * as z from "zod";
import { CapabilityError, ExpectedError, exitCodes, InputError } from "../core/errors.ts";
import type { ContainerSeen } from "../observe/suite/service.ts";
import type { Subject } from "./subject.ts";

const engines = ["docker", "podman"] as const;
const answerMs = 10_000;

/** What is read of `docker inspect` and `podman inspect`: both give a list with one object. */
const inspected = z.array(
  z.object({
    Name: z.string(),
    // Podman.
    ImageName: z.string().nullish(),
    State: z.object({ Pid: z.number(), Status: z.string().optional() }),
    HostConfig: z.object({ Sysctls: z.record(z.string(), z.string()).nullish() }).optional(),
    Config: z
      .object({
        Image: z.string().nullish(),
        Cmd: z.array(z.string()).nullish(),
        // Podman 4 joins its words.
        Entrypoint: z.union([z.string(), z.array(z.string())]).nullish(),
        User: z.string().nullish(),
        Sysctls: z.record(z.string(), z.string()).nullish(),
        // Podman 4 tells them nowhere else.
        CreateCommand: z.array(z.string()).nullish(),
      })
      .optional(),
    Mounts: z.array(z.object({ Destination: z.string() })).nullish(),
  }),
);
type Inspected = z.infer<typeof inspected>[number];

/**
 * A container of docker or podman by its name or id. Throws CapabilityError where neither is here or answers, InputError where neither has it or
 * it does not run.
 */
export async function subjectOfContainer(name: string): Promise<Subject> {
  const answers = [];
  for (const engine of engines) {
    const answer = await inspect(engine, name);
    if ("container" in answer) return answer.container;
    answers.push(answer);
  }
  const told = answers.filter(({ isHere }) => isHere);
  if (told.length === 0)
    throw new CapabilityError("neither docker nor podman is on PATH", {
      hint: "apt-get install podman; or look at one of its processes: --pid PID",
    });
  throw new ExpectedError(
    told.some(({ isUnknown }) => isUnknown) ? exitCodes.badInput : exitCodes.cannotRunHere,
    `container ${JSON.stringify(name)}: ${told.map(({ words }) => words).join("; ")}`,
    { hint: "docker ps and podman ps list those that run" },
  );
}

async function inspect(engine: string, name: string) {
  const { stdout, stderr, exitCode, failed, code } = await execa(
    engine,
    ["inspect", "--type", "container", "--", name],
    {
      reject: false,
      timeout: answerMs,
    },
  );
  if (failed || exitCode !== 0) {
    const words = `${engine}: ${stderr.trim().split("\n").at(-1) || "no answer"}`;
    return { isHere: code !== "ENOENT", isUnknown: /no such (container|object)/i.test(stderr), words };
  }
  return { container: containerOf(stdout, name) };
}

/** The container of an engine's answer. Throws InputError for one that does not run, CapabilityError for an answer that is not understood. */
export function containerOf(text: string, name: string): Subject {
  const [found] = readAnswer(text);
  if (found === undefined)
    throw new CapabilityError(`the engine's answer about ${JSON.stringify(name)} is not understood`);
  const { State, HostConfig, Config } = found;
  if (State.Pid <= 0)
    throw new InputError(`container ${JSON.stringify(name)} does not run (${State.Status ?? "no process"})`);
  return {
    name: `container ${found.Name.replace(/^\//, "")}`,
    namespacePid: State.Pid,
    pids: [State.Pid],
    spec: {
      of: "container",
      sysctls: HostConfig?.Sysctls ?? Config?.Sysctls ?? sysctlsIn(Config?.CreateCommand ?? []),
    },
    made: madeOf(found),
    hidden: 0,
    alsoIn: 0,
  };
}

/** null for an image that has an id alone. */
function madeOf({ ImageName, Config, Mounts }: Inspected): ContainerSeen | null {
  const image = ImageName ?? Config?.Image ?? "";
  if (image === "" || /^(sha256:)?[0-9a-f]{12,64}$/.test(image)) return null;
  const { Entrypoint: entrypoint = null, Cmd: command = null, User: user = null } = Config ?? {};
  return {
    image,
    entrypoint: typeof entrypoint === "string" ? wordOf(entrypoint) : entrypoint,
    command,
    user: user === null || user === "" ? null : user,
    mounts: (Mounts ?? []).map(({ Destination }) => Destination),
  };
}

/** Joined words can't be parted again: then the image's own entrypoint is as near as one comes. */
function wordOf(joined: string): string[] | null {
  return joined === "" || /\s/.test(joined) ? null : [joined];
}

/** Of `podman run --sysctl net.core.somaxconn=222`, or --sysctl=net.core.somaxconn=222. */
function sysctlsIn(command: readonly string[]): Record<string, string> {
  const given = command.flatMap((word, place) =>
    word === "--sysctl"
      ? (command[place + 1] ?? [])
      : word.startsWith("--sysctl=")
        ? word.slice("--sysctl=".length)
        : [],
  );
  return Object.fromEntries(
    given.flatMap((text) => {
      const [, key, value] = /^([^=]+)=(.*)$/.exec(text) ?? [];
      return key === undefined || value === undefined ? [] : [[key, value]];
    }),
  );
}

function readAnswer(text: string): Inspected[] {
  try {
    return inspected.parse(JSON.parse(text));
  } catch {
    return [];
  }
}
