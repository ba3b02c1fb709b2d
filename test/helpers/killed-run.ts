import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { ExecutionContext } from "ava";
import { randomFrom } from "../../harness/core/random.ts";
import { readRun, readSeries } from "../../harness/results/read.ts";
import { tunebench } from "./cli.ts";
import { leftBehind, machineState, networksOf, strayFiles } from "./left-behind.ts";
import { openQuickWorld } from "./quick-world.ts";
import { startRun, startTunebench, type World } from "./whole-run.ts";

/** What became of a run whose harness was killed. */
export interface Killed {
  /** Whether it still ran then. */
  inTime: boolean;
  /** Trials that were whole. null: there was no run yet. */
  trials: number | null;
}

/** Instants, ms after the start, drawn evenly over `withinMs` by a seed. */
export function instants(count: number, withinMs: number, seed: number): number[] {
  const random = randomFrom(seed);
  return Array.from({ length: count }, () => Math.round(random() * withinMs));
}

/**
 * Starts a run of two short trials, kills its harness with SIGKILL, and proves what must hold wherever that fell: nothing
 * is left running, no setting and no link of the machine changed, what is stored is whole and can be read, and what is not
 * is marked so; `resume` then brings the run to its end, with every finished trial untouched.
 */
export async function killAndProve(t: ExecutionContext, killAfterMs: number): Promise<Killed> {
  const before = machineState();
  const world = await openQuickWorld(t);
  const run = startRun(world);
  await wait(killAfterMs);
  const networks = networksOf(world);
  run.kill("SIGKILL");
  const inTime = (await run).signal === "SIGKILL";
  const when = `killed after ${killAfterMs} ms`;
  t.deepEqual(await leftBehind(world, networks), [], when);
  t.deepEqual(machineState(), before, when);
  const trials = await allReadable(t, world, when);
  t.deepEqual(strayFiles(world), [], when);
  await resumes(t, world, when);
  t.deepEqual(await leftBehind(world), [], when);
  t.deepEqual(machineState(), before, when);
  return { inTime, trials };
}

/** Every finished trial, whole; and what was not finished is what `clean` takes away. How many are whole. */
async function allReadable(t: ExecutionContext, world: World, when: string): Promise<number | null> {
  await clean(t, world);
  const [id, ...more] = namesIn(world.out);
  t.deepEqual(more, [], when);
  if (id === undefined) return null;
  const { folder, run, trials, unreadable } = readRun(join(world.out, id));
  t.deepEqual(unreadable, [], when);
  t.true(run.ended === null || run.ended.reason === "done", when);
  for (const trial of trials) t.true(readSeries(folder, trial).windows.length > 0, when);
  t.deepEqual(
    namesIn(join(folder, "trials")),
    trials.map(({ sequence, block, profile }) => `00${sequence}-b${block}-${profile}`),
    when,
  );
  const report = await tunebench(["report", folder, "--format", "terminal"], { cwd: world.folder });
  t.is(report.exitCode, trials.length > 0 ? 0 : 2, `${when}: ${report.stderr}`);
  return trials.length;
}

async function clean(t: ExecutionContext, world: World): Promise<void> {
  const { exitCode, stderr } = await tunebench(["clean", "--results", world.out], {
    cwd: world.folder,
    env: world.env,
  });
  t.is(exitCode, 0, stderr);
}

/** Nothing to resume where the run had no record yet, or was over. */
async function resumes(t: ExecutionContext, world: World, when: string): Promise<void> {
  const [id] = namesIn(world.out);
  if (id === undefined) return;
  const folder = join(world.out, id);
  if (readRun(folder).run.ended !== null) return;
  const finished = digestsOf(folder);
  const { exitCode, stderr } = await startTunebench(world, ["resume", id]);
  t.is(exitCode, 0, `${when}: ${stderr}`);
  const { run, trials } = readRun(folder);
  t.is(run.ended?.reason, "done", when);
  t.deepEqual(
    trials.map(({ sequence, profile, valid }) => ({ sequence, profile, valid })),
    run.order.map(({ sequence, profile }) => ({ sequence, profile, valid: true })),
    when,
  );
  const now = digestsOf(folder);
  for (const [path, digest] of Object.entries(finished)) t.is(now[path], digest, `${when}: ${path}`);
  t.true(existsSync(join(folder, "report.html")), when);
}

/** sha256 of every file of every finished trial. */
function digestsOf(folder: string): Record<string, string> {
  const trials = join(folder, "trials");
  const paths = namesIn(trials).flatMap((name) => namesIn(join(trials, name)).map((file) => join(name, file)));
  const digest = (path: string) =>
    createHash("sha256")
      .update(readFileSync(join(trials, path)))
      .digest("hex");
  return Object.fromEntries(paths.map((path) => [path, digest(path)]));
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}
