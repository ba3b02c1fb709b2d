import {
  chownSync,
  copyFileSync,
  cpSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Readable } from "node:stream";
import type { ExecutionContext } from "ava";
import { execa } from "execa";
import { type Document, parseDocument } from "yaml";
import { repeatsDisturbed, samePlace } from "../../harness/experiment/place.ts";
import { readRun, type StoredRun } from "../../harness/results/read.ts";
import type { TrialRecord } from "../../harness/results/trial.ts";
import { mainFile, temporaryFolder, treeFile } from "./cli.ts";
import { k6Here } from "./engines-here.ts";
import { lostFields } from "./lost-fields.ts";

/** `nobody`: the ordinary user of tests. */
const nobody = 65_534;

/** A place with nothing but a suite: everything a run writes outside `out` is seen here. */
export interface World {
  /** Holds all others; the harness's working directory, and so that of everything it leaves behind. */
  folder: string;
  suite: string;
  out: string;
  home: string;
  tmp: string;
  env: Record<string, string>;
}

/** What a test changes of a suite: its document, and files laid into its folder. */
export interface SuiteChanges {
  from?: string;
  edit?: (suite: Document) => void;
  files?: Record<string, string>;
}

/** A fresh world with a suite (default: test/fixtures/whole), removed with the test. */
export async function openWorld(t: ExecutionContext, changes: SuiteChanges = {}): Promise<World> {
  const folder = await temporaryFolder(t);
  const [suite, out, home, tmp] = ["suite", "results", "home", "tmp"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
    string,
  ];
  for (const path of [home, tmp]) mkdirSync(path);
  cpSync(changes.from ?? treeFile("test/fixtures/whole"), suite, { recursive: true });
  const document = parseDocument(readFileSync(join(suite, "suite.yaml"), "utf8"));
  changes.edit?.(document);
  writeFileSync(join(suite, "suite.yaml"), String(document));
  for (const [name, text] of Object.entries(changes.files ?? {})) {
    mkdirSync(dirname(join(suite, name)), { recursive: true });
    writeFileSync(join(suite, name), text);
  }
  const { path } = await k6Here(t);
  // By its own name, which says whether it has our output.
  const k6 = join(folder, basename(path));
  linkProgram(path, k6);
  return { folder, suite, out, home, tmp, env: { HOME: home, XDG_CACHE_HOME: home, TMPDIR: tmp, TUNEBENCH_K6: k6 } };
}

/** A name of its own for the same file, whose folder may be closed to others; a copy where the disk has no links. */
function linkProgram(path: string, name: string): void {
  try {
    linkSync(path, name);
  } catch {
    copyFileSync(path, name);
  }
}

/** Gives a world to the ordinary user, but for k6: that file is the machine's. */
export function giveToNobody(world: World): void {
  const below = readdirSync(world.folder, { recursive: true, encoding: "utf8" });
  const paths = ["", ...below].map((path) => join(world.folder, path));
  for (const path of paths) if (path !== world.env.TUNEBENCH_K6) chownSync(path, nobody, nobody);
}

/** How a test starts tunebench: as the ordinary user, behind another program, with a module loaded before it. */
export interface Start {
  asNobody?: boolean;
  /** argv in front: nsenter into another place. */
  through?: string[];
  /** Path of a module that is loaded first (node --import), into the harness alone. */
  preloaded?: string;
}

/** argv that runs tunebench. */
export function tunebenchArgv(args: string[], { asNobody, through, preloaded }: Start = {}): string[] {
  const drop = ["setpriv", `--reuid=${nobody}`, `--regid=${nobody}`, "--clear-groups"];
  const node = [process.execPath, ...(preloaded === undefined ? [] : ["--import", preloaded])];
  return [...(through ?? []), ...(asNobody === true ? drop : []), ...node, mainFile(), ...args];
}

/**
 * Starts `tunebench run` on a world's suite, by relative paths and with the default folder of results, as people do, and
 * gives the process; never throws for its exit code.
 */
export function startRun(world: World, args: string[] = [], start: Start = {}) {
  return startTunebench(world, ["run", basename(world.suite), ...args], start);
}

/** Starts any command of tunebench in a world. */
export function startTunebench(world: World, args: string[], start: Start = {}) {
  const [program = "", ...argv] = tunebenchArgv(args, start);
  return execa(program, argv, { reject: false, cwd: world.folder, env: { NO_COLOR: "1", ...world.env } });
}

/** Runs `tunebench run` to its end. */
export async function runWhole(world: World, args: string[] = [], start: Start = {}) {
  return await startRun(world, args, start);
}

/** Resolves once the run has said a line; rejects where it ends without. */
export function said({ stderr }: { stderr: Readable }, line: RegExp): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = "";
    stderr.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      if (line.test(text)) resolve();
    });
    stderr.once("close", () => reject(new Error(`it never said ${line}:\n${text}`)));
  });
}

/** The one run below a world's results. */
export function onlyRun(world: World): StoredRun {
  const [id, ...more] = readdirSync(world.out);
  if (id === undefined || more.length > 0) throw new Error(`one run was expected in ${world.out}`);
  const folder = join(world.out, id);
  const lost = lostFields(folder);
  if (lost.length > 0) throw new Error(`fields that no shape has: ${lost.join(", ")}`);
  return readRun(folder);
}

/** A run's trials without those that a busy machine made it repeat. */
export function withoutDisturbed(trials: TrialRecord[]): TrialRecord[] {
  return trials.filter(
    (trial) =>
      !repeatsDisturbed(
        trial,
        samePlace(trials, trial).filter(({ sequence }) => sequence < trial.sequence),
      ),
  );
}
