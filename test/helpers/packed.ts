import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { treeFile } from "./cli.ts";

/** npm scripts and npx must find this Node, not an older one of the machine. */
export const npmEnv = { PATH: [treeFile("node_modules/.bin"), process.env.PATH].join(delimiter), NO_COLOR: "1" };

/** A copy of what is in git of the tree, as far as a package is made of it, with its files' times; its folder. */
export function copyTree(folder: string, left = ["node_modules", "results", ".git", "test", "dist"]): string {
  const tree = join(folder, "tree");
  mkdirSync(tree);
  const names = readdirSync(treeFile()).filter((name) => !left.includes(name));
  execFileSync("cp", ["--archive", ...names.map((name) => treeFile(name)), tree]);
  return tree;
}

/** Packs a copy of the tree, whose build does not take dist/ from under whoever uses it, with what `npm ci` has prepared here; the tarball. */
export async function packTree(folder: string): Promise<string> {
  const tree = copyTree(folder, ["node_modules", "results", ".git", "test"]);
  symlinkSync(treeFile("node_modules"), join(tree, "node_modules"));
  await execa("npm", ["pack", "--pack-destination", folder], { cwd: tree, env: npmEnv });
  const [tarball] = readdirSync(folder).filter((name) => name.endsWith(".tgz"));
  if (tarball === undefined) throw new Error("npm pack made no tarball");
  return join(folder, tarball);
}
