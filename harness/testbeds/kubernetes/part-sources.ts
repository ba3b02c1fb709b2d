import { join } from "node:path";
import { readRegular } from "../../core/read-regular.ts";
import type { Part, Suite } from "../../suite/suite.ts";
import type { Manifest } from "./manifest/manifest.ts";
import { readManifest } from "./manifest/read-manifest.ts";

/** What of the suite's folder goes into a part's pod. */
export interface PartSource {
  manifest: Manifest | null;
  /** Path within the suite's folder -> content. */
  files: Record<string, Uint8Array>;
}

/** Sources of the target (role "target", which its copies share) and of each upstream that is started. */
export type PartSources = Record<string, PartSource>;

/** Reads manifests and files of all parts. Throws InputError with the place where a manifest can't be used. */
export function readPartSources(suite: Suite): PartSources {
  const parts: [string, Part][] = [["target", suite.target], ...Object.entries(suite.upstreams)];
  const own = parts.filter(([, part]) => part.external === null);
  return Object.fromEntries(own.map(([role, part]) => [role, readSource(suite.folder, part)]));
}

function readSource(folder: string, { kubernetes }: Part): PartSource {
  const { manifest = null, workload = null, files = [] } = kubernetes ?? {};
  const contents = files.map((file) => [file, readRegular(join(folder, file))] as const);
  return {
    manifest:
      manifest === null ? null : readManifest(manifest, readRegular(join(folder, manifest)).toString("utf8"), workload),
    files: Object.fromEntries(contents),
  };
}
