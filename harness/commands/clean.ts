import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { cacheFolder } from "../cache/folder.ts";
import { runIds } from "../results/read.ts";
import { isRunId } from "../results/run-id.ts";
import { isRunning, runningMark } from "../results/running.ts";
import { partialPrefix } from "../results/write.ts";

/**
 * `tunebench clean`: removes trials and files that were never finished, and the cached programs (k6, Kubernetes) when
 * asked; never a result, and nothing of a run that is under way.
 */
export function clean(options: { out: string; cache?: boolean }): number {
  const runs = runIds(options.out).map((id) => join(options.out, id));
  const alive = runs.filter(isRunning);
  const ended = runs.filter((run) => !alive.includes(run));
  for (const run of alive) process.stderr.write(`${run} is under way: left as it is\n`);
  const begun = namesIn(options.out).filter((name) => isUnfinished(name) || isEmptyRun(join(options.out, name)));
  const cache = options.cache === true ? [cacheFolder(process.env)] : [];
  const left = [...begun.map((name) => join(options.out, name)), ...ended.flatMap(leftIn), ...cache];
  const paths = left.filter(existsSync);
  for (const path of paths) {
    rmSync(path, { recursive: true, force: true });
    process.stdout.write(`${path}\n`);
  }
  process.stderr.write(paths.length === 0 ? "nothing to clean\n" : `removed ${paths.length}\n`);
  return 0;
}

/** What a run that ended before its time left behind. */
function leftIn(run: string): string[] {
  const trials = namesIn(join(run, "trials")).filter((name) => name.startsWith(partialPrefix));
  const files = namesIn(run).filter((name) => name === runningMark || isUnfinished(name));
  return [...trials.map((name) => join(run, "trials", name)), ...files.map((name) => join(run, name))];
}

/** A run's folder without a record and without a whole trial: there is nothing in it that a report could be made of. */
function isEmptyRun(run: string): boolean {
  if (!isRunId(basename(run)) || !statSync(run).isDirectory() || isRunning(run)) return false;
  const others = readdirSync(run).filter((name) => name !== runningMark && name !== "trials" && !isUnfinished(name));
  return others.length === 0 && namesIn(join(run, "trials")).every((name) => name.startsWith(partialPrefix));
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

/** A file or a run under the name that it has while it is written, by a process that is gone: `report` writes into ended runs too. */
function isUnfinished(name: string): boolean {
  const [, pid] = name.split(partialPrefix);
  return pid !== undefined && /^\d+$/.test(pid) && !existsSync(`/proc/${pid}`);
}
