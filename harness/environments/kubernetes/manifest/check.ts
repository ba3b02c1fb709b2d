import type { Manifest, ManifestWarning } from "./manifest.ts";

/** What a measurement of this manifest suffers from, and what a run does otherwise than it says: warnings, by line. */
export function checkManifest(manifest: Manifest): ManifestWarning[] {
  return manifest.leftOut.toSorted((a, b) => a.line - b.line);
}
