import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { buildPrograms, cachedPrograms, type GoPrograms } from "../../cache/go-programs.ts";
import type { BuildRequest } from "../../cache/made-once.ts";
import { codeFile } from "../../core/package-root.ts";

/** The Go module that is k6 with one output more (windows.go), its dependencies pinned by go.sum. */
const pinnedModule = codeFile("engines/k6/k6-module");

/** The file's name says that it has our output: it is the module's. */
const ownK6 = "tunebench-k6";

/** Whether a program is a k6 that was built from our module, wherever it is mounted. */
export function isOwnK6(program: string): boolean {
  return program.endsWith(ownK6);
}

const waysToGetK6 = [
  "install Go 1.25 or newer (https://go.dev/dl/): tunebench then builds k6 itself, once",
  "or install k6 v2 (https://grafana.com/docs/k6/latest/set-up/install-k6/) and have it on PATH",
  "or name one with --k6 FILE or TUNEBENCH_K6=FILE",
].join("\n");

export interface BuildK6Request extends BuildRequest {
  /** Folder of the Go module (go.mod, go.sum, main.go); the pinned k6 if absent. */
  moduleFolder?: string;
}

/** The k6 of the pinned Go module in the user's cache, built there if it is not yet; throws as buildPrograms does. */
export async function buildK6(request: BuildK6Request): Promise<{ path: string; version: string }> {
  const programs = await k6Programs(request.moduleFolder);
  return { path: join(await buildPrograms(request, programs), ownK6), version: versionWords(programs) };
}

/** Where the pinned k6 is, or will be once it is built. */
export async function cachedK6(env: NodeJS.ProcessEnv) {
  const programs = await k6Programs();
  const { folder, built } = await cachedPrograms(env, programs);
  return { path: join(folder, ownK6), version: versionWords(programs), built, programs };
}

function versionWords({ name, version }: GoPrograms): string {
  return `${name} ${version}`;
}

async function k6Programs(moduleFolder = pinnedModule): Promise<GoPrograms> {
  return {
    name: "k6",
    version: await versionIn(moduleFolder),
    moduleFolder,
    packages: ["."],
    programs: [ownK6],
    linkerFlags: [],
    cpuSeconds: 210,
    lacking: "no k6 v2 was found",
    ways: waysToGetK6,
  };
}

/** The version of k6 that go.mod requires. */
async function versionIn(moduleFolder: string): Promise<string> {
  const text = await readFile(join(moduleFolder, "go.mod"), "utf8");
  const version = /^require go\.k6\.io\/k6\S* (v\S+)$/m.exec(text)?.[1];
  if (version === undefined) throw new Error(`${moduleFolder}/go.mod requires no k6`);
  return version;
}
