/** Records that were cut, emptied, changed by a bit or written by a later version: each is named, none is believed. */
import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import test, { type ExecutionContext } from "ava";
import fc from "fast-check";
import { InputError } from "../../../harness/errors.ts";
import { readRun, readSeries } from "../../../harness/results/read.ts";
import { schemaVersion } from "../../../harness/results/trial.ts";
import { temporaryFolder } from "../../helpers/cli.ts";
import { storeRun } from "../../helpers/stored-run.ts";

const files = ["run.json", "trial.json", "windows.ndjson", "samples.ndjson", "events.ndjson"] as const;
type RecordFile = (typeof files)[number];

/** Reads all that a report reads; the messages of what was refused. */
function complaints(folder: string): string[] {
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
async function stored(t: ExecutionContext) {
  const { folder, trials } = storeRun(await temporaryFolder(t));
  const withSeries = trials.find((trial) => readFileSync(join(trial, "samples.ndjson")).length > 1000) ?? "";
  const fileOf = (name: RecordFile) => join(name === "run.json" ? folder : withSeries, name);
  return { folder, fileOf };
}

test("a record as it was written is believed", async (t) => {
  const { folder } = await stored(t);
  t.deepEqual(complaints(folder), []);
});

for (const name of files) {
  test(`${name}: any bit that is changed is seen, unless nothing of the record changed with it`, async (t) => {
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
    fc.assert(property, { numRuns: 150, seed: 20_261_121 });
    t.pass();
  });

  test(`${name}: any cut is seen, down to an empty file`, async (t) => {
    const { folder, fileOf } = await stored(t);
    const file = fileOf(name);
    const whole = readFileSync(file);
    const property = fc.property(fc.nat(whole.length - 2), (length) => {
      writeFileSync(file, whole);
      truncateSync(file, length);
      const said = complaints(folder);
      return said.length === 1 && said[0]?.includes(file) === true;
    });
    fc.assert(property, { numRuns: 50, seed: 20_261_121, examples: [[0], [1]] });
    t.pass();
  });

  test(`${name} of a later version is refused with both numbers`, async (t) => {
    const { folder, fileOf } = await stored(t);
    const file = fileOf(name);
    const later = readFileSync(file, "utf8").replace(/"schemaVersion": ?\d+/, `"schemaVersion": ${schemaVersion + 1}`);
    writeFileSync(file, later);
    const [said, ...more] = complaints(folder);
    t.deepEqual(more, []);
    t.true(said?.includes(basename(file)));
    t.regex(said ?? "", new RegExp(`schemaVersion ${schemaVersion + 1}, this tunebench reads ${schemaVersion}`));
  });
}

test("a file that is gone is named", async (t) => {
  const { folder, fileOf } = await stored(t);
  writeFileSync(fileOf("trial.json"), "");
  t.regex(complaints(folder)[0] ?? "", /trial\.json: damaged record \(empty\)/);
});

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
