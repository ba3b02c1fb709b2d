import { join } from "node:path";
import { CapabilityError } from "../core/errors.ts";
import { digestOf } from "./digest.ts";
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
  /** How long a build takes, for the first line of progress: "about a minute". */
  about: string;
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

function folderOf(env: NodeJS.ProcessEnv, { name, version }: GoPrograms): string {
  return join(cacheFolder(env), `${name.toLowerCase()}-${version}-${process.platform}-${process.arch}`);
}

async function digestsOf(folder: string, { programs }: GoPrograms): Promise<string> {
  const lines = programs.map(async (program) => `${await digestOf(join(folder, program))}  ${program}\n`);
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
    about: programs.about,
    digests: (folder) => digestsOf(folder, programs),
    check: () => requireGo(request.env, programs),
    make: (unfinished, progress) => build(request, programs, unfinished, progress),
  });
}

async function build(
  request: BuildRequest,
  programs: GoPrograms,
  unfinished: string,
  progress: (words: string) => void,
): Promise<void> {
  let compiled = 0;
  const result = await goBuild(programs, unfinished, request, () => {
    compiled += 1;
    progress(`${compiled} packages`);
  });
  if (result.failed) throw buildFailed(programs, result);
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
