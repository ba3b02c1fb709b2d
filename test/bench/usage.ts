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
