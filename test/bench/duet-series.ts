import { type ChildProcess, spawn } from "node:child_process";
import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { readRun } from "../../harness/results/read.ts";
import { mainFile } from "../helpers/cli.ts";

/** Two builds of a small service, as a duet. */
const fixture = join(import.meta.dirname, "../fixtures/duet");

/** Thousands of steps that the baseline's build counts before it answers. */
export const baseSteps = 200;

/** What the candidate of a series is: the same build, one with 5% more median latency, one with 10% more CPU time a request. */
export const kinds = ["same", "latency", "cpu"] as const;
export type Kind = (typeof kinds)[number];
/** What goes on beside it: nothing, or a process that keeps one core busy. */
export const places = ["quiet", "busy"] as const;
export type Place = (typeof places)[number];

/** Runs of one kind in one place; `interleaved`: one arm after the other in each block, as without `design: duet`. */
export interface Series {
  kind: Kind;
  place: Place;
  interleaved: boolean;
  runs: number;
}

/** A run that was kept: its gate's exit code, how long the run took by its record. */
export interface GatedRun {
  exitCode: number;
  seconds: number;
}

/** Where a series' runs are kept below the folder of all; what reads them knows the series by it. */
export function folderOf(root: string, { kind, place, interleaved }: Omit<Series, "runs">): string {
  return join(root, `${interleaved ? "interleaved-" : ""}${kind}-${place}`);
}

/** What a candidate is given over the baseline, from what identical builds were measured to take. */
export interface Change {
  env: Record<string, string>;
}

/** Adds runs to a series; every run is kept. `seed`: of the series' first run ever, each next has the next. */
export async function runSeries(root: string, series: Series, change: Change, seed: number): Promise<void> {
  const suite = await writeSuite(root, series, change);
  const results = folderOf(root, series);
  const before = (await runsOf(root, series)).length;
  const busy = series.place === "busy" ? keepBusy() : null;
  try {
    for (let run = before; run < before + series.runs; run += 1) await oneRun(suite, results, seed + run);
  } finally {
    busy?.kill("SIGKILL");
  }
}

async function oneRun(suite: string, results: string, seed: number): Promise<void> {
  const ran = await tunebench(["run", suite, "--results", results, "--seed", String(seed)]);
  if (ran.exitCode !== 0 && ran.exitCode !== 4)
    throw new Error(`tunebench run ended with ${ran.exitCode}: ${ran.stderr}`);
}

/** The gate's answer to every run that a series left, those of earlier calls among them. */
export async function gatedRuns(root: string, series: Omit<Series, "runs">): Promise<GatedRun[]> {
  const gated: GatedRun[] = [];
  for (const folder of await runsOf(root, series)) gated.push(await gatedRun(folder));
  return gated;
}

async function gatedRun(folder: string): Promise<GatedRun> {
  const { run } = await readRun(folder);
  const gate = await tunebench(["gate", folder, "--candidate", "candidate"]);
  const seconds = (Date.parse(run.ended?.at ?? "") - Date.parse(run.startedAt)) / 1000;
  // How busy the machine was is in the records.
  const said = gate.stdout.split("\n\n")[1]?.replaceAll("\n", " ");
  console.error(`${folder}: exit ${gate.exitCode} after ${seconds.toFixed(0)} s: ${said}`);
  return { exitCode: gate.exitCode ?? -1, seconds };
}

function tunebench(args: string[]) {
  return execa(process.execPath, [mainFile(), ...args], { env: { NO_COLOR: "1" }, timeout: 600_000, reject: false });
}

async function writeSuite(root: string, series: Series, { env }: Change): Promise<string> {
  const folder = join(root, "suites", folderOf("", series));
  await mkdir(folder, { recursive: true });
  await cp(fixture, folder, { recursive: true });
  const text = await readFile(join(fixture, "suite.yaml"), "utf8");
  const profile = `candidate: ${JSON.stringify({ env })}`;
  const design = series.interleaved ? "" : "design: duet";
  const changed = text.replace("candidate: {}", profile).replace("design: duet", design);
  await writeFile(join(folder, "suite.yaml"), series.interleaved ? alone(changed) : changed);
  return folder;
}

/** Each arm of a duet gets half of the load, and is judged on the same. */
function alone(text: string): string {
  const halved = text.replace(/(\d+)\/s/g, (_, rate) => `${Number(rate) / 2}/s`);
  const measures = [
    "    latencyMs.p50: { tolerance: 2.5% }",
    "    latencyMs.p90: { tolerance: 15% }",
    "    faultRatio: {}",
    "    cpuMsPerRequest: {}",
  ];
  return `${halved}\ncompare:\n  measures:\n${measures.join("\n")}\n`;
}

/** One core's worth, of whatever core the kernel gives it. */
function keepBusy(): ChildProcess {
  return spawn(process.execPath, ["-e", "process.on('disconnect', () => process.exit()); for (;;) {}"], {
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
}

/** Folders of runs that a series left, in their order; [] where there are none. */
export async function runsOf(root: string, series: Omit<Series, "runs">): Promise<string[]> {
  const folder = folderOf(root, series);
  const names = await readdir(folder).catch(() => []);
  return names.sort().map((name) => join(folder, name));
}
