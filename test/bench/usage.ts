import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";

/** What a program of Node used from its start to its end. */
export interface Usage {
  seconds: number;
  cpuSeconds: number;
  peakMb: number;
}

/** Runs `node ARGS` to its end; throws where that isn't well. Children that it starts are not counted. */
export async function usageOf(args: string[]): Promise<Usage> {
  const began = performance.now();
  const options = { stdio: ["ignore", "pipe", "inherit", "pipe"] as const, timeout: 60_000 };
  const result = await execa(process.execPath, ["--import", usageOnExit, ...args], options);
  const seconds = (performance.now() - began) / 1000;
  const { maxRSS, cpuMs } = JSON.parse(String(result.stdio[3])) as { maxRSS: number; cpuMs: number };
  return { seconds, cpuSeconds: cpuMs / 1000, peakMb: maxRSS / 1024 };
}

const usageOnExit = join(import.meta.dirname, "usage-on-exit.mjs");

/** CPU of this process's children that have ended, theirs included: cutime and cstime, in ticks of 10 ms (proc_pid_stat(5)). */
export function childrenCpuSeconds(): number {
  const stat = readFileSync("/proc/self/stat", "latin1");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[13]) + Number(fields[14])) / 100;
}
