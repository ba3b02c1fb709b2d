import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { k6CacheFolder } from "../load/build-k6.ts";
import { runIds } from "../results/read.ts";
import { partialPrefix } from "../results/write.ts";

/** `tunebench clean`: removes trials that were never finished, and the cached k6 when asked; never a result. */
export function clean(options: { out: string; cache?: boolean }): number {
  const unfinished = runIds(options.out).flatMap((id) => partialTrials(join(options.out, id, "trials")));
  const folders = [...unfinished, ...(options.cache === true ? [k6CacheFolder(process.env)] : [])].filter(existsSync);
  for (const folder of folders) {
    rmSync(folder, { recursive: true, force: true });
    process.stdout.write(`${folder}\n`);
  }
  process.stderr.write(folders.length === 0 ? "nothing to clean\n" : `removed ${folders.length}\n`);
  return 0;
}

function partialTrials(trials: string): string[] {
  if (!existsSync(trials)) return [];
  return readdirSync(trials)
    .filter((name) => name.startsWith(partialPrefix))
    .map((name) => join(trials, name));
}
