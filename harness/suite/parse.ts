import { dirname, join, resolve } from "node:path";
import { crossChecks } from "./checks.ts";
import { readCompose } from "./compose/read-compose.ts";
import { type Locate, problemAt, readDocument, type SourceDocument } from "./document.ts";
import { problemsFrom } from "./issues.ts";
import { type Problem, SuiteError, shown } from "./problems.ts";
import { composeSection, type Sections, sections, wholeSuite } from "./schema.ts";
import type { Suite } from "./suite.ts";
import { valueAt } from "./written.ts";

/** Text of a file that a suite names, by its way from the suite's folder; throws where it can't be read. */
export type TextBeside = (way: string) => string;

/**
 * A suite from its YAML. Touches no file but through `beside`, which a suite with a compose file needs.
 * @param file path of the text, for messages and the suite's folder
 * @throws SuiteError with every fault of the text, ComposeError with those of its compose file
 */
export function parseSuite(text: string, file: string, beside?: TextBeside): Suite {
  return readSuite(text, file, beside).suite;
}

/** The same with the source, for checks that need the file system and a line to point to. */
export function readSuite(
  text: string,
  file: string,
  beside: TextBeside = () => {
    throw new Error("no file is read here");
  },
): { suite: Suite; document: SourceDocument } {
  const { document: written, problems } = readDocument(text);
  if (written === null) throw new SuiteError(file, problems);
  const { document, problem } = withComposed(written, file, beside);
  if (problem !== null) problems.push(problem);
  const checked = sections.safeParse(document.data);
  if (!checked.success) problems.push(...problemsFrom(checked.error.issues, document));
  const sound = checked.success ? checked.data : soundSections(document.data, checked.error.issues);
  if (sound !== null) problems.push(...crossChecks(sound, document));
  if (!checked.success || problems.length > 0) throw new SuiteError(file, problems);
  return { suite: { ...wholeSuite(checked.data), folder: dirname(resolve(file)), file: resolve(file) }, document };
}

/** The file with the parts of its compose file in it, as if they were written there: a suite's own upstream stands in place of a service. */
function withComposed(
  document: SourceDocument,
  file: string,
  beside: TextBeside,
): { document: SourceDocument; problem: Problem | null } {
  const { compose, target, upstreams = {}, ...others } = (document.data ?? {}) as Record<string, object | undefined>;
  const choice = composeSection.safeParse(compose).data ?? null;
  if (choice === null) return { document, problem: null };
  if (target !== undefined) {
    return { document, problem: problemAt(document, ["target"], "compose says what it is; use one of them", "key") };
  }
  const textOf = (way: string) => textBeside(way, way === choice.file, document, { file, beside });
  const composed = readCompose(choice, textOf, join(dirname(file), choice.file));
  const whole = { compose, target: composed.target, upstreams: { ...composed.upstreams, ...upstreams } };
  // What the suite itself does not say of a part, its compose file does.
  const locate: Locate = (path, part) => {
    const isWritten = valueAt(document.data, path.slice(0, 2)) !== undefined;
    return document.locate(path[0] === "target" || (path[0] === "upstreams" && !isWritten) ? ["compose"] : path, part);
  };
  return { document: { locate, data: { ...others, ...whole } }, problem: null };
}

function textBeside(
  way: string,
  isCompose: boolean,
  document: SourceDocument,
  { file, beside }: { file: string; beside: TextBeside },
): string {
  try {
    return beside(way);
  } catch (error) {
    if (!isCompose) throw error;
    const text = `${shown(way)} can't be read: ${(error as Error).message}`;
    throw new SuiteError(file, [problemAt(document, ["compose", "file"], text, "value")]);
  }
}

/** The top-level sections in which the schema found no fault; null where the file is no map at all. */
function soundSections(
  data: unknown,
  issues: readonly { path: PropertyKey[]; code: string }[],
): Partial<Sections> | null {
  if (issues.some((issue) => issue.path.length === 0 && issue.code !== "unrecognized_keys")) return null;
  const faulty = new Set(issues.map((issue) => issue.path[0]));
  const names = (Object.keys(sections.shape) as (keyof Sections)[]).filter((name) => !faulty.has(name));
  const entries = names.map((name) => [name, sections.shape[name].safeParse(valueAt(data, [name])).data]);
  return Object.fromEntries(entries) as Partial<Sections>;
}
