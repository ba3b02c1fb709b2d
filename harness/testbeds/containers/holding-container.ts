import { type ChildProcessByStdio, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Readable, Writable } from "node:stream";
import { execa } from "execa";
import { IncompleteError } from "../../core/errors.ts";
import { endsWithin } from "../../core/waits.ts";
import type { ContainerPlace } from "../netns/container-port.ts";
import { toolEnvironment, toolPath } from "../netns/find-program.ts";
import { type Holder, type HolderProcess, spawnHolder } from "../netns/holder.ts";
import { hostArguments, ownArguments } from "./arguments.ts";
import { type ContainerEngine, call } from "./container-engine.ts";

/**
 * Namespaces of a role where the engine joins its containers to other containers only (docker): a container whose first process is `cat`, as in
 * the rig. Its stdin is a pipe from the harness through the engine's client and daemon: when the harness ends, by SIGKILL too, cat ends, the
 * kernel kills everything in its pid namespace, and the engine removes what it has of these containers. The rig's own holder is
 * one more process in there, with mounts of its own.
 */
export function spawnHoldingContainer(
  engine: ContainerEngine,
  place: ContainerPlace,
  { trial, name }: { trial: string; name: string },
): HolderProcess {
  let child: HoldingChild | null = null;
  let inner: HolderProcess | null = null;
  let isClosed = false;
  const ready = (async (): Promise<Holder> => {
    const token = randomBytes(12).toString("hex");
    const args = [...ownArguments(trial, name), ...(await holding(place, token))];
    if (isClosed) throw new IncompleteError(`the namespace of ${place.role} is not needed any more`);
    child = spawn(engine.name, args, { detached: true, stdio: ["pipe", "pipe", "pipe"] });
    await untilEchoed(place.role, child);
    const pid = await pidOf(engine, name, token);
    inner = spawnHolder(place.role, { rootless: false, userOf: null, within: pid });
    return inner.ready;
  })();
  ready.catch(() => {}); // awaited by whoever asked; a close() before that is no bug
  return {
    ready,
    close: async () => {
      isClosed = true;
      if (child !== null) await end(engine, name, child);
      await inner?.close();
    },
  };
}

type HoldingChild = ChildProcessByStdio<Writable, Readable, Readable>;

const inside = "/.tunebench";

/** `cat` with the libraries that it needs, of this machine: there may be none in the image, which is the part's own, since it is here. */
async function holding({ container, hosts }: ContainerPlace, token: string): Promise<string[]> {
  const cat = toolPath("cat");
  const { stdout } = await execa(toolPath("ldd"), [cat], { reject: false, env: toolEnvironment(), extendEnv: false });
  const { loader, libraries } = loadedLibraries(stdout);
  const files = { cat, ...libraries, ...(loader === null ? {} : { loader }) };
  const program = loader === null ? ["cat"] : ["loader", "--library-path", inside, `${inside}/cat`];
  const [entrypoint = "cat", ...args] = program;
  return [
    "--interactive",
    "--network=none",
    "--ipc=shareable",
    "--security-opt=label=disable",
    `--env=${tokenName}=${token}`,
    "--env=LD_PRELOAD=",
    "--env=LD_LIBRARY_PATH=",
    ...hostArguments(hosts),
    ...Object.entries(files).map(([name, file]) => `--volume=${file}:${inside}/${name}:ro`),
    `--entrypoint=${inside}/${entrypoint}`,
    container.image,
    ...args,
  ];
}

const tokenName = "TUNEBENCH_HOLDER";

/** What ldd(1) says that a program is loaded with; `loader` null for a static one. */
export function loadedLibraries(said: string): { loader: string | null; libraries: Record<string, string> } {
  const libraries: Record<string, string> = {};
  let loader: string | null = null;
  for (const line of said.split("\n")) {
    const [, name = "", file] = /^\s*(\S+)(?: => (\/\S+))? \(0x/.exec(line) ?? [];
    if (file !== undefined) libraries[name.slice(name.lastIndexOf("/") + 1)] = file;
    else if (name.startsWith("/")) loader = name;
  }
  return { loader, libraries };
}

async function untilEchoed(role: string, child: HoldingChild): Promise<void> {
  let words = "";
  child.stderr.on("data", (chunk: Buffer) => {
    words = (words + chunk.toString()).slice(-2000);
  });
  child.stdin.on("error", () => {}); // EPIPE: it is gone, which the end says
  child.stdin.write("\n");
  const echoed = await new Promise<boolean>((resolve) => {
    child.stdout.once("data", () => resolve(true));
    child.once("close", () => resolve(false));
    child.once("error", (error) => {
      words = error.message;
      resolve(false);
    });
  });
  if (echoed) return;
  throw new IncompleteError(`no namespace for ${role}: ${words.trim() || "the container that holds it ended at once"}`);
}

/** The process is looked at: a daemon on another machine would name a pid that is a stranger's here. */
async function pidOf(engine: ContainerEngine, name: string, token: string): Promise<number> {
  const { ok, stdout, words } = await call(engine, ["inspect", "--format", "{{.State.Pid}}", name]);
  const pid = Number(stdout.trim());
  if (!ok || !(pid > 0))
    throw new IncompleteError(`${engine.name} does not say where its container ${name} is: ${words}`);
  if (environmentOf(pid).includes(`${tokenName}=${token}`)) return pid;
  throw new IncompleteError(`the containers of ${engine.name} do not run on this machine`, {
    hint: "its daemon has to be here, as root's: see DOCKER_HOST and docker context",
  });
}

function environmentOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, "latin1").split("\0");
  } catch {
    return [];
  }
}

async function end(engine: ContainerEngine, name: string, child: HoldingChild): Promise<void> {
  const ended = new Promise<void>((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  child.stdin.destroy();
  if (await endsWithin(ended, 4000)) return;
  await call(engine, ["rm", "--force", "--volumes", name]);
  if (await endsWithin(ended, 3000)) return;
  throw new IncompleteError(`the container ${name} could not be ended`, { hint: `${engine.name} rm --force ${name}` });
}
