import { isNode, type Pair, type YAMLMap, type YAMLSeq } from "yaml";
import { beginsLine, endOf, endOfPair, lineOver, lineStart, type Splice, startOf, startOfPair } from "./offsets.ts";

/** Takes a key with its value off a map that has others. */
export function removePair(text: string, map: YAMLMap, pair: Pair): Splice {
  const ends = map.items.map((one) => ({ start: startOfPair(one), end: endOfPair(one) }));
  return removeOne(text, map.flow === true, ends, map.items.indexOf(pair));
}

/** Takes an entry off a list that has others. */
export function removeItem(text: string, list: YAMLSeq, index: number): Splice {
  const flow = list.flow === true;
  const ends = list.items.map((node) =>
    isNode(node) ? { start: startOf(node), end: endOf(node) } : { start: 0, end: 0 },
  );
  if (flow) return removeOne(text, true, ends, index);
  const dashes = ends.map(({ start, end }) => ({ start: text.lastIndexOf("-", start - 1), end }));
  return removeOne(text, false, dashes, index);
}

function removeOne(text: string, flow: boolean, places: { start: number; end: number }[], index: number): Splice {
  const [place, next, before] = [places[index], places[index + 1], places[index - 1]];
  if (place === undefined) throw new Error("nothing is there to be removed");
  if (!flow && beginsLine(text, place.start)) {
    return { start: lineStart(text, place.start), end: lineOver(text, place.end), text: "" };
  }
  // The first of a map that begins on its list's dash, or one of several within brackets.
  if (next !== undefined) return { start: place.start, end: next.start, text: "" };
  return { start: before?.end ?? place.start, end: place.end, text: "" };
}
