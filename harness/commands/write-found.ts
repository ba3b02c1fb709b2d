import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { isMap, isSeq, parseDocument } from "yaml";
import { IncompleteError } from "../core/errors.ts";
import { packageFile } from "../core/package-root.ts";
import { digestsOf, isBelow } from "../experiment/copy-suite.ts";
import { armForm } from "../experiment/find-trials.ts";
import type { Arm, Find } from "../results/find.ts";
import { makeFolder } from "../results/make-folder.ts";
import type { Suite } from "../suite/suite.ts";

/** What says which profiles there are, in place of which two stand. */
const ofProfiles = ["profiles", "factors", "design", "baseline", "recheck"];

/** A verdict on a ratio needs as many; a wall that every block shows needs fewer. */
const blocks = 9;

/**
 * Writes a suite into a folder, for run and gate: the one that a find was made with, its files, and in place of its profiles `baseline` and
 * `found`. What lies outside its folder is not copied. Throws IncompleteError where that can't be written.
 */
export function writeFound(suite: Suite, find: Find, arm: Arm, folder: string): void {
  try {
    for (const name of filesOf(suite, folder)) copyInto(folder, suite.folder, name);
    makeFolder(folder);
    writeFileSync(join(folder, "suite.yaml"), withFound(readFileSync(suite.file, "utf8"), find, arm));
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause)) throw cause;
    throw new IncompleteError(`can't write into ${folder}: ${cause.message}`, { cause });
  }
}

function withFound(yaml: string, find: Find, arm: Arm): string {
  // The way to the schema is another one from there.
  const document = parseDocument(yaml.replace(/^# yaml-language-server: .*\n/, ""));
  if (!isMap(document.contents)) return yaml;
  for (const key of ofProfiles) document.delete(key);
  // As it is written: what a reference stands for is not to be in a file.
  const written = document.getIn(["target", "command"]);
  const command = isSeq(written) ? written.items.map(String) : [];
  document.set("profiles", document.createNode({ baseline: {}, found: armForm(find.levers, arm, command) }));
  document.set("baseline", "baseline");
  if (find.objective === null) document.set("blocks", blocks);
  return document.toString({ lineWidth: 0 });
}

/** Files of the suite's folder that a run of it is made of, but for the suite's own. */
function filesOf(suite: Suite, out: string): string[] {
  const names = Object.keys(digestsOf(suite, out).digests);
  return names.filter((name) => isBelow(name) && join(suite.folder, name) !== suite.file);
}

/** A script that finds the library by its way from the suite's folder has it by its name in another. */
function copyInto(folder: string, from: string, name: string): void {
  const [source, copy] = [join(from, name), join(folder, name)];
  makeFolder(dirname(copy));
  copyFileSync(source, copy);
  if (!/\.[jt]s$/.test(name)) return;
  const text = readFileSync(source, "utf8");
  const moved = text.replace(/(["'])(\.{1,2}\/[^"'\n]+)\1/g, (whole, quote: string, way: string) =>
    resolve(dirname(source), way) === packageFile("scenarios/lib/k6.ts") ? `${quote}tunebench/k6${quote}` : whole,
  );
  if (moved !== text) writeFileSync(copy, moved);
}
