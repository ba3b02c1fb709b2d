import { existsSync, lstatSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { cacheFolder } from "../cache/folder.ts";
import { exitCodes, IncompleteError } from "../core/errors.ts";
import { runIds } from "../results/read.ts";
import { isRunId } from "../results/run-id.ts";
import { isRunning, runningMark } from "../results/running.ts";
import { isAbandonedPartial, partialPrefix } from "../results/write.ts";
import type { Cluster } from "../suite/cluster.ts";
import { clusterFolders, loadCluster } from "../suite/cluster-file/load-cluster.ts";
import { abandonedWorkspaces, removeWorkspace } from "../testbeds/netns/workspace.ts";
import { resultsFolder } from "./chosen-run.ts";
import type { ResultsOptions } from "./results-option.ts";

interface CleanOptions extends ResultsOptions {
  cache?: boolean;
  cluster: string;
}

/**
 * `tunebench clean`: removes trials, files and containers that were never finished, the cached programs (k6, Kubernetes) when
 * asked, and what runs left in a cluster when one is named; never a result, and nothing of a run that is under way.
 */
export async function clean(options: CleanOptions): Promise<number> {
  const cluster = options.cluster === "local" ? null : await loadCluster(options.cluster, { from: clusterFolders() });
  const files = cleanFiles({ ...options, results: resultsFolder(options) });
  const objects = cluster === null ? 0 : await cleanObjects(cluster);
  const all = files + (await cleanContainers()) + objects;
  process.stderr.write(all === 0 ? "nothing to clean\n" : `removed ${all}\n`);
  return exitCodes.done;
}

/** How many were removed. */
function cleanFiles(options: CleanOptions & { results: string }): number {
  const runs = runIds(options.results).map((id) => join(options.results, id));
  const alive = runs.filter(isRunning);
  const ended = runs.filter((run) => !alive.includes(run));
  for (const run of alive) process.stderr.write(`${run} ${untouched}`);
  // The folder of runs itself may be a link of the user's; nothing below it is followed.
  const results = existsSync(options.results) ? realpathSync(options.results) : options.results;
  const begun = namesIn(results).filter((name) => isAbandonedPartial(name) || isEmptyRun(join(results, name)));
  const cache = options.cache === true ? [cacheFolder(process.env)] : [];
  const left = [...begun.map((name) => join(options.results, name)), ...ended.flatMap(leftIn), ...cache];
  const workspaces = abandonedWorkspaces();
  for (const path of workspaces) removeWorkspace(path);
  const paths = left.filter(existsSync);
  for (const path of paths) rmSync(path, { recursive: true, force: true });
  const removed = [...workspaces, ...paths];
  for (const path of removed) process.stdout.write(`${path}\n`);
  return removed.length;
}

const untouched = "is under way: left as it is\n";

/** How many were removed. Throws IncompleteError, in the engine's words, where one can't be. */
async function cleanContainers(): Promise<number> {
  const { removeAbandoned } = await import("../testbeds/containers/leftovers.ts");
  const { removed, left } = await removeAbandoned();
  for (const container of removed) process.stdout.write(`${container}\n`);
  if (left.length === 0) return removed.length;
  throw new IncompleteError(`could not be removed: ${left.join("; ")}`);
}

/** How many were removed. Throws IncompleteError where something is still there after a while. */
async function cleanObjects(cluster: Cluster): Promise<number> {
  const { cleanCluster } = await import("../testbeds/kubernetes/clean.ts");
  const { removed, underWay, left } = await cleanCluster(cluster);
  for (const run of underWay) process.stderr.write(`${run} in ${cluster.namespace} ${untouched}`);
  for (const object of removed) process.stdout.write(`${object}\n`);
  if (left.length === 0) return removed.length;
  throw new IncompleteError(`not gone from ${cluster.namespace} after a minute: ${left.join(", ")}`, {
    hint: `kubectl --namespace ${cluster.namespace} describe shows what holds them`,
  });
}

/** What a run that ended before its time left behind. */
function leftIn(run: string): string[] {
  const trials = namesIn(join(run, "trials")).filter((name) => name.startsWith(partialPrefix));
  const files = namesIn(run).filter((name) => name.startsWith(runningMark) || isAbandonedPartial(name));
  return [...trials.map((name) => join(run, "trials", name)), ...files.map((name) => join(run, name))];
}

/** A run's folder without a record and without a whole trial: there is nothing in it that a report could be made of. */
function isEmptyRun(run: string): boolean {
  if (!isRunId(basename(run)) || !isReadableFolder(run) || isRunning(run)) return false;
  const others = namesIn(run).filter(
    (name) => !name.startsWith(runningMark) && name !== "trials" && !isAbandonedPartial(name),
  );
  return others.length === 0 && namesIn(join(run, "trials")).every((name) => name.startsWith(partialPrefix));
}

/** Nothing of what is no folder itself: what a link leads to is not this folder's. */
function namesIn(folder: string): string[] {
  return isReadableFolder(folder) ? readdirSync(folder) : [];
}

function isReadableFolder(path: string): boolean {
  try {
    return lstatSync(path).isDirectory() && readdirSync(path) !== null;
  } catch {
    return false;
  }
}
