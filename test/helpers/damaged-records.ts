import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ExecutionContext } from "ava";
import fc from "fast-check";
import { InputError } from "../../harness/core/errors.ts";
import { readRun, readSeries } from "../../harness/results/read.ts";
import { temporaryFolder } from "./cli.ts";
import { storeRun } from "./stored-run.ts";

/** The records of a run; all but the first are a trial's. */
export const recordFiles = ["run.json", "trial.json", "windows.ndjson", "samples.ndjson", "events.ndjson"] as const;
type RecordFile = (typeof recordFiles)[number];

/** Reads all that a report reads; the messages of what was refused. */
export function complaints(folder: string): string[] {
  const said: string[] = [];
  try {
    const stored = readRun(folder);
    said.push(...stored.unreadable);
    for (const trial of stored.trials) {
      try {
        readSeries(folder, trial);
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        said.push(error.message);
      }
    }
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    said.push(error.message);
  }
  return said;
}

/** A stored run with a way to one file of each kind. */
export async function stored(t: ExecutionContext) {
  const { folder, trials } = storeRun(await temporaryFolder(t));
  const withSeries = trials.find((trial) => readFileSync(join(trial, "samples.ndjson")).length > 1000) ?? "";
  const fileOf = (name: RecordFile) => join(name === "run.json" ? folder : withSeries, name);
  return { folder, fileOf };
}

/** How many cases of a property, and from which seed; any where there is none. */
interface Cases {
  numRuns: number;
  seed?: number;
}

/** Any bit of the file that is changed is seen, unless nothing of the record changed with it. */
export async function changedBits(t: ExecutionContext, name: RecordFile, cases: Cases): Promise<void> {
  const { folder, fileOf } = await stored(t);
  const file = fileOf(name);
  const whole = readFileSync(file);
  const before = everything(folder);
  const property = fc.property(fc.nat(whole.length - 1), fc.nat(7), (at, bit) => {
    const changed = Buffer.from(whole);
    changed[at] = (changed[at] ?? 0) ^ (1 << bit);
    writeFileSync(file, changed);
    const said = complaints(folder);
    if (said.length === 1) return said[0]?.includes(file) === true;
    return said.length === 0 && holds(everything(folder), before);
  });
  fc.assert(property, cases);
  t.pass();
}

/** Any cut of the file is seen, down to an empty one. */
export async function cuts(t: ExecutionContext, name: RecordFile, cases: Cases): Promise<void> {
  const { folder, fileOf } = await stored(t);
  const file = fileOf(name);
  const whole = readFileSync(file);
  const property = fc.property(fc.nat(whole.length - 2), (length) => {
    writeFileSync(file, whole);
    truncateSync(file, length);
    const said = complaints(folder);
    return said.length === 1 && said[0]?.includes(file) === true;
  });
  fc.assert(property, { ...cases, examples: [[0], [1]] });
  t.pass();
}

/** All that there is to read of a run. */
function everything(folder: string): object {
  const { run, trials } = readRun(folder);
  return { run, trials, series: trials.map((trial) => readSeries(folder, trial)) };
}

/** Whether all of `then` is in `now`: a checksum whose key lost a bit stays behind as a key that nobody reads. */
function holds(now: unknown, then: unknown): boolean {
  if (typeof then !== "object" || then === null) return Object.is(now, then);
  if (typeof now !== "object" || now === null) return false;
  return Object.entries(then).every(([key, value]) => holds((now as Record<string, unknown>)[key], value));
}
