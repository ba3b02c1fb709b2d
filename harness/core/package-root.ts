import { existsSync, readFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";

/** Absolute path of a file of this package, whether the code runs from the tree or built. Throws where the installation is broken. */
export function packageFile(...path: string[]): string {
  return join(packageRoot, ...path);
}

/** Absolute path of a file that the code brings along and does not import: below harness/ in the tree, below dist/ when built. */
export function codeFile(...path: string[]): string {
  return packageFile(isBuilt ? "dist" : "harness", ...path);
}

/** Absolute path of a program of its own, named without its ending: one that runs as a child, or in a pod. */
export function programFile(...path: string[]): string {
  return `${codeFile(...path)}${isBuilt ? ".js" : ".ts"}`;
}

/** Version of this package. */
export function ownVersion(): string {
  return (JSON.parse(readFileSync(packageFile("package.json"), "utf8")) as { version: string }).version;
}

/** dist/ is bundled: its files do not lie where those of harness/ do, but the programs and the files brought along. */
const isBuilt = extname(import.meta.filename) !== ".ts";

const packageRoot = findRoot(import.meta.dirname);

function findRoot(folder: string): string {
  if (existsSync(join(folder, "package.json"))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error(`no package.json above ${import.meta.dirname}`);
  return findRoot(parent);
}
