import { type Document, isMap, isScalar, isSeq, type Pair, visit } from "yaml";
import { columnOf, startOf, startOfPair } from "./offsets.ts";
import type { Style } from "./render.ts";

/** How a document is written, by the first places that show it. */
export function styleOf(text: string, document: Document | undefined): Style {
  const root = document?.contents;
  const firstKey = isMap(root) && root.flow === true ? root.items[0]?.key : undefined;
  const { map, list } = firstSteps(text, document);
  return {
    eol: /^[^\n]*\r\n/.test(text) ? "\r\n" : "\n",
    json: isScalar(firstKey) && firstKey.type === "QUOTE_DOUBLE",
    step: Math.max(1, Math.min(map ?? 2, 8)),
    indentsLists: list !== 0,
  };
}

/** Columns by which the first map and the first list of a key's stand deeper than it; null without one. */
function firstSteps(text: string, document: Document | undefined): { map: number | null; list: number | null } {
  const steps: { map: number | null; list: number | null } = { map: null, list: null };
  const look = (_: unknown, pair: Pair) => {
    const { value } = pair;
    const step = (at: number) => columnOf(text, at) - columnOf(text, startOfPair(pair));
    if (isMap(value) && value.flow !== true) steps.map ??= step(startOf(value));
    if (isSeq(value) && value.flow !== true) steps.list ??= step(startOf(value));
    return steps.map !== null && steps.list !== null ? visit.BREAK : undefined;
  };
  if (document !== undefined) visit(document, { Pair: look });
  return steps;
}
