import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { exitCodes, IncompleteError } from "../core/errors.ts";
import { type Screen, screenOf } from "../core/screen.ts";
import { jsonText, printable } from "../core/text.ts";
import { formatRate } from "../core/units.ts";
import { engines } from "../engines/engines.ts";
import { type ExecuteResult, executeRun } from "../experiment/execute-run.ts";
import { openNewRun } from "../experiment/open-run.ts";
import { gatherProvenance } from "../experiment/provenance.ts";
import { newRunRecord } from "../experiment/run-record.ts";
import { trySuite } from "../experiment/try-suite.ts";
import { renderTerminal } from "../report/terminal.ts";
import { type Tried, tryReport } from "../report/try-report.ts";
import { eventsOf } from "../results/events.ts";
import type { ProgressListener } from "../results/progress.ts";
import { readSeries } from "../results/read.ts";
import { loadSuite } from "../suite/load-suite.ts";
import type { Load } from "../suite/suite.ts";
import { removeWorkspace, temporaryName } from "../testbeds/netns/workspace.ts";
import { interimJudge } from "./carry-out.ts";
import { chosenCluster } from "./chosen-cluster.ts";
import type { TextFormat } from "./formats.ts";
import { interruptible } from "./interrupt.ts";
import { planOf } from "./plan.ts";
import { type Chosen, readAgain, readyTestbed } from "./run.ts";
import { withScript } from "./with-script.ts";

export interface TryOptions {
  cluster?: string;
  k6?: string;
  allowNodeChanges?: boolean;
  format: TextFormat;
}

/** `tunebench try`: one short trial of the baseline at a low rate, and what was answered. It leaves nothing on disk. */
export async function tryOut(path: string, options: TryOptions): Promise<number> {
  const suite = trySuite(await withScript(await loadSuite(path, process.env), options));
  const cluster = await chosenCluster(suite, options.cluster);
  const screen = screenOf(process.stderr);
  const folder = temporaryName();
  const interrupt = interruptible((text) => screen.write(`${text}\n`), "ending the trial");
  try {
    const chosen = { suite, plan: planOf(suite, {}, cluster), cluster };
    const result = await oneTrial(chosen, { folder, screen, options, abort: interrupt.signal });
    const aborted = interrupt.exitCode();
    if (aborted !== null) return aborted;
    return tell(triedOf(chosen, result), options);
  } finally {
    interrupt.release();
    removeWorkspace(folder);
  }
}

/** Runs it in a folder of its own that nobody else can read. Rejects where it could not be carried out, or leaves something behind. */
async function oneTrial(
  chosen: Chosen,
  at: { folder: string; screen: Screen; options: TryOptions; abort: AbortSignal },
): Promise<ExecuteResult> {
  const testbed = await readyTestbed(chosen, at.options, at.screen);
  const { suite, plan, cluster } = await readAgain(chosen, at.options, at.screen);
  at.screen.write(`trying ${printable(suite.name)}: ${formatRate(suite.load.rate.startPerSecond)}\n`);
  const facts = testbed.describe();
  const provenance = gatherProvenance(facts, cluster);
  const copy = { digests: {}, caveats: [] };
  const noise = { calibration: null, caveats: [] };
  const run = newRunRecord({ suite, plan, kind: "experiment", provenance, copy, route: facts.route, noise });
  mkdirSync(at.folder, { mode: 0o700 });
  const { profiles, expectedSeconds } = plan;
  const result = await executeRun({
    open: await openNewRun(at.folder, suite, run),
    suite,
    profiles,
    expectedSeconds,
    testbed,
    judge: interimJudge,
    responses: "first-few",
    listener: notesOnly(at.screen),
    abort: at.abort,
  });
  if (result.failure !== null) throw result.failure;
  if (result.notUndone.length > 0) throw new IncompleteError(`could not clean up: ${result.notUndone.join("; ")}`);
  return result;
}

/** What is waited for, and nothing of a run's trials. */
function notesOnly(screen: Screen): ProgressListener {
  return {
    on: (event) => {
      if (event.kind === "note") screen.write(`${printable(event.text)}\n`);
    },
    close: () => {},
  };
}

function triedOf({ suite }: Chosen, { folder, trials }: ExecuteResult): Tried {
  const [trial] = trials;
  if (trial === undefined) throw new Error("the trial left no record");
  const { events } = readSeries(folder, trial);
  return {
    suite: suite.name,
    profile: suite.baseline,
    ratePerSecond: suite.load.rate.startPerSecond,
    trial,
    responses: eventsOf(events, "response-seen").map(({ kind: _, atMs: __, ...response }) => response),
    logs: logsIn(join(folder, "trials"), suite.load.engine),
  };
}

/** Of the one trial below a folder. */
function logsIn(trials: string, engine: Load["engine"]): Tried["logs"] {
  const folder = join(trials, readdirSync(trials)[0] ?? "");
  const files = readdirSync(folder).filter((file) => file.endsWith(".log"));
  return files.map((file) => {
    const name = file.replace(/^upstream-|\.log$/g, "");
    const text = readFileSync(join(folder, file), "utf8");
    const lines = text.split("\n").filter((line) => line.trim() !== "");
    return { name, lines: name === engine ? lines.flatMap((line) => engines[engine].saidIn(line) ?? []) : lines };
  });
}

function tell(tried: Tried, { format }: TryOptions): number {
  const screen = screenOf(process.stdout);
  screen.write(format === "json" ? jsonText(recordOf(tried)) : renderTerminal(tryReport(tried), screen));
  return tried.trial.valid ? exitCodes.done : exitCodes.incomplete;
}

/** What was tried as data. */
function recordOf({ trial, logs, ...tried }: Tried): object {
  const { valid, invalidReason, outcome, iterations, requests, faults, script, references, lastWords } = trial;
  const counts = { iterations, requests, faults, checks: script.checks };
  return { ...tried, valid, invalidReason, outcome, ...counts, references, lastWords, logs };
}
