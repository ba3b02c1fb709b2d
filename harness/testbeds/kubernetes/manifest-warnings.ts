import { checkManifest } from "./manifest/check.ts";
import type { PartSources } from "./part-sources.ts";
import { dialWarnings } from "./start-order.ts";

/** What is worth knowing of the manifests before they are run, a line each with its place. */
export function manifestWarnings(sources: PartSources): string[] {
  const manifests = Object.values(sources).flatMap(({ manifest }) => manifest ?? []);
  const made = new Set(manifests.flatMap(({ file, madeAt }) => madeAt.map((line) => `${file}:${line}`)));
  const ofParts = manifests.flatMap((manifest) => {
    const { file, leftOut } = manifest;
    // What one part of a file leaves out may be another's.
    const others = leftOut.filter(({ line }) => !made.has(`${file}:${line}`));
    return checkManifest({ ...manifest, leftOut: others }).map(({ line, text }) => `${file}:${line}: ${text}`);
  });
  return [...new Set([...ofParts, ...dialWarnings(sources)])];
}
