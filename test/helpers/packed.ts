import { cpSync, existsSync, readdirSync, symlinkSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { execa } from "execa";
import { mainFile, treeFile } from "./cli.ts";

/** npm scripts and npx must find this Node, not an older one of the machine. */
export const npmEnv = { PATH: [treeFile("node_modules/.bin"), process.env.PATH].join(delimiter), NO_COLOR: "1" };

/** A copy of what is in git of the tree, as far as a package is made of it, and of what else is named; its folder. */
export function copyTree(folder: string, built: string[] = []): string {
  const tree = join(folder, "tree");
  const left = new Set(["node_modules", "dist", "results", ".git", "test"].filter((name) => !built.includes(name)));
  for (const name of readdirSync(treeFile()).filter((entry) => !left.has(entry))) {
    cpSync(treeFile(name), join(tree, name), { recursive: true });
  }
  return tree;
}

/**
 * Packs a copy of the tree, whose build does not take dist/ from under whoever uses it; the tarball. What `npm ci` has built is packed as it
 * is: `npm run build` alone leaves no types.
 */
export async function packTree(folder: string): Promise<string> {
  const isBuilt = existsSync(join(dirname(mainFile()), "types"));
  const tree = copyTree(folder, isBuilt ? ["dist"] : []);
  symlinkSync(treeFile("node_modules"), join(tree, "node_modules"));
  const pack = ["pack", "--pack-destination", folder, ...(isBuilt ? ["--ignore-scripts"] : [])];
  await execa("npm", pack, { cwd: tree, env: npmEnv });
  const [tarball] = readdirSync(folder).filter((name) => name.endsWith(".tgz"));
  if (tarball === undefined) throw new Error("npm pack made no tarball");
  return join(folder, tarball);
}
