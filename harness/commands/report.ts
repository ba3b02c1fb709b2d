import { join } from "node:path";
import { analyze } from "../analysis/analyze.ts";
import { InputError } from "../core/errors.ts";
import { type Screen, screenOf } from "../core/screen.ts";
import { renderCsv } from "../report/csv.ts";
import { renderJson } from "../report/json.ts";
import { renderMarkdown } from "../report/markdown.ts";
import type { ReportInput } from "../report/report-input.ts";
import { chooseTrials } from "../report/representative.ts";
import { renderTerminal } from "../report/terminal.ts";
import type { Caveat } from "../results/caveats.ts";
import { missingPlaces } from "../results/missing-places.ts";
import { findRun, readRun, readSeries } from "../results/read.ts";
import type { RunRecord } from "../results/run.ts";
import type { TrialRecord } from "../results/trial.ts";
import { writeWhole } from "../results/write.ts";
import type { ReportFormat } from "./formats.ts";

/** `tunebench report`: writes all reports and prints the page's path, or prints one report. */
export async function report(reference: string, options: ReportOptions & { results: string }): Promise<number> {
  const folder = findRun(reference, options.results);
  const input = readInput(folder);
  if (options.format === undefined) process.stdout.write(`${await writeReports(folder, input)}\n`);
  else await printReport(input, options.format);
  return 0;
}

export interface ReportOptions {
  /** What stdout gets; without it the path of the page. */
  format?: ReportFormat;
}

export async function printReport(input: ReportInput, format: ReportFormat): Promise<void> {
  process.stdout.write(await renderers[format](input, screenOf(process.stdout)));
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
  screen.write(renderTerminal(input, screen));
}

const renderers: Record<ReportFormat, (input: ReportInput, screen: Screen) => string | Promise<string>> = {
  // With it comes the bundler for the page's script.
  html: async (input) => (await import("../report/html/html.ts")).renderHtml(input),
  md: (input) => renderMarkdown(input),
  csv: (input) => renderCsv(input),
  json: (input) => renderJson(input),
  terminal: (input, screen) => renderTerminal(input, screen),
};

/** Reads a run and the series of the trials that are drawn. Records that can't be read become doubts of the analysis. */
export function readInput(folder: string): ReportInput {
  const { run, trials, unreadable } = readRun(folder);
  if (trials.length === 0) {
    throw new InputError(`${folder} holds no finished trial`, {
      hint: unreadable[0] ?? "it was ended before its first trial was whole",
    });
  }
  const analysis = analyze(run, trials);
  const series = chooseTrials(trials).flatMap((trial) => readableSeries(folder, trial, unreadable));
  analysis.doubts.push(...unreadable.map((words) => ({ code: "unreadable-trial", words }) as const));
  analysis.doubts.push(...missingDoubts(run, trials));
  return { run, analysis, trials, series };
}

function missingDoubts(run: RunRecord, trials: TrialRecord[]): Caveat[] {
  const places = missingPlaces(run, trials);
  return places.length === 0 ? [] : [{ code: "missing-trials", places }];
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
