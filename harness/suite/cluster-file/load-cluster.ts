import { existsSync, readdirSync } from "node:fs";
import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { InputError } from "../../core/errors.ts";
import { didYouMean } from "../../core/nearest.ts";
import { packageFile } from "../../core/package-root.ts";
import { escaped } from "../../core/text.ts";
import type { Cluster } from "../cluster.ts";
import { readText } from "../read-text.ts";
import { clusterNamePattern } from "../schema-kubernetes.ts";
import { parseCluster } from "./parse-cluster.ts";

/** Folders whose clusters/ is searched, the first that has the name wins: the working folder, then this package. */
export function clusterFolders(): string[] {
  return [process.cwd(), packageFile()];
}

/**
 * Reads and checks a cluster file.
 * @param name of a folder in clusters/; or, with a slash in it, the path of such a folder or of the file in it
 * @throws InputError where there is none of that name, ClusterError with every fault of the file
 */
export async function loadCluster(name: string, { from }: { from: string[] }): Promise<Cluster> {
  const file = name.includes("/") ? await fileAt(name) : fileOf(name, from);
  return parseCluster(readText(file, "cluster file"), file);
}

/** Where no cluster file is named: what kubectl would speak to, and for all else a file's defaults. */
export function defaultCluster(): Cluster {
  return parseCluster("{}\n", join("clusters", "NAME", "cluster.yaml"));
}

/** Names of all clusters that have a file, in order, without doubles. */
export function clusterNames(from: string[]): string[] {
  return [...new Set(from.flatMap((folder) => namesIn(join(folder, "clusters"))))].sort();
}

function namesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter(
    (name) => clusterNamePattern.test(name) && existsSync(join(folder, name, "cluster.yaml")),
  );
}

function fileOf(name: string, from: string[]): string {
  const folder = from.find((each) => namesIn(join(each, "clusters")).includes(name));
  if (folder !== undefined) return join(resolve(folder), "clusters", name, "cluster.yaml");
  const known = ["local", ...clusterNames(from)];
  throw new InputError(`no cluster ${escaped(name)}${didYouMean(name, known)}`, {
    hint: `known: ${known.join(", ")}; a file of your own: clusters/NAME/cluster.yaml here, or its path`,
  });
}

async function fileAt(path: string): Promise<string> {
  const found = await stat(path).catch(() => null);
  const file = resolve(found?.isDirectory() ? join(path, "cluster.yaml") : path);
  if (existsSync(file)) return file;
  throw new InputError(`no cluster here: looked for the file ${escaped(file)}`, {
    hint: "give the folder that has a cluster.yaml in it, or the file itself",
  });
}
