import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { readRegular } from "../core/read-regular.ts";
import { sha256 } from "./checksum.ts";
import { type Digests, partialPrefix } from "./write.ts";

/** Digests of the trials that a run has on disk, taken before anything of it is run again. */
export function digestsOnDisk(folder: string): Digests {
  if (!existsSync(join(folder, "trials"))) return {};
  const trials = readdirSync(join(folder, "trials")).filter((name) => !name.startsWith(partialPrefix));
  const files = trials.flatMap((name) => recordFiles.map((file) => join("trials", name, file)));
  return Object.fromEntries(files.map((way) => [way, digestAt(folder, way)]));
}

/** Files that are not as they were written (or found), gone ones too: a program under test may run as the user who keeps the results. */
export function changedSince(folder: string, digests: Digests): string[] {
  return Object.keys(digests).filter((way) => digestAt(folder, way) !== digests[way]);
}

const recordFiles = ["trial.json", "windows.ndjson", "samples.ndjson", "events.ndjson"];

function digestAt(folder: string, way: string): string {
  try {
    return sha256(readRegular(join(folder, way), { throughLink: false }));
  } catch {
    return "unreadable";
  }
}
