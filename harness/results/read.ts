import { existsSync, lstatSync, readdirSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { array, literal, object, string, type ZodType } from "zod";
import { InputError } from "../core/errors.ts";
import { ownVersion } from "../core/package-root.ts";
import { readRegular } from "../core/read-regular.ts";
import { openSealed, sha256 } from "./checksum.ts";
import { type TrialEvent, trialEventShape } from "./events.ts";
import { type RunRecord, runShape } from "./run.ts";
import { isRunId, suiteOfId } from "./run-id.ts";
import { type Sample, sampleShape } from "./samples.ts";
import { schemaVersion } from "./schema-version.ts";
import { assertNoLink } from "./symlinks.ts";
import { type TrialRecord, trialShape } from "./trial.ts";
import { type Window, windowShape } from "./window.ts";
import { partialPrefix } from "./write.ts";

/** A stored run: its record, its whole trials in order, and what could not be read. */
export interface StoredRun {
  folder: string;
  run: RunRecord;
  trials: TrialRecord[];
  /** One sentence for each trial folder that could not be read. */
  unreadable: string[];
}

/** One trial's lines. */
export interface StoredSeries {
  windows: Window[];
  samples: Sample[];
  events: TrialEvent[];
}

/** Folder of the run that `reference` names: a path, a run id below `out`, or `latest`. Throws InputError when there is none. */
export function findRun(reference: string, out: string): string {
  for (const folder of [resolve(reference), join(resolve(out), reference)]) {
    if (existsSync(join(folder, "run.json"))) return folder;
  }
  const latest = reference === "latest" ? latestRun(out) : null;
  if (latest !== null) return latest;
  const ids = runIds(out);
  const known = ids.length === 0 ? `there is no run below ${out}` : `runs below ${out}: ${ids.slice(-5).join(", ")}`;
  throw new InputError(`no run ${reference}`, { hint: `${known}; name a run's folder, its id, or latest` });
}

/** Folder of the latest run below `out`, where suites are named of one of those; null where there is none. */
export function latestRun(out: string, suites: readonly string[] | null = null): string | null {
  const id = runIds(out).findLast((id) => suites === null || suites.includes(suiteOfId(id)));
  return id === undefined ? null : join(resolve(out), id);
}

/** Ids of the runs below a folder, oldest first. */
export function runIds(out: string): string[] {
  return namesIn(out)
    .filter((name) => isRunId(name) && isFolder(join(out, name)) && existsSync(join(out, name, "run.json")))
    .sort();
}

/**
 * Reads a run and every whole trial. A damaged trial is left out and named; a damaged run.json is an InputError, and so is a link in place
 * of a folder. Records without a checksum are a caveat of the run.
 */
export function readRun(folder: string): StoredRun {
  for (const own of ["trials", "suite"]) assertNoLink(folder, own);
  const unsealed: string[] = [];
  const read = <T>(way: string, shape: ZodType<T>): T => {
    const { record, isSealed } = readRecord(join(folder, way), shape, folder);
    if (!isSealed) unsealed.push(way);
    return record;
  };
  const run = read("run.json", runShape);
  const trials: TrialRecord[] = [];
  const unreadable: string[] = [];
  for (const name of trialFolders(folder)) {
    try {
      assertNoLink(folder, join("trials", name));
      trials.push(read(join("trials", name, "trial.json"), trialShape));
    } catch (error) {
      unreadable.push((error as Error).message);
    }
  }
  if (unsealed.length > 0) run.caveats.push({ code: "unsealed-records", files: unsealed });
  return { folder, run, trials: trials.sort((a, b) => a.sequence - b.sequence), unreadable };
}

/** The windows, samples and events of one trial. Throws InputError naming the line where a file is damaged. */
export function readSeries(runFolder: string, trial: TrialRecord): StoredSeries {
  const prefix = `${String(trial.sequence).padStart(3, "0")}-`;
  const name = trialFolders(runFolder).find((folder) => folder.startsWith(prefix));
  if (name === undefined) throw new InputError(`trial ${trial.sequence} is not in ${runFolder}`);
  const file = (kind: string) => join(runFolder, "trials", name, `${kind}.ndjson`);
  return {
    windows: readLines(file("windows"), windowShape, runFolder),
    samples: readLines(file("samples"), sampleShape, runFolder),
    events: readLines(file("events"), trialEventShape, runFolder),
  };
}

function trialFolders(runFolder: string): string[] {
  const trials = join(runFolder, "trials");
  const mayBeTrial = (name: string) => isFolder(join(trials, name)) || isLink(join(trials, name));
  return namesIn(trials)
    .filter((name) => !name.startsWith(partialPrefix) && mayBeTrial(name))
    .sort();
}

function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

/** Nothing where there is no such folder. Throws InputError where it can't be read. */
function namesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  try {
    return readdirSync(folder);
  } catch (cause) {
    throw new InputError(`can't read ${folder}: ${(cause as Error).message}`, { cause });
  }
}

/** The record of a file whose shape is right. A key that the shape does not have is dropped. */
function readRecord<T>(file: string, shape: ZodType<T>, runFolder: string): { record: T; isSealed: boolean } {
  const { json, seal } = openSealed(readText(file));
  const record = parseJson(json, file);
  checkVersion(record, { file, runFolder });
  if (seal === "broken") throw damaged(file, notItsChecksum);
  return { record: shaped(shape, record, (path) => ({ place: file, path })), isSealed: seal === "intact" };
}

/** The rows of a series: checked together, since a log has thousands of them. */
function readLines<T>(file: string, row: ZodType<T>, runFolder: string): T[] {
  const text = readText(file);
  const [first = "", ...lines] = text.split("\n");
  const head = parseJson(first, `${file}:1`);
  checkVersion(head, { file, runFolder });
  const placeOf = (index: number) => `${file}:${index + 2}`;
  const rows = lines.filter((line) => line !== "").map((line, index) => parseJson(line, placeOf(index)));
  if (head.sha256 !== undefined && head.sha256 !== sha256(text.slice(first.length + 1)))
    throw damaged(file, notItsChecksum);
  const series = shaped(array(row), rows, ([index, ...path]) => ({ place: placeOf(Number(index)), path }));
  if (head.sha256 === undefined) throw damaged(file, "its checksum is missing");
  return series;
}

/** Throws InputError with the place and the field of the first fault: `trial.json: damaged record (measures.cpuCores: ...)`. */
function shaped<T>(shape: ZodType<T>, value: unknown, locate: (path: PropertyKey[]) => Fault): T {
  const { data, error } = shape.safeParse(value);
  const [issue] = error?.issues ?? [];
  if (issue === undefined) return data as T;
  const { place, path } = locate(issue.path);
  const words = issue.message.replace(/, received undefined$/, ", and it is missing");
  throw damaged(place, [...(path.length === 0 ? [] : [path.join(".")]), words].join(": "));
}

/** Where a record is not what it should be: a file, or a line of one, and the field in it. */
interface Fault {
  place: string;
  path: PropertyKey[];
}

function readText(file: string): string {
  try {
    return readRegular(file, { throughLink: false }).toString("utf8");
  } catch (cause) {
    throw new InputError(`can't read ${basename(file)}: ${(cause as Error).message}`, { cause });
  }
}

const notItsChecksum = "its checksum does not match";

function parseJson(text: string, place: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // said below with the place, which JSON.parse does not know
  }
  throw damaged(place, text === "" ? "empty" : "not JSON");
}

function damaged(place: string, fault: string): InputError {
  return new InputError(`${place}: damaged record (${fault})`, {
    hint: "the file was cut or changed after it was written",
  });
}

function checkVersion(record: Record<string, unknown>, { file, runFolder }: { file: string; runFolder: string }): void {
  const { schemaVersion: version } = record;
  if (version === schemaVersion) return;
  throw new InputError(
    `${file}: schemaVersion ${typeof version === "number" ? version : "unknown"}, this tunebench reads ${schemaVersion}`,
    { hint: whatReads(version, writerOf(runFolder, version)) },
  );
}

function whatReads(version: unknown, writer: string | null): string {
  if (writer === null) return "read it with the tunebench that wrote it";
  if (writer !== ownVersion()) return `read it with tunebench ${writer}, which wrote it`;
  // Between two releases records change, and the package's number does not.
  return `another state of tunebench ${writer} wrote it; to read it, check out a commit whose harness/results/schema-version.ts says ${version}`;
}

/** The tunebench that wrote a run's records of that version, as run.json says it; null where it does not. */
function writerOf(runFolder: string, version: unknown): string | null {
  const shape = object({ schemaVersion: literal(version as number), provenance: object({ tunebench: string() }) });
  try {
    const { json } = openSealed(readText(join(runFolder, "run.json")));
    return shape.safeParse(JSON.parse(json)).data?.provenance.tunebench ?? null;
  } catch {
    return null;
  }
}
