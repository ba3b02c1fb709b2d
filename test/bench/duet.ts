import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { median } from "simple-statistics";
import { readRun, type StoredRun } from "../../harness/results/read.ts";
import { count } from "../fixtures/duet/count.ts";
import { recordedBlocks, resampledGates } from "./duet-resample.ts";
import {
  baseSteps,
  type Change,
  type GatedRun,
  gatedRuns,
  type Kind,
  kinds,
  type Place,
  places,
  runSeries,
  runsOf,
  type Series,
} from "./duet-series.ts";
import type { Benchmark, BenchOptions, Figure } from "./figures.ts";

/** Runs of identical builds in each place, and of each change in each; `--runs` says another number for the former, and in proportion for the latter. */
const usualRuns = 12;
const gates = 10_000;
const passed = { atLeast: 80 };
const found = { atLeast: 90 };
const seed = 20_261_129;

/**
 * Whether a duet gives a verdict on a small machine. Real runs, then gates of blocks drawn from what they recorded. `--keep DIR` keeps the runs, and
 * adds to those that are there; `--from DIR` makes none, and tells of those that were kept.
 */
export const duetBenchmark: Benchmark = {
  name: "duet",
  about: "two builds at once: identical ones pass, changes are found; each row says what it is of",
  async run(options: BenchOptions) {
    const root = options.from ?? options.keep ?? (await mkdtemp(join(tmpdir(), "tunebench-bench-duet-")));
    if (options.from === undefined) {
      console.error(`runs are kept in ${root}`);
      for (const place of places) await runPlace(root, place, options.runs ?? usualRuns);
    }
    const figures: Figure[] = [];
    for (const place of places) figures.push(...(await placeFigures(root, place)));
    return [...figures, ...(await resampledFigures(root))];
  },
};

async function runPlace(root: string, place: Place, runs: number): Promise<void> {
  const series = (kind: Kind, count: number, interleaved = false): Series => ({
    kind,
    place,
    interleaved,
    runs: count,
  });
  await runSeries(root, series("same", runs), { env: {} }, seed);
  const changes = await changesFrom(root, place);
  const each = Math.max(1, Math.round(runs / 3));
  await runSeries(root, series("latency", each), changes.latency, seed + 100);
  await runSeries(root, series("cpu", each), changes.cpu, seed + 200);
  await runSeries(root, series("same", Math.max(1, Math.round(runs / 6)), true), { env: {} }, seed + 300);
}

async function placeFigures(root: string, place: Place): Promise<Figure[]> {
  const series = (kind: Kind, interleaved = false) => gatedRuns(root, { kind, place, interleaved });
  const same = await series("same");
  const figures: Figure[] = [
    share(`${place}: identical builds pass`, same, 0, passed),
    share(`${place}: identical builds fail`, same, 1, { atMost: 0 }),
    { what: `${place}: a run`, unit: "s", values: same.map(({ seconds }) => seconds), goal: { atMost: 90 } },
    share(`${place}: 5% more p50 found`, await series("latency"), 1, found),
    share(`${place}: 10% more CPU found`, await series("cpu"), 1, found),
    share(`${place}, interleaved: identical builds pass`, await series("same", true), 0, null),
  ];
  return figures.filter(({ values }) => values.length > 0);
}

/** No values where the series has no run. */
function share(what: string, gated: GatedRun[], exitCode: number, goal: Figure["goal"]): Figure {
  const having = gated.filter((run) => run.exitCode === exitCode).length;
  const values = gated.length === 0 ? [] : [(100 * having) / gated.length];
  return { what, unit: "%", values, n: gated.length, goal };
}

/** What 5% of the median and 10% of the CPU time come to, by what the identical builds of this place took. */
async function changesFrom(root: string, place: Place): Promise<{ latency: Change; cpu: Change }> {
  const trials = (await storedRuns(root, { kind: "same", place, interleaved: false })).flatMap((run) => run.trials);
  const p50 = median(trials.flatMap(({ measures }) => measures.latencyMs?.p50 ?? []));
  const cpu = median(trials.flatMap(({ measures }) => measures.cpuMsPerRequest ?? []));
  const perThousand = msOfThousandSteps();
  return {
    latency: { env: { BEFORE: String(baseSteps + Math.round((0.05 * p50) / perThousand)) } },
    cpu: { env: { AFTER: String(Math.round((0.1 * cpu) / perThousand)) } },
  };
}

/** CPU ms of a thousand steps of the service's counting (test/fixtures/duet/target.ts), once it is compiled. */
function msOfThousandSteps(): number {
  const thousands = 20_000;
  count(1_000_000);
  const before = process.cpuUsage();
  count(1000 * thousands);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / thousands;
}

/** Of every series that was kept, gates of as many blocks as its runs have. */
async function resampledFigures(root: string): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const place of places) {
    for (const interleaved of [false, true]) {
      for (const kind of kinds) figures.push(...(await drawnFigures(root, { kind, place, interleaved })));
    }
  }
  return figures;
}

async function drawnFigures(root: string, series: Omit<Series, "runs">): Promise<Figure[]> {
  const runs = await storedRuns(root, series);
  const recorded = recordedBlocks(runs);
  const size = runs[0]?.run.blocks ?? 0;
  if (recorded.blocks.length === 0) return [];
  const { kind, place, interleaved } = series;
  const drawn = resampledGates(recorded, { size, gates, seed, exchangeable: kind === "same" });
  const of = `${place}${interleaved ? ", interleaved" : ""}, ${size} of ${recorded.blocks.length} blocks drawn`;
  const percent = (count: number) => [(100 * count) / gates];
  if (kind !== "same") {
    const what = kind === "latency" ? "5% more p50" : "10% more CPU";
    return [{ what: `${of}: ${what} found`, unit: "%", values: percent(drawn.regression), n: gates, goal: found }];
  }
  return [
    { what: `${of}: identical pass`, unit: "%", values: percent(drawn.pass), n: gates, goal: passed },
    { what: `${of}: identical fail`, unit: "%", values: percent(drawn.regression), n: gates, goal: null },
    ...recorded.judged.map(({ name }): Figure => {
      const logs = recorded.blocks.map((block) => block[name] ?? 0);
      const deviation = 100 * Math.sqrt(logs.reduce((sum, log) => sum + log * log, 0) / logs.length);
      return { what: `  a block's noise, ${name}`, unit: "%", values: [deviation], n: logs.length, goal: null };
    }),
  ];
}

async function storedRuns(root: string, series: Omit<Series, "runs">): Promise<StoredRun[]> {
  return (await runsOf(root, series)).map((folder) => readRun(folder));
}
