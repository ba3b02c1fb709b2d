import { LineCounter, parseAllDocuments, type Tags } from "yaml";
import { InputError } from "../../../core/errors.ts";
import { escaped } from "../../../core/text.ts";
import { type Locate, locate, reason, unusableNodes, yamlProblems } from "../../../suite/document.ts";
import type { Problem } from "../../../suite/problems.ts";

/** One object of a manifest with the way back to its lines; a List's items are objects of their own. */
export interface ManifestObject {
  value: unknown;
  locate: Locate;
}

/**
 * The objects of a file, empty documents left out. Read as YAML 1.1, as Kubernetes does (0644 is octal), but for the times and base-60
 * numbers that it does not know either.
 * @throws InputError with a line `file:line:column: text` for each fault
 */
export function readObjects(fileName: string, text: string): ManifestObject[] {
  if (text.length > longestText) {
    throw manifestError(fileName, [
      { line: 1, column: 1, text: `the file is too long: at most ${longestText} characters` },
    ]);
  }
  try {
    return parsed(fileName, text).flatMap(itemsOf);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw manifestError(fileName, [{ line: 1, column: 1, text: `this can't be read as YAML: ${reason(error)}` }]);
  }
}

/** A manifest that can't be used, with all that is wrong with it. */
export function manifestError(fileName: string, problems: Problem[]): InputError {
  const lines = problems
    .slice(0, mostShown)
    .map(({ line, column, text }) => `${escaped(fileName)}:${line}:${column}: ${text}`);
  const more = problems.length - lines.length;
  return new InputError([...lines, ...(more > 0 ? [`and ${more} more`] : [])].join("\n"), {
    hint: "`kubectl apply --dry-run=server --filename FILE` says whether a cluster takes it as it is",
  });
}

/** Several times what a ConfigMap may hold is not a manifest any more. */
const longestText = 512 * 1024;
const mostShown = 50;

function parsed(fileName: string, text: string): ManifestObject[] {
  const lines = new LineCounter();
  const all = parseAllDocuments(text, {
    lineCounter: lines,
    prettyErrors: false,
    logLevel: "error",
    stringKeys: true,
    version: "1.1",
    customTags: asKubernetesReads,
  });
  const documents = "empty" in all ? [] : all;
  const problems = documents.flatMap((yaml) => [...yamlProblems(yaml, text, lines), ...unusableNodes(yaml, lines)]);
  if (problems.length > 0) throw manifestError(fileName, problems);
  return documents.map((yaml) => ({
    value: yaml.toJS({ maxAliasCount: 100 }) as unknown,
    locate: (path, part) => locate(yaml, lines, path, part),
  }));
}

/** YAML 1.1 as Kubernetes' parser has it: no days, no base-60 numbers, and an exponent only behind a digit (e0 is a word). */
function asKubernetesReads(tags: Tags): Tags {
  return tags.flatMap((tag): Tags => {
    if (typeof tag === "string" || tag.collection !== undefined) return [tag];
    if (tag.tag === "tag:yaml.org,2002:timestamp" || tag.format === "TIME") return [];
    return [tag.format === "EXP" ? { ...tag, test: exponent } : tag];
  });
}

const exponent = /^[-+]?(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9_]+)[eE][-+]?[0-9]+$/;

function itemsOf(object: ManifestObject): ManifestObject[] {
  const { value } = object;
  if (value === null || value === undefined) return [];
  const items =
    typeof value === "object" && "kind" in value && value.kind === "List" && "items" in value ? value.items : null;
  if (!Array.isArray(items)) return [object];
  return items.map((item: unknown, i) => ({
    value: item,
    locate: (path, part) => object.locate(["items", i, ...path], part),
  }));
}
