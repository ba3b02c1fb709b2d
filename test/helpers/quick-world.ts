import { readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import type { ExecutionContext } from "ava";
import { execa } from "execa";
import type { Window } from "../../harness/results/window.ts";
import { processesOf } from "./left-behind.ts";
import { openWorld, type SuiteChanges, type World } from "./whole-run.ts";

/** A world whose trials take about two seconds each: 400 requests a second for `seconds`, no wall within reach. */
export function openQuickWorld(
  t: ExecutionContext,
  seconds = 1,
  edit: SuiteChanges["edit"] = () => {},
): Promise<World> {
  return openWorld(t, {
    edit(suite) {
      suite.setIn(["target", "sysctls", "net.ipv4.ip_local_port_range"], "32768 60999");
      suite.setIn(["load", "rate"], "400/s");
      suite.setIn(["load", "virtualUsers"], 20);
      suite.deleteIn(["stop", "requests"]);
      suite.setIn(["stop", "after"], `${seconds}s`);
      suite.deleteIn(["profiles", "backlog"]);
      edit(suite);
    },
  });
}

/** What the open model asked for over all windows: requests, and iterations that found no free user on a busy machine. */
export function askedPerSecond(windows: Window[]): number {
  const asked = windows.reduce((sum, { requests, droppedIterations }) => sum + requests + droppedIterations, 0);
  const lengthMs = (windows.at(-1)?.endMs ?? 0) - (windows[0]?.startMs ?? 0);
  return (asked * 1000) / lengthMs;
}

/** Programs of a trial. */
export type Program = "k6" | "target.ts" | "upstream.ts";

/** Pid of a program of the trial under way, once it runs. Throws where it does not come to that. */
export async function pidOf(world: World, program: Program): Promise<number> {
  const isOwn = (words: string) =>
    program === "k6"
      ? /^\S+\/(generator-)?(tunebench-)?k6 run /.test(words)
      : /^\S*node \S+$/.test(words) && words.endsWith(program);
  return await seenSoon(`no ${program}`, () => processesOf(world).find(({ words }) => isOwn(words))?.pid ?? null);
}

/** Waits until the target of the trial under way has served so many requests, each of which left a TIME_WAIT behind. */
export async function served(world: World, requests: number): Promise<void> {
  const target = await pidOf(world, "target.ts");
  await seenSoon(`never served ${requests}`, () => {
    const [, timeWaits = "0"] = /^TCP:.* tw (\d+)/m.exec(readFileSync(`/proc/${target}/net/sockstat`, "utf8")) ?? [];
    return Number(timeWaits) >= requests ? true : null;
  });
}

/** Takes the loopback of a program's network namespace, by which k6's numbers leave it, away or back. */
export async function loopback(pid: number, way: "up" | "down"): Promise<void> {
  await execa("nsenter", ["--net", "--target", String(pid), "ip", "link", "set", "lo", way]);
}

/** Every process of the machine is looked at for one: more often costs more CPU than what is looked for. */
const pauseMs = 50;

/** Looks until there is something to see, for a minute at most: a busy machine takes its time. */
async function seenSoon<T>(otherwise: string, look: () => T | null): Promise<T> {
  const deadline = performance.now() + 60_000;
  for (;;) {
    const seen = look();
    if (seen !== null) return seen;
    if (performance.now() > deadline) throw new Error(`${otherwise} within a minute`);
    await wait(pauseMs);
  }
}
