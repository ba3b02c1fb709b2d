import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { readRun, readSeries } from "../../harness/results/read.ts";

/** Files of a stored run of which something that was written is not read: the shape of their record lacks it. */
export function lostFields(folder: string): string[] {
  const { run, trials } = readRun(folder);
  const folders = readdirSync(join(folder, "trials"));
  const lost = trials.flatMap((trial) => {
    const prefix = `${String(trial.sequence).padStart(3, "0")}-`;
    const own = join(folder, "trials", folders.find((name) => name.startsWith(prefix)) ?? "");
    const series = readSeries(folder, trial);
    const logs = (["windows", "samples", "events"] as const).map((kind) => {
      const [, ...rows] = readFileSync(join(own, `${kind}.ndjson`), "utf8")
        .trimEnd()
        .split("\n");
      const written = rows.map((row) => JSON.parse(row));
      return isDeepStrictEqual(series[kind], written) ? [] : [join(own, `${kind}.ndjson`)];
    });
    return [...differing(join(own, "trial.json"), trial), ...logs.flat()];
  });
  return [...differing(join(folder, "run.json"), run), ...lost];
}

function differing(file: string, read: object): string[] {
  const { sha256, ...written } = JSON.parse(readFileSync(file, "utf8"));
  return isDeepStrictEqual(read, written) ? [] : [file];
}
