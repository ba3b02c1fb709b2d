import { globSync, statSync } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ExecutionContext } from "ava";
import { execa, type Options } from "execa";

const root = join(import.meta.dirname, "../..");

/** A file of the tree. */
export function treeFile(...path: string[]): string {
  return join(root, ...path);
}

/** Runs tunebench and waits for its end; never throws for an exit code. Not a terminal, no colours. */
export async function tunebench(args: string[], options: Options = {}) {
  const result = await execa(process.execPath, [mainFile(), ...args], {
    reject: false,
    ...options,
    env: { NO_COLOR: "1", ...options.env },
  });
  return {
    exitCode: result.exitCode,
    signal: result.signal,
    stdout: String(result.stdout),
    stderr: String(result.stderr),
  };
}

let asBuilt: string | null = null;

/**
 * The command as it is shipped: tests start it as people do. Throws where dist/ is not what harness/ said when a file of tests began: a
 * test of yesterday's code is worse than none.
 */
export function mainFile(): string {
  asBuilt ??= builtMain();
  return asBuilt;
}

function builtMain(): string {
  const main = join(root, "dist/main.js");
  const newest = Math.max(
    ...globSync(["harness/**", "clusters/**"], { cwd: root }).map((path) => changedMs(join(root, path))),
  );
  if (changedMs(main) < newest) throw new Error("dist/ is older than harness/: npm run build");
  return main;
}

function changedMs(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** A folder that goes with the test, and that everyone may enter: the parts of a run are an ordinary user. */
export async function temporaryFolder(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "tunebench-test-"));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  await chmod(folder, 0o755);
  return folder;
}
