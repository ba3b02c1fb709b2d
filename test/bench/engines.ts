import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { openScope } from "../../harness/core/scope.ts";
import { engines } from "../../harness/engines/engines.ts";
import type { RoleCpuSample } from "../../harness/results/samples.ts";
import type { Window } from "../../harness/results/window.ts";
import { loadSuite } from "../../harness/suite/load-suite.ts";
import { constantRate } from "../../harness/suite/rate.ts";
import type { Load, Suite } from "../../harness/suite/suite.ts";
import { createNetnsTestbed } from "../../harness/testbeds/netns/netns.ts";
import type { Telemetry } from "../../harness/testbeds/testbed.ts";
import { type Benchmark, ratioFigure } from "./figures.ts";

const pairs = 4;
const perSecond = 300;
/** From the first request on; what comes before is an engine's start. */
const lastingMs = 8000;
const settledMs = 1000;

/** Both engines at one rate that both can offer, against the same service. */
export const enginesBenchmark: Benchmark = {
  name: "engines",
  about: `${perSecond} requests/s with kept connections, by k6 and by Locust (FastHttpUser): CPU of a thousand requests`,
  async run() {
    const cpu: Record<Load["engine"], number[]> = { k6: [], locust: [] };
    for (let pair = 0; pair < pairs; pair += 1) {
      const names: Load["engine"][] = pair % 2 === 0 ? ["k6", "locust"] : ["locust", "k6"];
      for (const name of names) cpu[name].push(await cpuOfThousand(name));
    }
    return [
      { what: "k6, 1,000 requests", unit: "s CPU" as const, values: cpu.k6, goal: null },
      { what: "Locust, 1,000 requests", unit: "s CPU" as const, values: cpu.locust, goal: null },
      ratioFigure("  CPU a request, Locust / k6", cpu.locust, cpu.k6, null),
    ];
  },
};

async function cpuOfThousand(name: Load["engine"]): Promise<number> {
  const { windows, samples } = await drive(await suiteFor(name));
  const beganMs = windows.find(({ requests }) => requests > 0)?.startMs ?? 0;
  const settled = samples.filter(({ atMs }) => atMs > beganMs + settledMs);
  const [first, last] = [settled[0], settled.at(-1)];
  if (first === undefined || last === undefined || first === last) throw new Error(`${name}'s CPU was not seen`);
  return (last.cpuMs - first.cpuMs) / requestsBetween(windows, first.atMs, last.atMs);
}

/** Of a window that is within in part, that part. */
function requestsBetween(windows: Window[], fromMs: number, toMs: number): number {
  return windows.reduce((sum, { startMs, endMs, requests }) => {
    const withinMs = Math.min(endMs, toMs) - Math.max(startMs, fromMs);
    return sum + (withinMs > 0 ? (requests * withinMs) / (endMs - startMs) : 0);
  }, 0);
}

async function suiteFor(engine: Load["engine"]): Promise<Suite> {
  const suite = await loadSuite(join(import.meta.dirname, "../../scenarios/keep-alive/locust.yaml"));
  const script = engine === "k6" ? "load.ts" : suite.load.script;
  return { ...suite, load: { ...suite.load, engine, script, rate: constantRate(perSecond) } };
}

/** One trial's load, its windows and what the sampler saw of its generator's processes. */
async function drive(suite: Suite): Promise<ReturnType<typeof listening>> {
  const folder = await mkdtemp(join(tmpdir(), "tunebench-bench-"));
  const scope = openScope();
  try {
    const engine = engines[suite.load.engine];
    const [profile] = suite.profiles;
    if (profile === undefined) throw new Error("the suite has no profile");
    const testbed = await createNetnsTestbed({ engine, program: null, log: (line) => console.log(line) });
    await testbed.preflight(suite, [profile], new AbortController().signal);
    const run = await testbed.begin("bench", scope);
    const trial = { sequence: 1, block: 1 };
    const place = { trial, node: null, logFolder: folder, runFolder: folder, note: () => {} };
    const bed = await run.open({ suite, profile, ...place }, scope);
    for (const role of [...Object.keys(suite.upstreams), "target"]) await bed.start(role);
    const scriptFile = join(folder, engine.bundleName);
    await writeFile(scriptFile, await engine.bundle(join(suite.folder, suite.load.script)));
    const seen = listening();
    const load = await bed.drive({ scriptFile, logFile: join(folder, "load.log") }, seen.sink);
    await seen.begun;
    await pause(lastingMs);
    await load.stop();
    await load.finish();
    const faults = seen.windows.flatMap((window) => window.faults);
    if (faults.length > 0) throw new Error(`requests failed: ${faults.map(({ kind }) => kind).join(", ")}`);
    return seen;
  } finally {
    await scope.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** A sink that keeps the windows, and tells of the first request. */
function listening() {
  const windows: Window[] = [];
  const samples: RoleCpuSample[] = [];
  const begun = Promise.withResolvers<void>();
  let zeroMs = 0;
  const sink: Telemetry = {
    start: () => {
      zeroMs = performance.now();
    },
    now: () => performance.now() - zeroMs,
    at: (performanceMs) => performanceMs - zeroMs,
    window(window) {
      windows.push(window);
      if (window.requests > 0) begun.resolve();
    },
    sample(sample) {
      if (sample.kind === "roleCpu" && sample.role === "generator") samples.push(sample);
    },
    event: () => {},
  };
  return { windows, samples, begun: begun.promise, sink };
}
