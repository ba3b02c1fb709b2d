import { isNode, type Node, type Pair, type YAMLMap, type YAMLSeq } from "yaml";
import {
  afterColon,
  beginsLine,
  columnOf,
  endOf,
  endOfPair,
  lineOver,
  lineStart,
  type Splice,
  startOf,
  startOfPair,
} from "./offsets.ts";
import { blockOf, flowText, indentOf, type Style } from "./render.ts";

/** A key more in a map, behind its others; in brackets of several lines before them, where no other line needs a comma for it. */
export function insertPair(text: string, map: YAMLMap, key: string, value: unknown, style: Style): Splice[] {
  if (map.flow === true) {
    const entry = `${flowText(key, style)}: ${flowText(value, style)}`;
    const ends = map.items.map((pair) => ({ start: startOfPair(pair), end: endOfPair(pair) }));
    return insertFlow(text, map, ends, [entry], style);
  }
  const column = columnOf(text, startOf(map));
  return [linesAfter(text, endOf(map), column, [blockOf({ [key]: value }, column, style)], style)];
}

/** Entries more in a list, behind its others; in brackets of several lines before them. */
export function insertItems(text: string, list: YAMLSeq, values: unknown[], style: Style): Splice[] {
  if (list.flow === true) {
    const entries = values.map((value) => flowText(value, style));
    const ends = list.items.filter(isNode).map((node) => ({ start: startOf(node), end: endOf(node) }));
    return insertFlow(text, list, ends, entries, style);
  }
  const column = columnOf(text, startOf(list));
  const entries = values.map((value) => blockOf([value], column, { ...style, indentsLists: true }));
  return [linesAfter(text, endOf(list), column, entries, style)];
}

/** A value for a key that has none. */
export function fillPair(text: string, pair: Pair, map: YAMLMap, value: unknown, style: Style): Splice[] {
  const colon = afterColon(text, pair);
  const spelled = isNode(pair.value) ? Math.max(endOf(pair.value), colon) : colon;
  // Blanks alone stay: a comment needs the one before it.
  const end = text.slice(colon, spelled).trim() === "" ? colon : spelled;
  const isPlain = typeof value !== "object" || value === null || Object.keys(value).length === 0;
  const isLines = typeof value === "string" && value.includes("\n");
  if (map.flow === true || (isPlain && !isLines)) return [{ start: colon, end, text: ` ${flowText(value, style)}` }];
  const column = columnOf(text, startOfPair(pair));
  const whole = blockOf({ [keyText(pair)]: value }, column, style);
  const at = whole.indexOf("\n") + 1;
  if (isLines) return [{ start: startOfPair(pair), end, text: whole }];
  const gone = { start: colon, end, text: "" };
  const added = linesAfter(text, end, 0, [whole.slice(at)], style);
  return end === colon ? [added] : [gone, added];
}

function keyText({ key }: Pair): string {
  return isNode(key) && "value" in key ? String(key.value) : String(key);
}

/** Lines behind the line that holds the character before `end`; the first is indented here. */
function linesAfter(text: string, end: number, column: number, blocks: string[], { eol }: Style): Splice {
  const at = lineOver(text, end);
  const lines = blocks.map((block) => " ".repeat(column) + block).join(eol);
  const cut = at > 0 && text[at - 1] !== "\n";
  return { start: at, end: at, text: cut ? `${eol}${lines}` : `${lines}${eol}` };
}

function insertFlow(
  text: string,
  node: Node,
  items: { start: number; end: number }[],
  entries: string[],
  { eol }: Style,
): Splice[] {
  const [first, last] = [items[0], items.at(-1)];
  if (first === undefined || last === undefined) {
    const at = startOf(node) + 1;
    const pad = text[at] === " " ? " " : "";
    return [{ start: at, end: at, text: pad + entries.join(", ") }];
  }
  if (beginsLine(text, first.start)) {
    const at = lineStart(text, first.start);
    const lines = entries.map((entry) => `${indentOf(text, first.start)}${entry},${eol}`);
    return [{ start: at, end: at, text: lines.join("") }];
  }
  const comma = commaAfter(text, last.end, endOf(node));
  if (comma === null) return [{ start: last.end, end: last.end, text: `, ${entries.join(", ")}` }];
  return [{ start: comma, end: comma, text: ` ${entries.join(", ")},` }];
}

/** Where a comma behind the last entry ends; null without one. */
function commaAfter(text: string, from: number, to: number): number | null {
  const rest = text.slice(from, to).replace(/(^|\s)#[^\n]*/g, (comment) => " ".repeat(comment.length));
  const at = rest.indexOf(",");
  return at < 0 ? null : from + at + 1;
}
