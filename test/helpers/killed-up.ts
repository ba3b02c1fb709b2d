import { readdirSync } from "node:fs";
import type { Readable } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import type { ExecutionContext } from "ava";
import { execa } from "execa";
import { clusterProcesses, leftovers } from "../../clusters/one-node/down.ts";
import { startTicks } from "../../harness/core/process-start.ts";
import { mainFile } from "./cli.ts";
import { changesOf, machineSnapshot } from "./machine-snapshot.ts";
import { cluster } from "./one-node.ts";

/** `cluster up` that is ended before it is over, and what must not be left of it. */

/** Starts it; never throws for how it ends, and has all the time to end that it takes. */
export function startUp() {
  const options = { reject: false, forceKillAfterDelay: false } as const;
  return execa(process.execPath, [mainFile(), "cluster", "up", "one-node"], options);
}

/** Kills it so long after words of its progress; `down` then leaves the machine as it was `before`. */
export async function killedUp(
  t: ExecutionContext,
  { words, laterMs, before }: { words: string; laterMs: number; before: string[] },
): Promise<void> {
  const up = startUp();
  await said(up, words);
  await wait(laterMs);
  up.kill("SIGKILL");
  t.is((await up).signal, "SIGKILL");
  const were = clusterProcesses().map(processOf);
  const down = await cluster("down", "one-node");
  t.is(down.exitCode, 0, down.stderr);
  nothingLeft(t, before, were);
}

/** Ends it by a signal that asks, while it makes the images: it takes down what it made. */
export async function endedUp(
  t: ExecutionContext,
  { signal, code, before }: { signal: NodeJS.Signals; code: number; before: string[] },
): Promise<void> {
  const up = startUp();
  await said(up, "making the images");
  up.kill(signal);
  const { exitCode, stdout, stderr } = await up;
  t.is(exitCode, code, stderr);
  t.is(stdout, "");
  nothingLeft(t, before, []);
}

/** Waits for words of its progress. */
export async function said({ stderr }: { stderr: Readable }, words: string): Promise<void> {
  await new Promise<void>((resolve) => {
    stderr.on("data", (chunk: Buffer) => chunk.toString().includes(words) && resolve());
  });
}

/** Nothing of a cluster, and none of these processes; the machine is as it was. */
export function nothingLeft(t: ExecutionContext, before: string[], processes: string[]): void {
  t.deepEqual(leftovers(), []);
  t.deepEqual(changesOf(before, machineSnapshot()), []);
  const now = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(processOf);
  t.deepEqual(
    processes.filter((process) => process !== "" && now.includes(process)),
    [],
  );
}

/** A process with the tick of its start, which tells it from a later one with its number; empty where it is gone. */
export function processOf(pid: number | string): string {
  const start = startTicks(Number(pid));
  return start === null ? "" : `${pid} started ${start}`;
}
