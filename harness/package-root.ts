import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Absolute path of a file of this package, whether the code runs from the tree (harness/) or built (dist/).
 * Throws where the installation is broken.
 */
export function packageFile(...path: string[]): string {
  return join(packageRoot, ...path);
}

const packageRoot = findRoot(import.meta.dirname);

function findRoot(folder: string): string {
  if (existsSync(join(folder, "package.json"))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error(`no package.json above ${import.meta.dirname}`);
  return findRoot(parent);
}
