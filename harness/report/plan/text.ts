import { grouped } from "../../core/number-words.ts";

/** Plain text in a given width: wrapped sentences and aligned columns; numbers and lists in words. */

/** Lines of at most `width` characters, broken at blanks; those after the first begin with `indent`. A longer word is cut. */
export function wrap(text: string, width: number, indent: string): string[] {
  const lines: string[] = [];
  let line = /^ */.exec(text)?.[0] ?? "";
  let empty = true;
  for (const word of text.trim().split(/ +/)) {
    const next = empty ? `${line}${word}` : `${line} ${word}`;
    if (!empty && next.length > width) {
      lines.push(line);
      line = `${indent}${word}`;
    } else {
      line = next;
    }
    empty = false;
  }
  return [...lines, line].map((each) => cut(each, width));
}

/** A table with two blanks between columns: the first to the left, the rest to the right. A first cell that is too wide has a line of its own. */
export function columns(head: string[], rows: string[][], width: number): string[] {
  const table = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  const others = widths.slice(1).reduce((sum, each) => sum + each + 2, 0);
  const first = Math.max(8, Math.min(widths[0] ?? 0, width - 2 - others));
  return table.flatMap(([name = "", ...rest]) => {
    const cells = rest.map((cell, i) => `  ${cell.padStart(widths[i + 1] ?? 0)}`).join("");
    if (name.length <= first) return [cut(`  ${name.padEnd(first)}${cells}`, width)];
    return [cut(`  ${name}`, width), cut(`  ${" ".repeat(first)}${cells}`, width)];
  });
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}

/** "1 trial", "1,200 trials". */
export function count(n: number, noun: string, plural = `${noun}s`): string {
  return `${number(n)} ${n === 1 ? noun : plural}`;
}

export function number(value: number): string {
  return grouped(value, 6);
}

export function secondsText(seconds: number): string {
  return `${grouped(seconds, 1)} s`;
}

/** A time that is a bound: rounded up. */
export function duration(seconds: number): string {
  if (seconds < 120) return `${Math.ceil(seconds)} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** "a", "a or b", "a, b or c". */
export function listed(parts: string[], last: "and" | "or"): string {
  return parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} ${last} ${parts.at(-1)}`;
}
