/**
 * `npm run bench [-- NAME...]`: measures what tunebench promises about itself, on real parts, all of it or by name. A
 * table for each benchmark; nothing else should run on the machine meanwhile. docs/benchmarks.md keeps a run's figures.
 */
import { availableParallelism, cpus, release } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { analysisBenchmark } from "./analysis.ts";
import { endpointNames } from "./endpoint-names.ts";
import { type Benchmark, figureTable } from "./figures.ts";
import { findBenchmark } from "./find.ts";
import { firstReport } from "./first-report.ts";
import { lookBenchmark } from "./look.ts";
import { mergeBenchmark } from "./merge-runners.ts";
import { observeBenchmark } from "./observe.ts";
import { overheadOfOutputs } from "./overhead-of-outputs.ts";
import { startBenchmark } from "./start.ts";
import { stopBenchmark } from "./stop.ts";
import { trialOverhead } from "./trial-overhead.ts";

const benchmarks: Benchmark[] = [
  startBenchmark,
  overheadOfOutputs,
  endpointNames,
  lookBenchmark,
  observeBenchmark,
  stopBenchmark,
  trialOverhead,
  analysisBenchmark,
  mergeBenchmark,
  findBenchmark,
  firstReport,
];
/** The machine counts as quiet below this share of its CPUs. */
const quietShare = 0.05;
const patienceSeconds = 30;

process.exitCode = await main(process.argv.slice(2));

async function main(asked: string[]): Promise<number> {
  const unknown = asked.filter((name) => !benchmarks.some((benchmark) => benchmark.name === name));
  if (unknown.length > 0) {
    console.error(`no benchmark ${unknown.join(", ")}: ${benchmarks.map(({ name }) => name).join(", ")}`);
    return 2;
  }
  console.log(
    `${cpus()[0]?.model ?? "unknown CPU"} x ${availableParallelism()}, Linux ${release()}, Node ${process.version}`,
  );
  for (const benchmark of benchmarks.filter(({ name }) => asked.length === 0 || asked.includes(name))) {
    const busy = await waitForQuiet();
    const began = performance.now();
    const figures = await benchmark.run();
    const took = ((performance.now() - began) / 1000).toFixed(0);
    const state = `took ${took} s; the machine was ${(busy * 100).toFixed(0)}% busy before it`;
    console.log(`\n${benchmark.name}: ${benchmark.about}\n(${state})\n\n${figureTable(figures).join("\n")}`);
  }
  return 0;
}

/** Waits until others leave the CPUs alone, but not for ever; the share that was busy in the last second. */
async function waitForQuiet(): Promise<number> {
  let share = 1;
  for (let second = 0; second < patienceSeconds && share > quietShare; second += 1) share = await busyShare();
  return share;
}

async function busyShare(): Promise<number> {
  const before = cpuTimes();
  await pause(1000);
  const after = cpuTimes();
  return 1 - (after.idle - before.idle) / Math.max(1, after.all - before.all);
}

function cpuTimes(): { idle: number; all: number } {
  const times = cpus().map(({ times }) => times);
  const idle = times.reduce((sum, time) => sum + time.idle, 0);
  return { idle, all: times.reduce((sum, time) => sum + time.user + time.nice + time.sys + time.irq, idle) };
}
