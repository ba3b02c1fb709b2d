import { closeSync, constants, lstatSync, openSync, realpathSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { IncompleteError, InputError } from "../core/errors.ts";
import { writeWhole } from "../results/write.ts";

/**
 * Writes a report to where it was asked for. A file is replaced as a whole, behind links too; a device, a pipe or a terminal is
 * written into: it must not be replaced. A report that can't be written is a wrong name (InputError), not a run that is not complete.
 */
export function writeReport(file: string, text: string): void {
  try {
    const real = realPathOf(file);
    if (isNoFile(real)) writeInto(real, text);
    else writeWhole(real, text, 0o666);
  } catch (error) {
    const cause = error instanceof IncompleteError ? error.cause : error;
    if (!(cause instanceof Error && "code" in cause)) throw error;
    throw new InputError(`can't write ${file}: ${cause.message}`, { cause: error });
  }
}

/** A pipe that nobody reads refuses (ENXIO) instead of waiting for a reader for ever. */
function writeInto(file: string, text: string): void {
  const reader = isPipe(file) ? openSync(file, constants.O_WRONLY | constants.O_NONBLOCK) : null;
  try {
    writeFileSync(file, text);
  } finally {
    if (reader !== null) closeSync(reader);
  }
}

function isPipe(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFIFO() === true;
}

/** The file that a name leads to, whether or not it is there. Two names of one file are equal. */
export function realPathOf(file: string): string {
  // A link to nothing yet is left to the system: written through, it makes what it points to.
  if (lstatSync(file, { throwIfNoEntry: false }) !== undefined) return resolvedOr(file);
  return join(resolvedOr(dirname(file)), basename(file));
}

function resolvedOr(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}

/** What is there and can't be replaced by a file: devices, pipes, terminals, folders (which refuse), links to nothing. */
function isNoFile(path: string): boolean {
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return false;
  return statSync(path, { throwIfNoEntry: false })?.isFile() !== true;
}
