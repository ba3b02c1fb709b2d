import { access, mkdir, readFile, rename, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { CapabilityError } from "../errors.ts";
import { lockFile } from "./build-lock.ts";

/** The Go module that is k6 and nothing else, its dependencies pinned by go.sum. */
const pinnedModule = fileURLToPath(new URL("./k6-module/", import.meta.url));

const minimumGo = { major: 1, minor: 25 };

const waysToGetK6 = [
  "install Go 1.25 or newer (https://go.dev/dl/): tunebench then builds k6 itself, once",
  "or install k6 v2 (https://grafana.com/docs/k6/latest/set-up/install-k6/) and have it on PATH",
  "or name one with --k6 FILE or TUNEBENCH_K6=FILE",
].join("\n");

export interface BuildK6Request {
  env: NodeJS.ProcessEnv;
  onProgress: (line: string) => void;
  /** Folder of the Go module (go.mod, go.sum, main.go); the pinned k6 if absent. */
  moduleFolder?: string;
}

/**
 * The k6 of the pinned Go module in the user's cache ($XDG_CACHE_HOME or ~/.cache, tunebench/), built there if it is not
 * yet: about a minute on 2 cores. Two at once build once. The cache has a whole program or none, whenever this is killed.
 * Throws CapabilityError without Go 1.25, or where the build fails.
 */
export async function buildK6(request: BuildK6Request): Promise<{ path: string; version: string }> {
  const moduleFolder = request.moduleFolder ?? pinnedModule;
  const { path, version, built } = await cachedK6(request.env, moduleFolder);
  if (built) return { path, version };
  await mkdir(dirname(path), { recursive: true });
  const lock = await lockFile(join(dirname(path), "lock"), () =>
    request.onProgress(`waiting for another tunebench that builds k6 ${version}`),
  );
  try {
    if (!(await exists(path))) await build(request, moduleFolder, path, version);
  } finally {
    await lock.release();
  }
  return { path, version };
}

/** Where the pinned k6 is, or will be once it is built. */
export async function cachedK6(env: NodeJS.ProcessEnv, moduleFolder = pinnedModule) {
  const version = await versionIn(moduleFolder);
  const path = cachedPath(env, version);
  return { path, version, built: await exists(path) };
}

/** The version of k6 that go.mod requires. */
async function versionIn(moduleFolder: string): Promise<string> {
  const text = await readFile(join(moduleFolder, "go.mod"), "utf8");
  const version = /^require go\.k6\.io\/k6\S* (v\S+)$/m.exec(text)?.[1];
  if (version === undefined) throw new Error(`${moduleFolder}/go.mod requires no k6`);
  return version;
}

/** Folder in the user's cache that holds built k6s and nothing else: $XDG_CACHE_HOME or ~/.cache, then tunebench. */
export function k6CacheFolder(env: NodeJS.ProcessEnv): string {
  return join(env.XDG_CACHE_HOME || join(env.HOME || homedir(), ".cache"), "tunebench");
}

function cachedPath(env: NodeJS.ProcessEnv, version: string): string {
  return join(k6CacheFolder(env), `k6-${version}-${process.platform}-${process.arch}`, "k6");
}

interface GoResult {
  failed: boolean;
  stdout: string;
  stderr: string;
  shortMessage?: string | undefined;
}

/** Builds under the lock: to a name of its own, then in one step to where it is looked for. */
async function build(request: BuildK6Request, moduleFolder: string, path: string, version: string): Promise<void> {
  const { env, onProgress } = request;
  await requireGo(env, version);
  const startedMs = performance.now();
  const elapsed = () => `${Math.round((performance.now() - startedMs) / 1000)} s`;
  onProgress(`building k6 ${version}, once, for ${path} (about a minute)`);
  const ticker = setInterval(() => onProgress(`building k6 ${version}: ${elapsed()}`), 10_000);
  const unfinished = `${path}.unfinished`;
  const result = await goBuild(moduleFolder, unfinished, env);
  clearInterval(ticker);
  if (result.failed) {
    await rm(unfinished, { force: true });
    throw buildFailed(version, result);
  }
  await rename(unfinished, path);
  onProgress(`built k6 ${version} in ${elapsed()}`);
}

async function goBuild(moduleFolder: string, output: string, env: NodeJS.ProcessEnv): Promise<GoResult> {
  const build = ["go", "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", output, "."];
  // Go must not go on building when the harness is killed.
  const argv = process.platform === "linux" ? ["setpriv", "--pdeathsig", "KILL", "--", ...build] : build;
  return await runGo(argv, env, moduleFolder);
}

function buildFailed(version: string, result: GoResult): CapabilityError {
  const lastLines = result.stderr.split("\n").slice(-5).join("\n");
  return new CapabilityError(`k6 ${version} could not be built:\n${lastLines || result.shortMessage}`, {
    hint: `its Go modules are fetched through GOPROXY; is it reached from here?\n${waysToGetK6}`,
    cause: result,
  });
}

/** Throws CapabilityError where there is no Go that can build k6; its version ("go1.26.8"). */
export async function requireGo(env: NodeJS.ProcessEnv, version: string): Promise<string> {
  const { failed, stdout } = await runGo(["go", "env", "GOVERSION"], env, tmpdir());
  const needed = `Go ${minimumGo.major}.${minimumGo.minor} or newer, to build k6 ${version}`;
  if (failed) throw new CapabilityError(`no k6 v2 was found, and no Go: ${needed}`, { hint: waysToGetK6 });
  const found = /go(\d+)\.(\d+)/.exec(stdout);
  const [major, minor] = [Number(found?.[1]), Number(found?.[2])];
  if (major > minimumGo.major || (major === minimumGo.major && minor >= minimumGo.minor)) return stdout;
  throw new CapabilityError(`no k6 v2 was found, and Go is ${stdout}: ${needed}`, { hint: waysToGetK6 });
}

/** Go with nothing of the user's that would change what is built. */
async function runGo(argv: string[], env: NodeJS.ProcessEnv, cwd: string): Promise<GoResult> {
  const [program = "", ...args] = argv;
  const fixed = { CGO_ENABLED: "0", GOFLAGS: "-mod=readonly", GOTOOLCHAIN: "local", GOWORK: "off" };
  return await execa(program, args, { cwd, reject: false, extendEnv: false, env: { ...env, ...fixed } });
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
