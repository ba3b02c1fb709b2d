import { lstat, mkdir, readdir, readlink, realpath, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { execa } from "execa";
import * as z from "zod";
import { toolPath } from "../../harness/testbeds/netns/find-program.ts";
import { librariesOf, placeProgram } from "./place-programs.ts";

/** The pinned Locust of the user's cache, to make an image of. */
export interface LocustProgram {
  /** Its virtual environment's Python. */
  path: string;
  /** "Locust 2.47.0" */
  version: string;
  folder: string;
}

/** Where the virtual environment is in the image. */
export const locustPlace = "/opt/locust";

const question = "import json, sysconfig; print(json.dumps(sysconfig.get_path('stdlib')))";
const answerShape = z.string();

/** Large, and no load needs it. */
const unneeded = ["dist-packages", "ensurepip", "idlelib", "lib2to3", "site-packages", "test", "turtledemo"];

/**
 * Locust with the Python that it was installed for, its standard library and the shared libraries of all that. Files keep their times: a
 * compiled module is taken for that of its source by them, and nothing can be compiled where nothing can be written.
 */
export async function locustLayer({ path, folder }: LocustProgram, layer: string): Promise<void> {
  const { stdout } = await execa(path, ["-I", "-c", question]);
  const library = answerShape.parse(JSON.parse(stdout));
  await copyFolder(folder, join(layer, locustPlace));
  await copyFolder(library, join(layer, library));
  const large = (await readdir(library)).filter((name) => unneeded.includes(name) || name.startsWith("config-"));
  for (const name of large) await rm(join(layer, library, name), { recursive: true });
  const python = await realpath(path);
  for (const name of new Set([python, await pythonBehind(path)])) await placeProgram(python, join(layer, name));
  const extensions = [
    ...(await extensionsBelow(join(layer, library))),
    ...(await extensionsBelow(join(folder, "lib"))),
  ];
  const libraries = (await librariesOf(python, ...extensions)).filter((file) => !file.startsWith(folder));
  for (const file of libraries) await placeProgram(file, join(layer, file));
}

async function copyFolder(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await execa(toolPath("cp"), ["--archive", "--no-target-directory", from, to]);
}

/** What the links of a virtual environment's Python come to outside of it. */
async function pythonBehind(path: string): Promise<string> {
  const folder = dirname(path);
  let at = path;
  while (dirname(at) === folder && (await lstat(at)).isSymbolicLink()) at = resolve(folder, await readlink(at));
  return at;
}

async function extensionsBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /\.so(\.\d+)*$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}
