import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLError,
  type Document as YamlDocument,
} from "yaml";
import { escaped } from "../core/text.ts";
import { type Position, type Problem, pathText } from "./problems.ts";

/** A suite or cluster file as plain data, with the way back to line and column. */
export interface SourceDocument {
  data: unknown;
  /** Where a key or its value stands. A path that goes beyond what is written gives the nearest key above. */
  locate: Locate;
}

export type Path = readonly PropertyKey[];
export type Locate = (path: Path, part: "key" | "value") => Position;

/** What is wrong at a path of a document, with its position: the value's, or the key's where that is what must change. */
export function problemAt({ locate }: { locate: Locate }, path: Path, text: string, part: "key" | "value"): Problem {
  return { ...locate(path, part), text: `${inside(path)}${text}` };
}

/** What stands before a sentence about something: `stop.fault: `. */
export function inside(path: Path): string {
  return path.length === 0 ? "" : `${pathText(path)}: `;
}

/**
 * YAML 1.2, one document, no duplicate keys; with `merge` the merge keys (<<) of 1.1 too. `document` is null where the text is too broken to go
 * on with.
 */
export function readDocument(
  text: string,
  { merge = false }: { merge?: boolean } = {},
): { document: SourceDocument | null; problems: Problem[] } {
  if (text.length > longestText) {
    return {
      document: null,
      problems: [{ ...start, text: `the file is too long; at most ${longestText} characters are read` }],
    };
  }
  const lines = new LineCounter();
  try {
    const options = { lineCounter: lines, prettyErrors: false, logLevel: "error", stringKeys: true, merge } as const;
    const yaml = parseDocument(text, options);
    const problems = yamlProblems(yaml, text, lines);
    if (yaml.errors.some((error) => error.code !== "DUPLICATE_KEY")) return { document: null, problems };
    const unusable = unusableNodes(yaml, lines);
    problems.push(...unusable);
    if (unusable.length > 0) return { document: null, problems };
    const data: unknown = yaml.toJS({ maxAliasCount: 100 });
    return { document: { data, locate: (path, part) => locate(yaml, lines, path, part) }, problems };
  } catch (error) {
    return { document: null, problems: [{ ...start, text: `this can't be read as YAML: ${reason(error)}` }] };
  }
}

const longestText = 256 * 1024;
const nestsTooDeeply = "it nests too deeply";
const start: Position = { line: 1, column: 1 };

/** What the parser found wrong, in sentences with their positions; the first fault of each kind. */
export function yamlProblems(yaml: YamlDocument.Parsed, text: string, lines: LineCounter): Problem[] {
  const problems = [...yaml.errors, ...yaml.warnings].map((error) => {
    const offset = error.pos[0];
    return { ...positionOf(lines, offset), text: sentence(error, text.slice(offset, offset + 200)) };
  });
  const tooDeep = problems.find(({ text }) => text === nestsTooDeeply);
  if (tooDeep !== undefined) return [tooDeep];
  // One slip makes the parser stumble over what follows: the first fault of each kind is the one to mend.
  return problems.filter(({ text }, i) => problems.findIndex((other) => other.text === text) === i).slice(0, 20);
}

function sentence(error: YAMLError, there: string): string {
  if (error.code === "DUPLICATE_KEY") {
    const key = /^[^\s:]+/.exec(there)?.[0] ?? "";
    return `duplicate key ${escaped(key)}; a map has each key once`;
  }
  if (error.code === "MULTIPLE_DOCS") return "a second document begins here; use one";
  if (error.code === "NON_STRING_KEY") return "a map or list can't be a key; use a word";
  if (/block scalar (indicator|header)/i.test(error.message)) {
    return 'a text that begins with > or | must stand in quotes, such as ">= 490"';
  }
  if (/call stack|stack overflow/i.test(error.message)) return nestsTooDeeply;
  return escaped(error.message);
}

/** What YAML lets through and nobody can use: aliases of nothing, and the one key that JavaScript's objects take for their own. */
export function unusableNodes(yaml: YamlDocument.Parsed, lines: LineCounter): Problem[] {
  const problems: Problem[] = [];
  visit(yaml, {
    Alias: (_, alias) => {
      if (alias.resolve(yaml) !== undefined) return;
      problems.push({
        ...positionOf(lines, offsetOf(alias) ?? 0),
        text: `no anchor &${escaped(alias.source)} stands before this alias`,
      });
    },
    Pair: (_, pair) => {
      if (!isScalar(pair.key) || pair.key.value !== "__proto__") return;
      problems.push({
        ...positionOf(lines, offsetOf(pair.key) ?? 0),
        text: "the key __proto__ can't be used; use another name",
      });
    },
  });
  return problems;
}

/** The parser gives up on what nests too deeply (its stack) or multiplies too far (aliases). */
export function reason(error: unknown): string {
  if (error instanceof RangeError) return nestsTooDeeply;
  if (error instanceof ReferenceError) return `its aliases can't be followed (${escaped(error.message)})`;
  return escaped(error instanceof Error ? error.message : String(error));
}

/** Where a path of a document stands, as `Locate` says. */
export function locate(yaml: YamlDocument.Parsed, lines: LineCounter, path: Path, part: "key" | "value"): Position {
  let node: unknown = yaml.contents;
  let keyOffset = offsetOf(node) ?? 0;
  for (const segment of path) {
    const step = child(isAlias(node) ? node.resolve(yaml) : node, segment);
    if (step === null) return positionOf(lines, keyOffset);
    keyOffset = offsetOf(step.key) ?? offsetOf(step.value) ?? keyOffset;
    node = step.value;
  }
  return positionOf(lines, part === "key" ? keyOffset : (offsetOf(node) ?? keyOffset));
}

function child(node: unknown, segment: PropertyKey): { key: unknown; value: unknown } | null {
  if (isSeq(node)) {
    const value = node.items[Number(segment)];
    return value === undefined ? null : { key: value, value };
  }
  if (!isMap(node)) return null;
  return node.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === String(segment)) ?? null;
}

function offsetOf(node: unknown): number | null {
  return (node as Node | null | undefined)?.range?.[0] ?? null;
}

function positionOf(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}
