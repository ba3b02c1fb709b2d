import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Part, Suite } from "../../suite/suite.ts";
import type { Manifest } from "./manifest/manifest.ts";
import { readManifest } from "./manifest/read.ts";

/** What of the suite's folder goes into a part's pod. */
export interface PartSource {
  manifest: Manifest | null;
  /** Path within the suite's folder -> content. */
  files: Record<string, Uint8Array>;
}

/** Sources of the target (role "target", which its copies share) and of each upstream that is started. */
export type PartSources = Record<string, PartSource>;

/** Reads manifests and files of all parts. Throws InputError with the place where a manifest can't be used. */
export async function readPartSources(suite: Suite): Promise<PartSources> {
  const parts: [string, Part][] = [["target", suite.target], ...Object.entries(suite.upstreams)];
  const own = parts.filter(([, part]) => part.external === null);
  return Object.fromEntries(
    await Promise.all(own.map(async ([role, part]) => [role, await readSource(suite.folder, part)])),
  );
}

async function readSource(folder: string, { kubernetes }: Part): Promise<PartSource> {
  const { manifest = null, files = [] } = kubernetes ?? {};
  const contents = await Promise.all(files.map(async (file) => [file, await readFile(join(folder, file))] as const));
  return {
    manifest: manifest === null ? null : readManifest(manifest, await readFile(join(folder, manifest), "utf8")),
    files: Object.fromEntries(contents),
  };
}
