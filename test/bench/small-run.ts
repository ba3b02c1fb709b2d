import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { exitCodes } from "../../harness/core/errors.ts";
import { invalidWords } from "../../harness/report/words/invalid-reasons.ts";
import { findRun, readRun, readSeries, type StoredSeries } from "../../harness/results/read.ts";
import type { TrialRecord } from "../../harness/results/trial.ts";
import { mainFile } from "../helpers/cli.ts";

const trials = 8;

/** Node as target and as upstream; 2,000 ports, 800 requests/s: the wall comes after 2.5 s. */
export const smallSuite = join(import.meta.dirname, "../fixtures/whole");

/** A trial as it was stored. */
export interface StoredTrial extends StoredSeries {
  trial: TrialRecord;
}

let ran: Promise<StoredTrial[]> | null = null;

/** Real trials of the small suite's baseline, run by the command, read, and removed; the same ones for all who ask. */
export function smallTrials(): Promise<StoredTrial[]> {
  ran ??= runSmall();
  return ran;
}

async function runSmall(): Promise<StoredTrial[]> {
  const out = await mkdtemp(join(tmpdir(), "tunebench-bench-"));
  try {
    const args = [
      mainFile(),
      "run",
      smallSuite,
      "--profiles",
      "baseline",
      "--blocks",
      String(trials),
      "--results",
      out,
    ];
    const ended = await execa(process.execPath, args, { env: { NO_COLOR: "1" }, timeout: 180_000, reject: false });
    const known = ended.exitCode === exitCodes.done || ended.exitCode === exitCodes.incomplete;
    if (!known) throw new Error(`tunebench run ended with ${ended.exitCode}: ${ended.stderr}`);
    return storedTrials(out);
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

/** A trial that must not be read as a measurement of its target still tells when it stopped; it is named. */
function storedTrials(out: string): StoredTrial[] {
  const stored = readRun(findRun("latest", out));
  if (stored.trials.length < trials) throw new Error(`${stored.trials.length} of ${trials} trials were stored`);
  for (const { sequence, invalidReason } of stored.trials.filter(({ valid }) => !valid)) {
    console.log(`trial ${sequence} is invalid: ${invalidWords(invalidReason)}`);
  }
  return stored.trials.map((trial) => ({ trial, ...readSeries(stored.folder, trial) }));
}
