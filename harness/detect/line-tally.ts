import { maskedLine, quotable, tellsOfError } from "../core/log-line.ts";

/** A line that a part wrote again and again, as it wrote it first: plain text without secrets. */
export interface RepeatedLine {
  line: string;
  /** How often, numbers and ids aside. */
  lines: number;
}

/** Different lines that are counted: a part whose every line is new would fill the memory. */
const most = 500;

/** Counts a part's lines, numbers and ids aside. `commonest`: of those that tell of an error the most frequent, the first of equals; null without one. */
export function createLineTally(): { add(line: string): void; commonest(): RepeatedLine | null } {
  const counted = new Map<string, RepeatedLine>();
  return {
    add(line) {
      if (!tellsOfError(line)) return;
      const mask = maskedLine(line);
      const known = counted.get(mask);
      if (known !== undefined) known.lines += 1;
      else if (counted.size < most) counted.set(mask, { line: quotable(line), lines: 1 });
    },
    commonest: () =>
      [...counted.values()].reduce<RepeatedLine | null>(
        (first, next) => (first === null || next.lines > first.lines ? next : first),
        null,
      ),
  };
}
