import { isNode, type Pair, type Scalar, type YAMLMap } from "yaml";
import { afterColon, columnOf, endOf, endOfPair, type Splice, startOf, startOfPair } from "./offsets.ts";
import { blockOf, flowText, type Style, textLike } from "./render.ts";

/** Another text in a scalar's place. Of a block text only the lines that differ are written anew. */
export function replaceText(text: string, node: Scalar, wanted: string, inFlow: boolean, style: Style): Splice[] {
  if (node.type === "BLOCK_LITERAL") return replaceLines(text, node, wanted, style);
  const place = { start: startOf(node), end: endOf(node) };
  const quoted = node.type === "QUOTE_DOUBLE" || inFlow || !wanted.includes("\n");
  if (quoted) return [{ ...place, text: textLike(wanted, node.type, inFlow, style) }];
  // A folded or plain text of several lines: as a literal block, two deeper than its line.
  const column = (/^ */.exec(text.slice(text.lastIndexOf("\n", place.start - 1) + 1))?.[0] ?? "").length;
  const block = blockOf({ k: wanted }, column, style).slice("k: ".length);
  const cut = text[place.end - 1] === "\n" ? style.eol : "";
  return [{ ...place, text: block + cut }];
}

/** Another value in the place of a map, a list or anything else: in lines where the map has lines, unless it is empty. */
export function replaceValue(text: string, pair: Pair, map: YAMLMap, value: unknown, style: Style): Splice[] {
  const colon = afterColon(text, pair);
  const end = Math.max(endOfPair(pair), colon);
  const cut = map.flow !== true && text[end - 1] === "\n" ? style.eol : "";
  const isEmpty = typeof value !== "object" || value === null || Object.keys(value).length === 0;
  if (map.flow === true || isEmpty) return [{ start: colon, end, text: ` ${flowText(value, style)}${cut}` }];
  const lines = blockOf({ key: value }, columnOf(text, startOfPair(pair)), style);
  return [{ start: colon, end, text: lines.slice("key:".length) + cut }];
}

/** Another entry in a list's place, as lines or within brackets. */
export function replaceItem(text: string, node: unknown, value: unknown, inFlow: boolean, style: Style): Splice[] {
  if (!isNode(node)) return [];
  const place = { start: startOf(node), end: endOf(node) };
  if (inFlow) return [{ ...place, text: flowText(value, style) }];
  const cut = text[place.end - 1] === "\n" ? style.eol : "";
  return [{ ...place, text: blockOf(value, columnOf(text, place.start), style) + cut }];
}

function replaceLines(text: string, node: Scalar, wanted: string, { eol }: Style): Splice[] {
  const start = text.indexOf("\n", startOf(node)) + 1;
  const there = text.slice(start, endOf(node)).split("\n");
  const [old, now] = [String(node.value).split("\n"), wanted.split("\n")];
  const indent = Math.max(
    0,
    ...old.map((line, index) => (line.trim() === "" ? 0 : indentFor(there[index] ?? "", line))),
  );
  const same = sharedLines(old, now);
  const middle = now.slice(same.before, now.length - same.after);
  const lines = middle.map((line) => (line === "" ? "" : " ".repeat(indent) + line) + (eol === "\r\n" ? "\r" : ""));
  const kept = [there.slice(0, same.before), there.slice(old.length - same.after)];
  const body = [...(kept[0] ?? []), ...lines, ...(kept[1] ?? [])].join("\n");
  return [{ start, end: endOf(node), text: body }];
}

function indentFor(there: string, line: string): number {
  return there.replace(/\r$/, "").length - line.length;
}

/** Lines that two texts share at their beginning and at their end. */
function sharedLines(one: string[], other: string[]): { before: number; after: number } {
  const least = Math.min(one.length, other.length);
  let before = 0;
  while (before < least && one[before] === other[before]) before++;
  let after = 0;
  while (after < least - before && one.at(-1 - after) === other.at(-1 - after)) after++;
  return { before, after };
}
