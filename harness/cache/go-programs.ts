import { createHash } from "node:crypto";
import { createReadStream, globSync, readFileSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { CapabilityError } from "../core/errors.ts";
import { formatSpan } from "../core/numbers.ts";
import { type BuildProgress, createBuildProgress, usualBuildSeconds, usualBuildWords } from "./build-progress.ts";
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
  /** What a build of all takes, with nothing compiled before. */
  cpuSeconds: number;
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
  const of = [name.toLowerCase(), version, ...sourceOf(programs), process.platform, process.arch];
  const folder = join(cacheFolder(env), of.join("-"));
  return { folder, built: await isAsBuilt(folder, programs) };
}

/** Of a module with sources of its own a digest of them: two versions of tunebench share a cache. */
function sourceOf({ moduleFolder }: GoPrograms): string[] {
  const files = globSync("*.go", { cwd: moduleFolder }).toSorted();
  if (files.length === 0) return [];
  const hash = createHash("sha256");
  for (const file of files) hash.update(readFileSync(join(moduleFolder, file)));
  return [hash.digest("hex").slice(0, 8)];
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
  const unfinished = `${folder}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  onProgress(`building ${title}, once, for ${folder} (${usualBuildWords(programs)})`);
  const progress = createBuildProgress(usualBuildSeconds(programs), () => performance.now());
  const ticker = setInterval(() => onProgress(`building ${title}: ${progress.text()}`), tickMs);
  const result = await goBuild(programs, unfinished, request, progress);
  clearInterval(ticker);
  if (result.failed) {
    await rm(unfinished, { recursive: true, force: true });
    throw buildFailed(programs, result);
  }
  await writeFile(join(unfinished, digestsFile), await digestsOf(unfinished, programs));
  await rm(folder, { recursive: true, force: true });
  await rename(unfinished, folder);
  onProgress(`built ${title} in ${formatSpan(progress.seconds())}`);
}

const tickMs = 10_000;

/** `go list` first: it fetches what is not there, and tells what is to be compiled. `go build -v` then names each package as it compiles it. */
async function goBuild(
  programs: GoPrograms,
  output: string,
  { env, signal }: BuildRequest,
  progress: BuildProgress,
): Promise<GoResult> {
  const { packages, moduleFolder, linkerFlags } = programs;
  const flags = ["-trimpath", "-buildvcs=false"];
  const stale = [
    "go",
    "list",
    ...flags,
    "-deps",
    "-f",
    "{{if .Stale}}{{.ImportPath}} {{len .GoFiles}}{{end}}",
    ...packages,
  ];
  const listed = await runGo(unlessKilled(stale), env, moduleFolder, { onLine: progress.fetching, signal });
  if (listed.failed) return listed;
  progress.toCompile(listed.stdout);
  const linker = `-ldflags=${["-s", "-w", ...linkerFlags].join(" ")}`;
  const build = ["go", "build", "-v", ...flags, linker, "-o", `${output}/`, ...packages];
  return await runGo(unlessKilled(build), env, moduleFolder, { onLine: progress.compiling, signal });
}

/** Go must not go on when the harness is killed. */
function unlessKilled(argv: string[]): string[] {
  return process.platform === "linux" ? ["setpriv", "--pdeathsig", "KILL", "--", ...argv] : argv;
}

function buildFailed(programs: GoPrograms, result: GoResult): CapabilityError {
  const lastLines = result.stderr.split("\n").slice(-5).join("\n");
  const title = `${programs.name} ${programs.version}`;
  return new CapabilityError(`${title} could not be built:\n${lastLines || result.shortMessage}`, {
    hint: `its Go modules are fetched through GOPROXY; is it reached from here?\n${programs.ways}`,
    cause: result,
  });
}
