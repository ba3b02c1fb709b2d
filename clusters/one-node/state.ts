import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { places } from "./places.ts";

/** What is known of a cluster that was begun; written before the first step and after the last. */
export interface ClusterState {
  schemaVersion: 1;
  /** "v1.34.3" */
  kubernetes: string;
  /** Folder of Kubernetes' programs. */
  programs: string;
  /** Version of what is in each image that pods can use, by the image's name. */
  images: Record<string, string>;
  /** False while it is set up. */
  whole: boolean;
}

const file = join(places.stateFolder, "state.json");

/** null where no cluster was begun. */
export function readState(): ClusterState | null {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as ClusterState;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/** Writes the state, whole or not at all; makes the cluster's folder, closed to other users. */
export function writeState(state: ClusterState): void {
  mkdirSync(places.stateFolder, { recursive: true, mode: 0o700 });
  writeFileSync(`${file}.new`, `${JSON.stringify(state, null, 2)}\n`);
  renameSync(`${file}.new`, file);
}
