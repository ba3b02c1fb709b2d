import { dirname, resolve } from "node:path";
import { crossChecks } from "./checks.ts";
import { readDocument, type SourceDocument } from "./document.ts";
import { problemsFrom } from "./issues.ts";
import { SuiteError } from "./problems.ts";
import { type Sections, sections, wholeSuite } from "./schema.ts";
import type { Suite } from "./suite.ts";
import { valueAt } from "./written.ts";

/**
 * A suite from its YAML. Touches no file.
 * @param file path of the text, for messages and the suite's folder
 * @throws SuiteError with every fault of the text
 */
export function parseSuite(text: string, file: string): Suite {
  return readSuite(text, file).suite;
}

/** The same with the source, for checks that need the file system and a line to point to. */
export function readSuite(text: string, file: string): { suite: Suite; document: SourceDocument } {
  const { document, problems } = readDocument(text);
  if (document === null) throw new SuiteError(file, problems);
  const checked = sections.safeParse(document.data);
  if (!checked.success) problems.push(...problemsFrom(checked.error.issues, document));
  const sound = checked.success ? checked.data : soundSections(document.data, checked.error.issues);
  if (sound !== null) problems.push(...crossChecks(sound, document));
  if (!checked.success || problems.length > 0) throw new SuiteError(file, problems);
  return { suite: { ...wholeSuite(checked.data), folder: dirname(resolve(file)), file: resolve(file) }, document };
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
