import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CapabilityError } from "../core/errors.ts";
import { type BuildProgress, createBuildProgress, usualBuildSeconds, usualBuildWords } from "./build-progress.ts";
import { keptDigestOf } from "./digest.ts";
import { cacheFolder } from "./folder.ts";
import { type GoResult, requireGo, runGo } from "./go.ts";
import { type BuildRequest, isAsMade, makeOnce } from "./made-once.ts";

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

/** Where the programs of a module are, or will be once they are built. */
export async function cachedPrograms(env: NodeJS.ProcessEnv, programs: GoPrograms) {
  const folder = folderOf(env, programs);
  return { folder, built: await isAsMade({ folder, digests: (where) => digestsOf(where, programs) }) };
}

function folderOf(env: NodeJS.ProcessEnv, programs: GoPrograms): string {
  const { name, version } = programs;
  const of = [name.toLowerCase(), version, ...sourceOf(programs), process.platform, process.arch];
  return join(cacheFolder(env), of.join("-"));
}

/** Of a module with sources of its own a digest of them: two versions of tunebench share a cache. */
function sourceOf({ moduleFolder }: GoPrograms): string[] {
  const files = globSync("*.go", { cwd: moduleFolder }).toSorted();
  if (files.length === 0) return [];
  const hash = createHash("sha256");
  for (const file of files) hash.update(readFileSync(join(moduleFolder, file)));
  return [hash.digest("hex").slice(0, 8)];
}

async function digestsOf(folder: string, { programs }: GoPrograms): Promise<string> {
  const lines = programs.map(async (program) => `${await keptDigestOf(join(folder, program))}  ${program}\n`);
  return (await Promise.all(lines)).join("");
}

/**
 * The folder with the module's programs, built there if they are not yet (made-once.ts). Throws CapabilityError without a Go that can build
 * them, or where the build fails.
 */
export async function buildPrograms(request: BuildRequest, programs: GoPrograms): Promise<string> {
  return await makeOnce(request, {
    folder: folderOf(request.env, programs),
    title: `${programs.name} ${programs.version}`,
    doing: "building",
    about: usualBuildWords(programs),
    digests: (folder) => digestsOf(folder, programs),
    check: () => requireGo(request.env, programs),
    make: async (unfinished, tell) => {
      const progress = createBuildProgress(usualBuildSeconds(programs), () => performance.now());
      tell(progress.text);
      const result = await goBuild(programs, unfinished, request, progress);
      if (result.failed) throw buildFailed(programs, result);
    },
  });
}

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
