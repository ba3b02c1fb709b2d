import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import type { ZodType } from "zod";
import { InputError } from "../core/errors.ts";
import { openSealed, sha256 } from "./checksum.ts";
import type { TrialEvent } from "./events.ts";
import { runShape, shapeFault, trialShape } from "./record-shape.ts";
import type { RunRecord } from "./run.ts";
import { isRunId } from "./run-id.ts";
import type { Sample } from "./samples.ts";
import { schemaVersion, type TrialRecord } from "./trial.ts";
import type { Window } from "./window.ts";
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
  const ids = runIds(out);
  if (reference === "latest" && ids.length > 0) return join(resolve(out), ids.at(-1) as string);
  const known = ids.length === 0 ? `there is no run below ${out}` : `runs below ${out}: ${ids.slice(-5).join(", ")}`;
  throw new InputError(`no run ${reference}`, { hint: `${known}; name a run's folder, its id, or latest` });
}

/** Ids of the runs below a folder, oldest first. */
export function runIds(out: string): string[] {
  return namesIn(out)
    .filter((name) => isRunId(name) && existsSync(join(out, name, "run.json")))
    .sort();
}

/** Reads a run and every whole trial. A damaged trial is left out and named; a damaged run.json is an InputError. */
export function readRun(folder: string): StoredRun {
  const run = readRecord<RunRecord>(join(folder, "run.json"), runShape);
  const trials: TrialRecord[] = [];
  const unreadable: string[] = [];
  for (const name of trialFolders(folder)) {
    try {
      trials.push(readRecord<TrialRecord>(join(folder, "trials", name, "trial.json"), trialShape));
    } catch (error) {
      unreadable.push((error as Error).message);
    }
  }
  return { folder, run, trials: trials.sort((a, b) => a.sequence - b.sequence), unreadable };
}

/** The windows, samples and events of one trial. Throws InputError naming the line where a file is damaged. */
export function readSeries(runFolder: string, trial: TrialRecord): StoredSeries {
  const prefix = `${String(trial.sequence).padStart(3, "0")}-`;
  const name = trialFolders(runFolder).find((folder) => folder.startsWith(prefix));
  if (name === undefined) throw new InputError(`trial ${trial.sequence} is not in ${runFolder}`);
  const file = (kind: string) => join(runFolder, "trials", name, `${kind}.ndjson`);
  return {
    windows: readLines<Window>(file("windows")),
    samples: readLines<Sample>(file("samples")),
    events: readLines<TrialEvent>(file("events")),
  };
}

function trialFolders(runFolder: string): string[] {
  const trials = join(runFolder, "trials");
  const isFolder = (name: string) => statSync(join(trials, name), { throwIfNoEntry: false })?.isDirectory() === true;
  return namesIn(trials)
    .filter((name) => !name.startsWith(partialPrefix) && isFolder(name))
    .sort();
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

function readRecord<T extends { schemaVersion: number }>(file: string, shape: ZodType): T {
  const { json, intact } = openSealed(readText(file));
  const record = parseJson<T>(json, file);
  checkVersion(record.schemaVersion, file);
  if (!intact) throw damaged(file, notItsChecksum);
  const fault = shapeFault(shape, record);
  if (fault !== null) throw damaged(file, fault);
  return record;
}

function readLines<T>(file: string): T[] {
  const text = readText(file);
  const [first = "", ...lines] = text.split("\n");
  const head = parseJson<{ schemaVersion: number; sha256?: unknown }>(first, `${file}:1`);
  checkVersion(head.schemaVersion, file);
  const rows = lines.filter((row) => row !== "").map((row, index) => parseJson<T>(row, `${file}:${index + 2}`));
  if (head.sha256 !== undefined && head.sha256 !== sha256(text.slice(first.length + 1)))
    throw damaged(file, notItsChecksum);
  return rows;
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new InputError(`can't read ${basename(file)}: ${(cause as Error).message}`, { cause });
  }
}

const notItsChecksum = "its checksum does not match";

function parseJson<T>(text: string, place: string): T {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value as T;
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

function checkVersion(version: unknown, file: string): void {
  if (version === schemaVersion) return;
  throw new InputError(`${file}: schemaVersion ${String(version)}, this tunebench reads ${schemaVersion}`, {
    hint: "read it with the tunebench that wrote it, or a newer one",
  });
}
