import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { digestOf } from "../../cache/digest.ts";
import { cacheFolder } from "../../cache/folder.ts";
import { type BuildRequest, isAsMade, type MadeOnce, makeOnce } from "../../cache/made-once.ts";
import { CapabilityError } from "../../core/errors.ts";
import { codeFile } from "../../core/package-root.ts";
import type { FoundProgram } from "../engine.ts";
import { findPython, type Python } from "./find-python.ts";

/** Every package with its digest: pip takes nothing else. */
const requirements = codeFile("engines/locust/requirements.txt");

export const waysToGetLocust = [
  "install Python 3.10 to 3.13 with venv (Debian: apt-get install python3-venv): tunebench then installs Locust for itself, once",
  "or install Locust 2.40 or newer (https://docs.locust.io/en/stable/installation.html) and have it on PATH",
].join("\n");

/** The pinned Locust in a virtual environment of the user's cache, installed there if it is not yet. Throws CapabilityError where it can't be. */
export async function installLocust(request: BuildRequest): Promise<FoundProgram & { folder: string }> {
  const { python, version, folder } = await cachedLocust(request.env);
  if (python === null)
    throw new CapabilityError("no Locust was found, and no Python 3.10 to 3.13 to install one for", {
      hint: waysToGetLocust,
    });
  await makeOnce(request, installation({ folder, version, python, request }));
  return programIn(folder, version);
}

/** Where the pinned Locust is, or will be once it is installed; `python` null where there is none to install it for. */
export async function cachedLocust(env: NodeJS.ProcessEnv, notes: string[] = []) {
  const python = await findPython(env, notes);
  const text = await readFile(requirements, "utf8");
  const version = versionIn(text, python?.minor ?? 0);
  const pins = createHash("sha256").update(text).digest("hex").slice(0, 8);
  const name = `locust-${version}-${pins}-python3.${python?.minor ?? 0}-${process.platform}-${process.arch}`;
  const folder = join(cacheFolder(env), name);
  const installed =
    python !== null && (await isAsMade({ folder, digests: digestsOf })) ? programIn(folder, version) : null;
  return { python, version, folder, installed };
}

function programIn(folder: string, version: string): FoundProgram & { folder: string } {
  return { path: join(folder, "bin", "python"), version: `Locust ${version}`, folder };
}

/** The last one whose marker the Python meets; the file has one of them for old ones and one for the others. */
function versionIn(text: string, minor: number): string {
  const [old, recent] = [...text.matchAll(/^locust==(\S+)/gm)].map(([, version = ""]) => version);
  return (minor < 11 ? old : recent) ?? "";
}

function installation(what: { folder: string; version: string; python: Python; request: BuildRequest }): MadeOnce {
  const { folder, version, python, request } = what;
  return {
    folder,
    title: `Locust ${version}`,
    doing: "installing",
    about: "half a minute",
    digests: digestsOf,
    async make(unfinished) {
      await run(request, [python.path, "-m", "venv", unfinished]);
      const pip = [join(unfinished, "bin", "python"), "-m", "pip", "--disable-pip-version-check", "--no-input"];
      await run(request, [
        ...pip,
        "install",
        "--quiet",
        "--require-hashes",
        "--no-deps",
        "--only-binary=:all:",
        "-r",
        requirements,
      ]);
    },
  };
}

/** With the user's own settings of pip (an index of the company), and nothing that would have it install elsewhere. */
async function run({ env, signal }: BuildRequest, argv: string[]): Promise<void> {
  const whole = process.platform === "linux" ? ["setpriv", "--pdeathsig", "KILL", "--", ...argv] : argv;
  const [program = "", ...args] = whole;
  const { PYTHONPATH: _, PYTHONHOME: __, PIP_USER: ___, PIP_TARGET: ____, PIP_PREFIX: _____, ...own } = env;
  const cancel = signal === undefined ? {} : { cancelSignal: signal };
  const result = await execa(program, args, { env: own, extendEnv: false, reject: false, ...cancel });
  if (!result.failed) return;
  const words = result.stderr.trim().split("\n").slice(-5).join("\n");
  throw new CapabilityError(`Locust could not be installed:\n${words || result.shortMessage}`, {
    hint: `its packages are fetched from PyPI, or from the index that pip is set to; is it reached from here?\n${waysToGetLocust}`,
    cause: result,
  });
}

/** Of all files but those that Python compiles of them. */
async function digestsOf(folder: string): Promise<string> {
  const entries = await readdir(join(folder, "lib"), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.name.endsWith(".pyc"));
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort();
  const whole = createHash("sha256");
  for (const path of paths) whole.update(`${await digestOf(path)}  ${path.slice(folder.length)}\n`);
  return `${whole.digest("hex")}  lib\n`;
}
