import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type Document as YamlDocument,
} from "yaml";
import { type Position, type Problem, plain } from "./problems.ts";

/** A suite file as plain data, with the way back to line and column. */
export interface SourceDocument {
  data: unknown;
  /** Where a key or its value stands. A path that goes beyond what is written gives the nearest key above. */
  locate: Locate;
}

export type Path = readonly PropertyKey[];
export type Locate = (path: Path, part: "key" | "value") => Position;

/** YAML 1.2, one document, no duplicate keys. `document` is null where the text is too broken to go on with. */
export function readDocument(text: string): { document: SourceDocument | null; problems: Problem[] } {
  if (text.length > longestText) {
    return {
      document: null,
      problems: [{ ...start, text: `the file is too long; a suite has at most ${longestText} characters` }],
    };
  }
  const lines = new LineCounter();
  try {
    const yaml = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: "error", stringKeys: true });
    const problems = yamlProblems(yaml, text, lines);
    const broken = yaml.errors.some((error) => error.code !== "DUPLICATE_KEY");
    if (broken) return { document: null, problems };
    const data: unknown = yaml.toJS({ maxAliasCount: 100 });
    return { document: { data, locate: (path, part) => locate(yaml, lines, path, part) }, problems };
  } catch (error) {
    return { document: null, problems: [{ ...start, text: `this can't be read as YAML: ${reason(error)}` }] };
  }
}

const longestText = 256 * 1024;
const start: Position = { line: 1, column: 1 };

function yamlProblems(yaml: YamlDocument.Parsed, text: string, lines: LineCounter): Problem[] {
  return [...yaml.errors, ...yaml.warnings].map((error) => {
    const offset = error.pos[0];
    if (error.code !== "DUPLICATE_KEY") return { ...positionOf(lines, offset), text: plain(error.message) };
    const key = /^[^\s:]+/.exec(text.slice(offset, offset + 200))?.[0] ?? "";
    return {
      ...positionOf(lines, offset),
      text: `the key ${plain(key)} is here twice; each key may stand once in a map`,
    };
  });
}

/** The parser gives up on what nests too deeply (its stack) or multiplies too far (aliases). */
function reason(error: unknown): string {
  if (error instanceof RangeError) return "it nests too deeply";
  if (error instanceof ReferenceError) return `its aliases can't be followed (${plain(error.message)})`;
  return plain(error instanceof Error ? error.message : String(error));
}

function locate(yaml: YamlDocument.Parsed, lines: LineCounter, path: Path, part: "key" | "value"): Position {
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
