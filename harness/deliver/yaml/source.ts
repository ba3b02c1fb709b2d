import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  parseDocument,
} from "yaml";
import { InputError } from "../../core/errors.ts";
import type { Plain, YamlPath } from "./model.ts";
import { isEmptyNode, pairOf, startOf } from "./offsets.ts";

/** A text that was read: its nodes with their places, and its values. */
export interface Source {
  /** As messages name it. */
  name: string;
  text: string;
  documents: Document[];
  /** One for each document: every scalar its text, or null; aliases followed. */
  values: Plain[];
}

/** A number is not read as one, so that its text is never another. */
const failsafe = { schema: "failsafe", logLevel: "error" } as const;

/** Throws InputError where a text is not YAML, or has aliases that can't be followed. */
export function readSource(name: string, text: string): Source {
  const options = { ...failsafe, lineCounter: new LineCounter() };
  const parsed = parseAllDocuments(text, options);
  const documents: Document[] = "empty" in parsed ? [parseDocument(text, options)] : parsed;
  const fault = documents.flatMap(({ errors }) => errors)[0];
  if (fault !== undefined) {
    const at = fault.linePos?.[0];
    const place = at === undefined ? name : `${name}:${at.line}:${at.col}`;
    throw new InputError(`${place}: is not YAML: ${fault.message.split(/ at line |\n/)[0]}`);
  }
  return { name, text, documents, values: documents.map((document) => valuesOf(name, document)) };
}

/** The node at a path; undefined without one. Throws InputError where an alias stands on the way: a change would be one of all its places. */
export function nodeAt(source: Source, path: YamlPath): Node | undefined {
  let node: unknown = source.documents[Number(path[0])]?.contents;
  for (const [depth, key] of path.slice(1).entries()) {
    checkNoAlias(source, path.slice(0, depth + 1), node);
    node = isMap(node) ? pairOf(node, key)?.value : isSeq(node) ? node.items[Number(key)] : undefined;
  }
  checkNoAlias(source, path, node);
  return isNode(node) ? node : undefined;
}

function checkNoAlias(source: Source, path: YamlPath, node: unknown): void {
  if (!isAlias(node)) return;
  throw faultOf(path, placeText(source, startOf(node)), `is an alias (*${node.source})`, writeOut);
}

/** What to do where a value stands elsewhere. */
export const writeOut = "write it out where it is to be changed";

/** A fault at a path, with the place of what is there, or of the nearest above it. */
export function wrongAt(source: Source, path: YamlPath, fault: string, hint?: string): InputError {
  return faultOf(path, placeAt(source, path), fault, hint);
}

/** name:line:column of what is at a path, or of the nearest above it. */
export function placeAt(source: Source, path: YamlPath): string {
  let node: unknown = source.documents[Number(path[0])]?.contents;
  let at = isNode(node) ? startOf(node) : null;
  for (const key of path.slice(1)) {
    node = isMap(node) ? pairOf(node, key)?.value : isSeq(node) ? node.items[Number(key)] : undefined;
    if (isNode(node)) at = startOf(node);
  }
  return placeText(source, at);
}

function placeText({ name, text }: Source, at: number | null): string {
  const before = text.slice(0, at ?? 0);
  return at === null ? name : `${name}:${before.split("\n").length}:${before.length - before.lastIndexOf("\n")}`;
}

function faultOf(path: YamlPath, place: string, fault: string, hint?: string): InputError {
  const what = path.length > 1 ? `${path.slice(1).join(".")} ` : "";
  return new InputError(`${place}: ${what}${fault}`, { hint });
}

/** More aliases than this are a bomb, or a loop. */
const mostAliases = 1000;

function valuesOf(name: string, document: Document): Plain {
  let aliases = 0;
  const follow = (node: unknown): Plain => {
    if (isAlias(node)) {
      if (++aliases > mostAliases)
        throw new InputError(`${name} can't be merged with: more than ${mostAliases} aliases`);
      const meant = node.resolve(document);
      if (meant === undefined)
        throw new InputError(`${name} can't be merged with: nothing is anchored &${node.source}`);
      return follow(meant);
    }
    if (isMap(node)) {
      return Object.fromEntries(
        node.items.map(({ key, value }) => [String(isScalar(key) ? key.value : key), follow(value)]),
      );
    }
    if (isSeq(node)) return node.items.map(follow);
    return isScalar(node) && !isEmptyNode(node) ? String(node.value) : null;
  };
  return follow(document.contents);
}
