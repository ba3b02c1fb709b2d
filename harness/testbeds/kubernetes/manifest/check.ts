import { changesOf } from "./check-changes.ts";
import { containerFaults } from "./check-container.ts";
import { podFaults } from "./check-pod.ts";
import type { Manifest, ManifestWarning } from "./manifest.ts";

/** What a measurement of this manifest suffers from, and what a run does otherwise than it says: warnings, by line. */
export function checkManifest(manifest: Manifest): ManifestWarning[] {
  const faults = [...podFaults(manifest), ...containerFaults(manifest), ...changesOf(manifest)];
  const found = faults.map(({ path, text }) => ({ line: manifest.lineOf(path), text }));
  return [...found, ...manifest.leftOut].toSorted((a, b) => a.line - b.line);
}
