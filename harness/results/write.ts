import { randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { IncompleteError } from "../core/errors.ts";
import { sealedJson, sha256 } from "./checksum.ts";
import type { TrialEvent } from "./events.ts";
import { makeFolder } from "./make-folder.ts";
import type { PlannedTrial, RunRecord } from "./run.ts";
import type { Sample } from "./samples.ts";
import { schemaVersion } from "./schema-version.ts";
import { assertNoLink } from "./symlinks.ts";
import type { TrialRecord } from "./trial.ts";
import type { Window } from "./window.ts";

/** Prefix of a trial's folder until it is whole; what still carries it was never finished. */
export const partialPrefix = ".partial-";

/** A name beside a path for what is not whole yet: of this process, and not to be guessed by who would put a link there. */
export function partialName(path: string): string {
  return `${path}${partialPrefix}${process.pid}-${randomBytes(6).toString("hex")}`;
}

/** Process that a name of partialName() is of; null for any other name. */
function writerOfPartial(name: string): number | null {
  const pid = /^(\d+)(?:-[0-9a-f]+)?$/.exec(name.split(partialPrefix)[1] ?? "")?.[1];
  return pid === undefined ? null : Number(pid);
}

/** Whether a name of partialName() is of a process that is gone. */
export function isAbandonedPartial(name: string): boolean {
  const pid = writerOfPartial(name);
  return pid !== null && !existsSync(`/proc/${pid}`);
}

/** Who but the user can read a run: nobody. It may hold what a program printed, secrets too. */
const ownFolder = 0o700;
const ownFile = 0o600;

/** Way of a file from its run's folder -> sha256 of its bytes. */
export type Digests = Record<string, string>;

/** A trial's folder while it is made. Parts write their logs into `folder`; finish() makes it a result, discard() removes it. */
export interface TrialFolder {
  readonly folder: string;
  /** What finish() wrote: way from the run's folder -> sha256. */
  readonly digests: Digests;
  /** Writes the record and its series, then gives the folder its name: the trial is there or it is not. */
  finish(record: TrialRecord, series: { windows: Window[]; samples: Sample[]; events: TrialEvent[] }): string;
  discard(): void;
}

/**
 * Makes results/<run-id>/ with run.json in it; it has its name once it is whole. Throws IncompleteError where that can't be
 * written, with nothing left, or where another run has the id: two started within one second may draw the same. `begin` is
 * called with the folder before that.
 */
export function createRun(out: string, record: RunRecord, begin: (folder: string) => void = () => {}): string {
  const folder = join(out, record.id);
  const partial = partialName(folder);
  writing(out, () => makeFolder(out));
  try {
    writing(out, () => {
      mkdirSync(partial, { mode: ownFolder });
      begin(partial);
      mkdirSync(join(partial, "trials"));
      writeRun(partial, record);
      renameSync(partial, folder);
      syncFolder(out);
    });
  } catch (error) {
    discardRun(out, partial);
    throw error;
  }
  return folder;
}

/** Takes back a run that turned out to have nothing to run, and the folder of runs where it was made for this one. */
export function discardRun(out: string, folder: string): void {
  remove(folder);
  try {
    rmdirSync(out);
  } catch {
    // it holds other runs, or is not ours to remove (a mount)
  }
}

/** Removes what was never finished of a run that nobody writes any more. */
export function removePartialTrials(folder: string): void {
  writing(folder, () => {
    const trials = join(folder, "trials");
    assertNoLink(folder, "trials");
    // Someone may have deleted it with all trials: then all are run again.
    mkdirSync(trials, { recursive: true });
    for (const name of readdirSync(trials)) {
      if (name.startsWith(partialPrefix)) rmSync(join(trials, name), { recursive: true, force: true });
    }
  });
}

/** Replaces run.json as a whole. */
export function writeRun(folder: string, record: RunRecord): void {
  writeWhole(join(folder, "run.json"), sealedJson(record));
}

const seriesKinds = ["windows", "samples", "events"] as const;

/** Opens the temporary folder of one trial; an earlier unfinished one of the same name is removed. */
export function openTrialFolder(runFolder: string, trial: PlannedTrial): TrialFolder {
  const name = `${String(trial.sequence).padStart(3, "0")}-b${trial.block}-${trial.profile}`;
  const folder = join(runFolder, "trials", partialPrefix + name);
  writing(runFolder, () => {
    assertNoLink(runFolder, "trials");
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  });
  const digests: Digests = {};
  const write = (file: string, text: string) => {
    digests[join("trials", name, file)] = sha256(text);
    writeWhole(join(folder, file), text);
  };
  return {
    folder,
    digests,
    finish(record, series) {
      try {
        return writing(runFolder, () => {
          for (const kind of seriesKinds) write(`${kind}.ndjson`, linesOf(kind, series[kind]));
          write("trial.json", sealedJson(record));
          const whole = join(runFolder, "trials", name);
          renameSync(folder, whole);
          syncFolder(join(runFolder, "trials"));
          return whole;
        });
      } catch (error) {
        // On a full disk this is the room that the run's own end needs.
        remove(folder);
        throw error;
      }
    },
    discard: () => remove(folder),
  };
}

/** Removes a folder. What can't be removed (a disk that became read-only) keeps its temporary name, and `clean` finds it. */
function remove(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // whoever asked has a failure of its own to tell
  }
}

/**
 * Writes a file under another name, syncs it, and renames it: readers see the old or the new, never a part, and a link in its place is
 * replaced, not followed. `mode` is that of a run's own file; what a user asked for elsewhere is as open as they set (umask).
 * Throws IncompleteError where it can't be written.
 */
export function writeWhole(file: string, content: string | Uint8Array, mode: number = ownFile): void {
  const partial = partialName(file);
  writing(dirname(file), () => {
    try {
      writeNew(partial, content, mode);
      renameSync(partial, file);
    } catch (error) {
      rmSync(partial, { force: true });
      throw error;
    }
  });
}

/** Does something on disk. What the file system refuses (a full disk, no permission) is an IncompleteError, not a bug. */
export function writing<T>(folder: string, act: () => T): T {
  try {
    return act();
  } catch (cause) {
    if (!(cause instanceof Error) || !("code" in cause)) throw cause;
    throw new IncompleteError(`can't write results into ${folder}: ${cause.message}`, {
      hint: "name another folder with --results DIR",
      cause,
    });
  }
}

/** The first line says how many follow and what they add up to: a cut between two lines is seen too. */
function linesOf(kind: string, rows: object[]): string {
  const text = rows.map((row) => `${JSON.stringify(row)}\n`).join("");
  const head = JSON.stringify({ schemaVersion, kind, rows: rows.length, sha256: sha256(text) });
  return `${head}\n${text}`;
}

/** Makes a file that is not there yet (O_EXCL: no link is followed) and syncs it. */
export function writeNew(file: string, content: string | Uint8Array, mode: number = ownFile): void {
  const handle = openSync(file, "wx", mode);
  try {
    writeFileSync(handle, content);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** A rename is only lasting once its folder is on disk too. */
function syncFolder(folder: string): void {
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
