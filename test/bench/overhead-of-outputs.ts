import { chmod, copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { portsOf } from "../../harness/core/ports.ts";
import { openScope, type Scope } from "../../harness/core/scope.ts";
import type { GeneratorCommand } from "../../harness/engines/engine.ts";
import { bundleScript } from "../../harness/engines/k6/bundle-script.ts";
import { findK6 } from "../../harness/engines/k6/find-k6.ts";
import { k6Program } from "../../harness/engines/k6/k6-program.ts";
import { receiveWindows } from "../../harness/engines/windows/receive-windows.ts";
import type { Window } from "../../harness/results/window.ts";
import { startObserver } from "../../harness/sampling/start-observer.ts";
import { loadSuite } from "../../harness/suite/load-suite.ts";
import type { Suite } from "../../harness/suite/suite.ts";
import { exportPort } from "../../harness/testbeds/netns/load.ts";
import type { NetnsTrialBed } from "../../harness/testbeds/netns/trial.ts";
import { testbedHere } from "../helpers/suites.ts";
import { type Benchmark, type BenchOptions, ratioFigure } from "./figures.ts";
import { childrenCpuSeconds } from "./usage.ts";

/** `--runs` says another number: a drive takes 3 s on a quick machine, 25 s on a slow one. */
const usualPairs = 8;
/** Fixed, so that both of a pair count the same without either of them being asked. */
const requests = 120_000;
const virtualUsers = 50;

interface Drive {
  perSecond: number;
  cpuSeconds: number;
}

interface Rig {
  suite: Suite;
  bed: NetnsTrialBed;
  program: GeneratorCommand;
  /** The same, by the output that any k6 has. */
  stock: GeneratorCommand;
  scriptFile: string;
  folder: string;
}

/** k6 as the harness runs it, exporting and watched, against the same k6 with no output; and so with k6's own output. */
export const overheadOfOutputs: Benchmark = {
  name: "overhead-of-outputs",
  about: `${requests} requests by ${virtualUsers} virtual users, as fast as they go`,
  async run({ runs: pairs = usualPairs }: BenchOptions) {
    const folder = await mkdtemp(join(tmpdir(), "tunebench-bench-"));
    const scope = openScope();
    try {
      const rig = await openRig(folder, scope);
      await driveBare(rig);
      return await comparePairs(rig, pairs);
    } finally {
      await scope.close();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function comparePairs(rig: Rig, pairs: number) {
  const ours: Drive[] = [];
  const stock: Drive[] = [];
  const bare: Drive[] = [];
  for (let pair = 0; pair < pairs; pair += 1) {
    const steps = [
      async () => ours.push(await driveWatched(rig, rig.program)),
      async () => bare.push(await driveBare(rig)),
      async () => stock.push(await driveWatched(rig, rig.stock)),
    ];
    for (const step of pair % 2 === 0 ? steps : steps.reverse()) await step();
  }
  const rate = (drives: Drive[]) => drives.map(({ perSecond }) => perSecond);
  const cpu = (drives: Drive[]) => drives.map(({ cpuSeconds }) => cpuSeconds);
  return [
    { what: "under the harness", unit: "/s" as const, values: rate(ours), goal: null },
    { what: "bare k6", unit: "/s" as const, values: rate(bare), goal: null },
    ratioFigure("  requests/s, harness / bare", rate(ours), rate(bare), { atLeast: 0.97 }),
    ratioFigure("  requests/s, with k6's own output / bare", rate(stock), rate(bare), null),
    { what: "k6 under the harness", unit: "s CPU" as const, values: cpu(ours), goal: null },
    { what: "bare k6", unit: "s CPU" as const, values: cpu(bare), goal: null },
    ratioFigure("  k6 CPU, harness / bare", cpu(ours), cpu(bare), null),
    ratioFigure("  k6 CPU, with k6's own output / bare", cpu(stock), cpu(bare), null),
  ];
}

async function openRig(folder: string, scope: Scope): Promise<Rig> {
  const suite = await loadSuite(join(import.meta.dirname, "../../scenarios/keep-alive"));
  const [profile] = suite.profiles;
  if (profile === undefined) throw new Error("the suite has no profile");
  const scriptFile = join(folder, "load.bundle.js");
  await writeFile(scriptFile, await bundleScript(join(suite.folder, suite.load.script)));
  const k6 = await findK6({ explicit: null, env: process.env, onProgress: (line) => console.log(line) });
  const run = await (await testbedHere()).begin("bench", scope);
  const bed = await run.open(
    {
      suite,
      profile,
      trial: { sequence: 1, block: 1 },
      node: null,
      logFolder: folder,
      runFolder: folder,
      note: () => {},
    },
    scope,
  );
  for (const role of [...Object.keys(suite.upstreams), "target"]) await bed.start(role);
  const targetUrl = `http://${bed.addresses.target}:${suite.target.port}`;
  const { load, stop } = suite;
  const request = {
    // From its standard input, as in a trial: the run's folder is hidden from it.
    scriptFile: "-",
    targetUrls: [targetUrl],
    load,
    script: null,
    stop,
    bodySignatures: [],
    exportTo: `127.0.0.1:${exportPort}`,
  };
  const program = await openToAll(k6.path, scope);
  const by = (name: string): GeneratorCommand => {
    const { argv, env } = k6Program({ ...request, program: name });
    return { argv: argv.with(0, program), env: { ...env, TUNEBENCH_OPTIONS: saturating() } };
  };
  return { suite, bed, program: by(program), stock: by("k6"), scriptFile, folder };
}

/** A copy of a program that an ordinary user may run, who is not let into root's cache, nor into the run's folder. */
async function openToAll(program: string, scope: Scope): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "tunebench-bench-"));
  scope.defer("remove the program", () => rm(folder, { recursive: true }));
  await chmod(folder, 0o755);
  const copy = join(folder, basename(program));
  await copyFile(program, copy);
  return copy;
}

/** A closed load: what is compared is how much goes through. */
function saturating(): string {
  const load = { executor: "shared-iterations", vus: virtualUsers, iterations: requests, maxDuration: "60s" };
  return JSON.stringify({ scenarios: { load } });
}

async function driveWatched(rig: Rig, program: GeneratorCommand): Promise<Drive> {
  const { bed, suite } = rig;
  const windows: Window[] = [];
  const server = await bed.listen("generator", exportPort);
  const now = () => performance.now();
  const receiver = receiveWindows({ server, now, onWindow: (window) => void windows.push(window) });
  const roles = ["generator", "target", ...Object.keys(suite.upstreams)].map((role) => {
    const ports = portsOf(bed.settings(), role);
    if (ports === null) throw new Error(`the ports of ${role} are unknown`);
    const listenPort = role === "target" ? suite.target.port : null;
    return { ...bed.watch(role), listenPort, portRange: ports.range, usablePorts: ports.usable };
  });
  const observer = startObserver({ roles, now, onSample: () => {} });
  const result = await drive(rig, program);
  await observer.stop();
  await receiver.close();
  const received = windows.reduce((sum, window) => sum + window.requests, 0);
  const faults = windows.flatMap((window) => window.faults);
  if (faults.length > 0) throw new Error(`requests failed: ${faults.map(({ kind }) => kind).join(", ")}`);
  if (received !== requests) throw new Error(`the windows hold ${received} of ${requests} requests`);
  return result;
}

/** The same flags without the output and the tags that are chosen for it. */
function driveBare(rig: Rig): Promise<Drive> {
  const { argv, env } = rig.program;
  const outputs = argv.filter((word, place) => {
    return word === "--out" || argv[place - 1] === "--out" || word.startsWith("--system-tags");
  });
  return drive(rig, { argv: argv.filter((word) => !outputs.includes(word)), env });
}

async function drive({ bed, suite, scriptFile, folder }: Rig, program: GeneratorCommand): Promise<Drive> {
  const before = childrenCpuSeconds();
  const began = performance.now();
  const k6 = await bed.spawn("generator", {
    ...program,
    cwd: suite.folder,
    inputFile: scriptFile,
    logFile: join(folder, "k6.log"),
    cpus: null,
  });
  const end = await k6.ended;
  const seconds = (performance.now() - began) / 1000;
  if (end.exitCode !== 0) throw new Error(`k6 ended with ${end.exitCode ?? end.signal}: ${k6.lastLines().join("\n")}`);
  return { perSecond: requests / seconds, cpuSeconds: childrenCpuSeconds() - before };
}
