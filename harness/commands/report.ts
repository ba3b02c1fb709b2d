import { join } from "node:path";
import { analyzeStored } from "../analysis/analyze.ts";
import { InputError } from "../core/errors.ts";
import type { Direction } from "../core/measures.ts";
import { type Screen, screenOf } from "../core/screen.ts";
import { renderCsv } from "../report/csv.ts";
import { renderJson } from "../report/json.ts";
import { renderMarkdown } from "../report/markdown.ts";
import type { ReportInput } from "../report/report-input.ts";
import { chooseTrials } from "../report/representative.ts";
import { runReport } from "../report/run-report.ts";
import { renderTerminal } from "../report/terminal.ts";
import { readSeries } from "../results/read.ts";
import type { TrialRecord } from "../results/trial.ts";
import { writeWhole } from "../results/write.ts";
import { chosenRun, resultsFolder } from "./chosen-run.ts";
import type { PushKind, ReportFormat } from "./formats.ts";
import type { RunChoice } from "./results-option.ts";
import { storedSide } from "./stored-side.ts";

/**
 * `tunebench report`: writes all reports and prints the page's path, or prints one report; pushes the run where it is told to. With
 * `--index` and no run, of the folder's runs together.
 */
export async function report(reference: string | undefined, options: ReportCommandOptions): Promise<number> {
  checkCompanions(reference, options);
  if (reference === undefined) {
    const { indexRuns } = await import("./index-runs.ts");
    process.stdout.write(await indexRuns(resultsFolder(options), options.format));
    return 0;
  }
  const target =
    options.push === undefined ? null : (await pusher()).pushTarget(options.push, options.pushAs, process.env);
  const folder = chosenRun(reference, options);
  const input = readInput(folder);
  if (options.format === undefined) process.stdout.write(`${await writeReports(folder, input)}\n`);
  else await printReport(input, options.format, options.better);
  if (target !== null) process.stderr.write(`${await (await pusher()).push(input, target)}\n`);
  return 0;
}

export interface ReportOptions {
  /** What stdout gets; without it the path of the page. */
  format?: ReportFormat;
}

interface ReportCommandOptions extends ReportOptions, RunChoice {
  /** Of github-benchmark: only measures that are better this way. */
  better?: Direction;
  index?: true;
  push?: string;
  pushAs?: PushKind;
}

export async function printReport(input: ReportInput, format: ReportFormat, better?: Direction): Promise<void> {
  process.stdout.write(await renderers[format](input, screenOf(process.stdout), better));
}

/** An option that would change nothing is a mistake. */
function checkCompanions(reference: string | undefined, options: ReportCommandOptions): void {
  const { better, format, push, pushAs, index } = options;
  if (reference === undefined && index !== true) {
    throw new InputError("missing required argument 'run'", {
      hint: "a run's folder, its id, or latest; --index: all of --results",
    });
  }
  if (index === true && (reference !== undefined || push !== undefined)) {
    throw new InputError(
      `--index is of all runs below --results: it takes no ${push === undefined ? "run" : "--push"}`,
    );
  }
  if (better !== undefined && format !== "github-benchmark") {
    throw new InputError("--better is for --format github-benchmark");
  }
  if (pushAs !== undefined && push === undefined) throw new InputError("--push-as is for --push URL");
}

/** With it come the encoders. */
async function pusher() {
  return await import("./push.ts");
}

/** Makes analysis.json and every report of a run's folder; gives the page's path. */
export async function writeReports(folder: string, input: ReportInput): Promise<string> {
  const files: Record<string, ReportFormat> = {
    "analysis.json": "json",
    "report.html": "html",
    "report.md": "md",
    "summary.csv": "csv",
  };
  const plain = { isTTY: false, width: 80, color: false, write: () => {} };
  for (const [file, format] of Object.entries(files)) {
    writeWhole(join(folder, file), await renderers[format](input, plain));
  }
  return join(folder, "report.html");
}

/** The terminal's report. */
export function printSummary(input: ReportInput, screen: Screen): void {
  screen.write(renderTerminal(runReport(input), screen));
}

type Renderer = (input: ReportInput, screen: Screen, better?: Direction) => string | Promise<string>;

const renderers: Record<ReportFormat, Renderer> = {
  // With it comes the bundler for the page's script.
  html: async (input) => (await import("../report/html/html.ts")).renderHtml(input),
  md: (input) => renderMarkdown(runReport(input)),
  csv: (input) => renderCsv(input),
  json: (input) => renderJson(input),
  terminal: (input, screen) => renderTerminal(runReport(input), screen),
  bmf: async (input) => (await import("../report/exports/bmf.ts")).renderBmf(input),
  "github-benchmark": async (input, _, better) => {
    const { directionsOf, renderGithubBenchmark } = await import("../report/exports/github-benchmark.ts");
    if (better === undefined && directionsOf(input).length > 1) process.stderr.write(twoDirections);
    return renderGithubBenchmark(input, better ?? null);
  },
  openmetrics: async (input) => (await import("../report/exports/openmetrics.ts")).renderOpenMetrics(input),
  "otlp-json": async (input) => (await import("../report/exports/otlp-json.ts")).renderOtlpJson(input),
};

const twoDirections =
  "tunebench: github-action-benchmark takes one direction a file: --better higher for customBiggerIsBetter, --better lower for customSmallerIsBetter\n";

/** Reads a run and the series of the trials that are drawn. Records that can't be read become caveats of the analysis. */
export function readInput(folder: string): ReportInput {
  const stored = storedSide(folder);
  const { run, trials, unreadable } = stored;
  const series = chooseTrials(trials).flatMap((trial) => readableSeries(folder, trial, unreadable));
  return { run, analysis: analyzeStored(stored), trials, series };
}

/** The series of a trial; none where they are damaged, which is said: its record stands all the same. */
function readableSeries(folder: string, trial: TrialRecord, unreadable: string[]): ReportInput["series"] {
  try {
    return [{ trial, ...readSeries(folder, trial) }];
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    unreadable.push(error.message);
    return [];
  }
}
