import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { ExecutionContext } from "ava";
import type { Limit, LimitName, Observation } from "../../harness/observe/observation.ts";
import { observe } from "../../harness/observe/observe.ts";
import { openLook } from "../../harness/subjects/look.ts";
import { subjectOfPid } from "../../harness/subjects/subject.ts";

/** A look at a process for so long, as `tunebench observe --pid` takes it. */
export async function lookAt(pid: number, ms: number): Promise<Observation> {
  const look = await openLook(subjectOfPid(pid), { withinSeconds: 300, windowMs: ms });
  await Promise.race([look.ended, sleep(ms)]);
  await look.close();
  return observe(look.input(Number.POSITIVE_INFINITY));
}

/** The limit of a name that is nearest to being full. */
export function nearest({ limits }: Observation, name: LimitName): Limit | null {
  return limits.find(({ limit }) => limit === name) ?? null;
}

/** TIME_WAITs of a process' namespace. */
export function timeWaitsOf(pid: number): number {
  return Number(/\btw (\d+)/.exec(readFileSync(`/proc/${pid}/net/sockstat`, "utf8"))?.[1] ?? 0);
}

export function openFilesOf(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

/** Waits until a count reaches a number; gives the moment. */
export async function untilAtLeast(count: () => number, least: number): Promise<number> {
  while (count() < least) await sleep(5);
  return performance.now();
}

/**
 * Tells when something is full, waits until it is, and holds the two against each other: within a fifth of the time that was left. A machine that is
 * busy with others may hold the load up meanwhile, so that one of three tries has to be right.
 */
export async function fillsInTime(
  t: ExecutionContext,
  { limit, start }: { limit: LimitName; start: () => Promise<{ pid: number; count: () => number; of: number }> },
): Promise<void> {
  const errors: string[] = [];
  for (let tries = 0; tries < 3; tries++) {
    const { pid, count, of } = await start();
    await untilAtLeast(count, 0.2 * of);
    const observation = await lookAt(pid, 3000);
    const saidAtMs = performance.now();
    const told = nearest(observation, limit)?.secondsToFull ?? null;
    const took = ((await untilAtLeast(count, 0.99 * of)) - saidAtMs) / 1000;
    errors.push(`${limit}: told ${told} s, took ${took} s`);
    if (told !== null && Math.abs(told - took) <= 0.2 * took) return void t.pass(errors.join("; "));
  }
  t.fail(errors.join("; "));
}
