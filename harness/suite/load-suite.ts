import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { InputError } from "../core/errors.ts";
import { readRegular } from "../core/read-regular.ts";
import { escaped } from "../core/text.ts";
import { variablesTaken } from "./checks-references.ts";
import { readCompose } from "./compose/read-compose.ts";
import { type Path, problemAt, readDocument, type SourceDocument } from "./document.ts";
import { readSuite } from "./parse.ts";
import { FileError, type Problem, SuiteError, shown } from "./problems.ts";
import { readText } from "./read-text.ts";
import { mostFileBytes } from "./schema-kubernetes.ts";
import type { Suite } from "./suite.ts";
import { writtenIn } from "./written.ts";

/**
 * Reads and checks a suite.
 * @param path a scenario's folder (with suite.yaml in it) or a suite file
 * @param environment where the values of `${env.NAME}` come from, where the suite is about to be run
 * @throws InputError where there is no such file, SuiteError with every fault of it
 */
export async function loadSuite(path: string, environment: NodeJS.ProcessEnv | null = null): Promise<Suite> {
  const file = await findSuiteFile(path);
  const { suite, document } = readSuite(readText(file, "suite"), file, (way) => textIn(dirname(file), way));
  const problems = fileProblems(suite, document);
  if (environment !== null) problems.push(...missingVariables(document, environment));
  if (problems.length > 0) throw new SuiteError(file, problems);
  return suite;
}

/** What of a suite's compose file is otherwise in a trial than its reader may think, a line each with its place; [] without one. */
export function composeWarnings({ compose, folder }: Suite): string[] {
  if (compose === null) return [];
  const { warnings } = readCompose(compose, (way) => textIn(folder, way));
  const place = relative(process.cwd(), join(folder, compose.file));
  return warnings.map(({ line, text }) => `${place}:${line}: ${text}`);
}

/** The same error with the place of the suite's key whose value it is about. */
export function atItsPlace(error: InputError, { file }: Pick<Suite, "file">, path: Path): InputError {
  const { document } = readDocument(readText(file, "suite"));
  if (document === null) return error;
  const problem = problemAt(document, path, error.message, "value");
  return new FileError(relative(process.cwd(), file), [problem], { hint: error.hint ?? undefined });
}

function textIn(folder: string, way: string): string {
  return readRegular(join(folder, way), { mostBytes: mostScriptBytes }).toString("utf8");
}

function missingVariables(document: SourceDocument, environment: NodeJS.ProcessEnv): Problem[] {
  const missing = variablesTaken(writtenIn(document.data)).filter(
    ({ variable }) => environment[variable] === undefined,
  );
  return missing.map(({ path, variable }) => {
    const text = `the environment has no ${variable}, whose value this takes; set it where you start tunebench`;
    return problemAt(document, path, text, "value");
  });
}

async function findSuiteFile(path: string): Promise<string> {
  const file = (await isFolder(path)) ? join(path, "suite.yaml") : path;
  if (await isFile(file)) return file;
  throw new InputError(`no suite here: looked for the file ${escaped(file)}`, {
    hint: "give a scenario's folder (with a suite.yaml in it) or a suite file; `tunebench init` makes one",
  });
}

async function isFile(path: string): Promise<boolean> {
  return (await statOrNull(path))?.isFile() ?? false;
}

async function isFolder(path: string): Promise<boolean> {
  return (await statOrNull(path))?.isDirectory() ?? false;
}

/** null for whatever can't be looked at: absent, unreadable, or no path at all (a NUL in it). */
async function statOrNull(path: string) {
  return stat(path).catch(() => null);
}

/** Files that a suite names and that are not in its folder, or are too large for what becomes of them. */
function fileProblems(suite: Suite, document: SourceDocument): Problem[] {
  const problems: Problem[] = [];
  const report = (path: Path, text: string) => {
    problems.push(problemAt(document, path, text, "value"));
  };
  const parts = [
    { path: ["target"], part: suite.target },
    ...Object.entries(suite.upstreams).map(([name, part]) => ({ path: ["upstreams", name], part })),
  ];
  const named = [
    { path: ["load", "script"], file: suite.load.script, what: "the script's path" },
    ...parts.flatMap(({ path, part }) => {
      const { manifest = null } = part.kubernetes ?? {};
      const where = [...path, "kubernetes", "manifest"];
      return manifest === null ? [] : [{ path: where, file: manifest, what: "the manifest's path" }];
    }),
  ];
  for (const { path, file, what } of named) {
    if (sizeOf(suite, file) === null) report(path, missing(file, `${what} from there`));
  }
  for (const { path, part } of parts) {
    for (const mount of part.container?.mounts ?? []) {
      const way = mount.slice(0, mount.indexOf(":"));
      if (!existsSync(join(suite.folder, way))) report([...path, "mounts"], missing(way, "one that is there"));
    }
    checkMounted(suite, part.kubernetes?.files ?? [], [...path, "kubernetes", "files"], report);
  }
  return problems;
}

type ReportFile = (path: Path, text: string) => void;

function checkMounted(suite: Suite, files: string[], path: Path, report: ReportFile): void {
  const sizes = files.map((file) => sizeOf(suite, file));
  sizes.forEach((size, i) => {
    if (size === null) report([...path, i], missing(files[i] ?? "", "the name of one that is there"));
  });
  const whole = sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
  if (whole <= mostFileBytes) return;
  const kib = (bytes: number) => `${Math.ceil(bytes / 1024)} KiB`;
  report(path, `these files have ${kib(whole)} together; use at most ${kib(mostFileBytes)}, or an image that has them`);
}

function missing(file: string, what: string): string {
  return `there is no file ${shown(file)} in the suite's folder; give ${what}`;
}

/** Bytes; null where it is no file, or can't be read to an end: some of /proc call themselves files. */
function sizeOf({ folder }: Suite, file: string): number | null {
  try {
    return readRegular(join(folder, file), { mostBytes: mostScriptBytes }).length;
  } catch {
    return null;
  }
}

/** Beyond it nothing is a script or a manifest. */
const mostScriptBytes = 16 * 2 ** 20;
