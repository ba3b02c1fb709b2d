import { isCollection, isNode, isPair, isScalar, type Node, type Pair, type YAMLMap } from "yaml";

/** A change of a text: what stands from `start` to `end` gives way to `text`. */
export interface Splice {
  start: number;
  end: number;
  text: string;
}

/** The text with all changes made; they must not overlap, and offsets are the old text's. */
export function spliced(text: string, splices: Splice[]): string {
  return splices
    .toSorted((a, b) => b.start - a.start || b.end - a.end)
    .reduce((so, { start, end, text: put }) => so.slice(0, start) + put + so.slice(end), text);
}

/** Where a node begins: after its anchor and tag. */
export function startOf(node: Node): number {
  return rangeOf(node)[0];
}

/** Where a node's content ends: its last character's end, without a comment; of a block scalar after its last line's end. */
export function endOf(node: Node): number {
  const last = isCollection(node) && node.flow !== true ? node.items.at(-1) : undefined;
  if (isPair(last)) return endOfPair(last);
  return isNode(last) ? Math.max(endOf(last), startOf(last)) : rangeOf(node)[1];
}

/** The same of a key with its value. */
export function endOfPair({ key, value }: Pair): number {
  const keyEnd = isNode(key) ? endOf(key) : 0;
  return Math.max(keyEnd, isNode(value) ? endOf(value) : 0);
}

/** Where a key begins. */
export function startOfPair({ key }: Pair): number {
  return isNode(key) ? startOf(key) : 0;
}

/** Where the line of an offset begins. */
export function lineStart(text: string, at: number): number {
  return text.lastIndexOf("\n", at - 1) + 1;
}

/** Where the line that holds the character before an offset is over, its line end with it; the text's end without one. */
export function lineOver(text: string, at: number): number {
  if (at > 0 && text[at - 1] === "\n") return at;
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end + 1;
}

/** Whether nothing but white space stands before an offset on its line. */
export function beginsLine(text: string, at: number): boolean {
  return /^\uFEFF?[ \t]*$/.test(text.slice(lineStart(text, at), at));
}

/** Columns before an offset on its line; a byte order mark is none. */
export function columnOf(text: string, at: number): number {
  return text.slice(lineStart(text, at), at).replace("\uFEFF", "").length;
}

/** Where the colon after a key ends. */
export function afterColon(text: string, { key, value }: Pair): number {
  const from = isNode(key) ? endOf(key) : 0;
  const colon = text.indexOf(":", from);
  const to = isNode(value) ? startOf(value) : text.length;
  return colon < 0 || colon > to ? from : colon + 1;
}

/** Whether there is nothing: no node, or null in any of its spellings. */
export function isEmptyNode(node: unknown): boolean {
  if (node === undefined || node === null) return true;
  if (!isScalar(node)) return false;
  if (node.value === null) return true;
  return node.type === "PLAIN" && node.tag === undefined && /^(|~|null|Null|NULL)$/.test(String(node.value));
}

/** The pair of a key within a map; undefined without one. */
export function pairOf(map: YAMLMap, key: string | number): Pair | undefined {
  return map.items.find((pair) => String(isScalar(pair.key) ? pair.key.value : pair.key) === String(key));
}

function rangeOf(node: Node): [number, number] {
  const { range } = node;
  if (range === null || range === undefined) throw new Error("a node that was read has no place");
  return [range[0], range[1]];
}
