import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { CapabilityError } from "../core/errors.ts";
import { cacheFolder } from "./folder.ts";
import { type GoResult, requireGo, runGo } from "./go.ts";
import { lockFile } from "./lock.ts";

/** Programs of one Go module whose dependencies are pinned by its go.sum; built once, kept in the user's cache. */
export interface GoPrograms {
  /** As messages name them: "k6". */
  name: string;
  /** "v2.2.0" */
  version: string;
  /** Folder of go.mod and go.sum. */
  moduleFolder: string;
  /** Import path of each program; the last element is the program's name. */
  packages: string[];
  /** Names of the programs. */
  programs: string[];
  /** What the linker is told beyond leaving out debug information: "-X package.name=value". */
  linkerFlags: string[];
  /** How long a build takes, for the first line of progress: "about a minute". */
  about: string;
  /** Why a build is needed, for the message without Go: "no k6 v2 was found". */
  lacking: string;
  /** How else the user gets there, without a build. */
  ways: string;
}

export interface BuildRequest {
  env: NodeJS.ProcessEnv;
  onProgress: (line: string) => void;
  /** Ends the build, and the wait for another's. */
  signal?: AbortSignal | undefined;
}

/** Where the programs of a module are, or will be once they are built. */
export async function cachedPrograms(env: NodeJS.ProcessEnv, programs: GoPrograms) {
  const { name, version } = programs;
  const folder = join(cacheFolder(env), `${name.toLowerCase()}-${version}-${process.platform}-${process.arch}`);
  return { folder, built: await isAsBuilt(folder, programs) };
}

/** Beside the programs, as sha256sum writes it: one that was cut, emptied or replaced since it was built is not believed. */
const digestsFile = "sha256";

async function isAsBuilt(folder: string, programs: GoPrograms): Promise<boolean> {
  try {
    const wanted = await readFile(join(folder, digestsFile), "utf8");
    return wanted === (await digestsOf(folder, programs));
  } catch {
    return false;
  }
}

async function digestsOf(folder: string, { programs }: GoPrograms): Promise<string> {
  const lines = programs.map(async (program) => `${await digestOf(join(folder, program))}  ${program}\n`);
  return (await Promise.all(lines)).join("");
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

/**
 * The folder with the module's programs, built there if they are not yet. Two at once build once. The cache has all of
 * them, whole, or none, whenever this is killed. Throws CapabilityError without a Go that can build them, or where the
 * build fails.
 */
export async function buildPrograms(request: BuildRequest, programs: GoPrograms): Promise<string> {
  const { folder, built } = await cachedPrograms(request.env, programs);
  if (built) return folder;
  await makeCache(cacheFolder(request.env));
  const onWait = () =>
    request.onProgress(`waiting for another tunebench that builds ${programs.name} ${programs.version}`);
  const lock = await lockFile(`${folder}.lock`, onWait, request.signal);
  try {
    if (!(await cachedPrograms(request.env, programs)).built) await build(request, programs, folder);
  } finally {
    await lock.release();
  }
  return folder;
}

async function makeCache(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    throw new CapabilityError(`the cache can't be made: ${(cause as Error).message}`, {
      hint: "name a folder for it with XDG_CACHE_HOME",
      cause,
    });
  }
}

/** Builds under the lock: into a folder of its own, then in one step to where it is looked for. */
async function build(request: BuildRequest, programs: GoPrograms, folder: string): Promise<void> {
  const { env, onProgress } = request;
  const title = `${programs.name} ${programs.version}`;
  await requireGo(env, programs);
  const startedMs = performance.now();
  const elapsed = () => `${Math.round((performance.now() - startedMs) / 1000)} s`;
  onProgress(`building ${title}, once, for ${folder} (${programs.about})`);
  let compiled = 0;
  const ticker = setInterval(() => onProgress(`building ${title}: ${elapsed()}, ${compiled} packages`), 10_000);
  const unfinished = `${folder}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  const result = await goBuild(programs, unfinished, request, () => {
    compiled += 1;
  });
  clearInterval(ticker);
  if (result.failed) {
    await rm(unfinished, { recursive: true, force: true });
    throw buildFailed(programs, result);
  }
  await writeFile(join(unfinished, digestsFile), await digestsOf(unfinished, programs));
  await rm(folder, { recursive: true, force: true });
  await rename(unfinished, folder);
  onProgress(`built ${title} in ${elapsed()}`);
}

/** go build -v names each package as it is compiled: a line each on stderr. */
async function goBuild(programs: GoPrograms, output: string, { env, signal }: BuildRequest, onPackage: () => void) {
  const linkerFlags = ["-s", "-w", ...programs.linkerFlags].join(" ");
  const flags = ["-v", "-trimpath", "-buildvcs=false", `-ldflags=${linkerFlags}`, "-o", `${output}/`];
  const argv = ["go", "build", ...flags, ...programs.packages];
  // Go must not go on building when the harness is killed.
  const whole = process.platform === "linux" ? ["setpriv", "--pdeathsig", "KILL", "--", ...argv] : argv;
  return await runGo(whole, env, programs.moduleFolder, { onLine: onPackage, signal });
}

function buildFailed(programs: GoPrograms, result: GoResult): CapabilityError {
  const lastLines = result.stderr.split("\n").slice(-5).join("\n");
  const title = `${programs.name} ${programs.version}`;
  return new CapabilityError(`${title} could not be built:\n${lastLines || result.shortMessage}`, {
    hint: `its Go modules are fetched through GOPROXY; is it reached from here?\n${programs.ways}`,
    cause: result,
  });
}
