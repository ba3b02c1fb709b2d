import { cpSync, readdirSync, symlinkSync } from "node:fs";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { treeFile } from "./cli.ts";

/** npm scripts and npx must find this Node, not an older one of the machine. */
export const npmEnv = { PATH: [treeFile("node_modules/.bin"), process.env.PATH].join(delimiter), NO_COLOR: "1" };

/** A copy of what is in git of the tree, as far as a package is made of it; its folder. */
export function copyTree(folder: string): string {
  const tree = join(folder, "tree");
  const left = new Set(["node_modules", "dist", "results", ".git", "test"]);
  for (const name of readdirSync(treeFile()).filter((entry) => !left.has(entry))) {
    cpSync(treeFile(name), join(tree, name), { recursive: true });
  }
  return tree;
}

/** Packs a copy of the tree, whose build does not take dist/ from under whoever uses it; the tarball. */
export async function packTree(folder: string): Promise<string> {
  const tree = copyTree(folder);
  symlinkSync(treeFile("node_modules"), join(tree, "node_modules"));
  await execa("npm", ["pack", "--pack-destination", folder], { cwd: tree, env: npmEnv });
  const [tarball] = readdirSync(folder).filter((name) => name.endsWith(".tgz"));
  if (tarball === undefined) throw new Error("npm pack made no tarball");
  return join(folder, tarball);
}
