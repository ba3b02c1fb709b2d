import { isAlias, isMap, isScalar, isSeq, type Node, type YAMLMap } from "yaml";
import { fillPair, insertItems, insertPair } from "./insert.ts";
import type { YamlPath } from "./model.ts";
import { isEmptyNode, lineOver, pairOf, type Splice } from "./offsets.ts";
import { removeItem, removePair } from "./remove.ts";
import { blockOf, type Style } from "./render.ts";
import { replaceItem, replaceText, replaceValue } from "./replace.ts";
import { nodeAt, type Source, writeOut, wrongAt } from "./source.ts";
import { styleOf } from "./style.ts";

/** What to write where, for a value to be at a path; maps on the way are made. Throws InputError where something else is in the way. */
export function assignmentOf(source: Source, path: YamlPath, value: unknown): Splice[] {
  const style = styleOf(source.text, source.documents[Number(path[0])]);
  for (let depth = 1; depth < path.length; depth++) {
    const [above, key] = [path.slice(0, depth), path[depth] ?? ""];
    const parent = nodeAt(source, above);
    const rest = path.slice(depth + 1).reduceRight<unknown>((inner, one) => ({ [one]: inner }), value);
    const isLast = depth === path.length - 1;
    if (isEmptyNode(parent) && depth === 1) return beginDocument(source, Number(path[0]), { [key]: rest }, style);
    if (isMap(parent)) {
      const splices = settingIn(source, parent, path, depth, rest, style);
      if (splices !== null) return splices;
    } else if (isSeq(parent) && parent.items[Number(key)] !== undefined) {
      if (isLast) return settingItem(source, parent.items[Number(key)], value, parent.flow === true, style);
    } else {
      throw wrongAt(source, above, "is no map");
    }
  }
  throw wrongAt(source, path, "can't be set");
}

/** Within a map of the way; null where the way leads deeper. */
function settingIn(
  { text, ...rest }: Source,
  map: YAMLMap,
  path: YamlPath,
  depth: number,
  value: unknown,
  style: Style,
): Splice[] | null {
  const source = { text, ...rest };
  const key = path[depth] ?? "";
  const pair = pairOf(map, key);
  if (pair === undefined) {
    if (inherits(source, map, key, Number(path[0]))) {
      throw wrongAt(source, path.slice(0, depth + 1), "comes from elsewhere by <<", writeOut);
    }
    return insertPair(text, map, String(key), value, style);
  }
  if (isEmptyNode(pair.value)) return fillPair(text, pair, map, value, style);
  if (depth < path.length - 1) return null;
  const there = nodeAt(source, path);
  if (isScalar(there) && typeof value === "string") return replaceText(text, there, value, map.flow === true, style);
  return replaceValue(text, pair, map, value, style);
}

function settingItem({ text }: Source, node: unknown, value: unknown, inFlow: boolean, style: Style): Splice[] {
  if (isScalar(node) && typeof value === "string") return replaceText(text, node, value, inFlow, style);
  return replaceItem(text, node, value, inFlow, style);
}

/** What to write where, for entries to be at the end of a list that is there. Throws InputError where it is no list. */
export function appendingOf(source: Source, path: YamlPath, entries: unknown[]): Splice[] {
  const list = nodeAt(source, path);
  if (!isSeq(list)) throw wrongAt(source, path, "is no list");
  return insertItems(source.text, list, entries, styleOf(source.text, source.documents[Number(path[0])]));
}

/** What to take out, for nothing to be at a path that is there. */
export function removalOf(source: Source, path: YamlPath): Splice {
  const parent = nodeAt(source, path.slice(0, -1));
  const key = path.at(-1) ?? "";
  if (isSeq(parent)) return removeItem(source.text, parent, Number(key));
  const pair = isMap(parent) ? pairOf(parent, key) : undefined;
  if (!isMap(parent) || pair === undefined) throw wrongAt(source, path, "can't be taken away");
  return removePair(source.text, parent, pair);
}

/** Whether a map takes a key from elsewhere by `<<`. */
function inherits(source: Source, map: YAMLMap, key: string | number, index: number): boolean {
  const document = source.documents[index];
  const merged = pairOf(map, "<<")?.value;
  if (merged === undefined || document === undefined) return false;
  const sources: unknown[] = isSeq(merged) ? merged.items : [merged];
  return sources.some((one) => {
    const meant: Node | undefined | unknown = isAlias(one) ? one.resolve(document) : one;
    return isMap(meant) && (pairOf(meant, key) !== undefined || inherits(source, meant, key, index));
  });
}

/** A document without content gets some, behind its comments. */
function beginDocument({ text, documents }: Source, index: number, value: unknown, style: Style): Splice[] {
  const at = lineOver(text, documents[index + 1]?.range?.[0] ?? text.length);
  const lines = blockOf(value, 0, style) + style.eol;
  const cut = at > 0 && text[at - 1] !== "\n" && text !== "\uFEFF";
  return [{ start: at, end: at, text: cut ? style.eol + lines : lines }];
}
