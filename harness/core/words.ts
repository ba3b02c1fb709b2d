import stringWidth from "string-width";
import { grouped } from "./numbers.ts";

/** Words that sentences of every room are made of, and lines of a given width. */

/** "a", "a and b", "a, b and c". */
export function listWords(items: readonly string[], last: "and" | "or" = "and"): string {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} ${last} ${items.at(-1)}`;
}

/** "1 trial", "1,200 trials". */
export function counted(n: number, noun: string, plural = `${noun}s`): string {
  return `${grouped(n)} ${n === 1 ? noun : plural}`;
}

/** With a capital letter at its beginning. */
export function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Breaks at spaces; a word longer than the width is cut. `indent` stands before every line, `first` before the first. */
export function wrap(text: string, width: number, indent = "", first = indent): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of cutLongWords(text, Math.max(1, width - indent.length))) {
    const room = width - (lines.length === 0 ? first : indent).length;
    if (line !== "" && stringWidth(`${line} ${word}`) > room) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  if (line !== "") lines.push(line);
  return lines.map((content, index) => `${index === 0 ? first : indent}${content}`);
}

function cutLongWords(text: string, width: number): string[] {
  return text
    .split(/\s+/)
    .filter((word) => word !== "")
    .flatMap((word) => (stringWidth(word) <= width ? word : cut(word, width)));
}

/** A sign may take two columns, as CJK does. */
function cut(word: string, width: number): string[] {
  const parts = [""];
  // Made here: the tables for it take as long as Node's own start.
  for (const { segment } of new Intl.Segmenter().segment(word)) {
    const last = parts.pop() ?? "";
    const fits = last === "" || stringWidth(last + segment) <= width;
    parts.push(...(fits ? [last + segment] : [last, segment]));
  }
  return parts;
}
