import sliceAnsi from "slice-ansi";
import stringWidth from "string-width";
import { wrap } from "../core/words.ts";

/** A column of a plain text table. Where the table is too wide, columns with the highest `dropOrder` go first; equals go together. */
export interface TextColumn {
  title: string;
  align: "left" | "right";
  /** null = never left out. */
  dropOrder: number | null;
  /** Takes what room is left, and is broken into lines within it. */
  wraps?: boolean;
}

/** The table's rows, head and rule first, none wider than `width`; and what was left out. */
export interface TextTable {
  /** One for each row; with line ends in it where a row had to be folded. */
  lines: string[];
  leftOut: string[];
}

/**
 * Columns as wide as their content, a rule under the head. Where they do not fit, first the gaps shrink, then columns
 * go, then every row is folded between the same columns. A row of one cell stands on a line of its own and widens no column. Cells may be painted, and must be free of other control characters.
 */
export function layOutTable(columns: TextColumn[], rows: string[][], width: number): TextTable {
  const all = columns.map((_, index) => index);
  const gap = totalWidth(columns, rows, all, 2) <= width ? "  " : " ";
  const kept = keepWhatFits(columns, rows, width, gap.length);
  const widths = widthsOf(columns, rows, kept, { gap: gap.length, width });
  const folds = foldsOf(widths, gap.length, width);
  const folded = (texts: string[]) => foldLine(texts, folds, gap, width);
  const padded = (cells: string[]) =>
    folded(kept.map((index, place) => pad(cells[index] ?? "", widths[place] ?? 0, columns[index]?.align ?? "left")));
  const line = (cells: string[]) =>
    cells.length === 1 ? shorten(cells[0] ?? "", width) : broken(columns, cells, kept, widths).map(padded).join("\n");
  const head = line(columns.map((column) => column.title));
  const rule = folded(kept.map((index, at) => (columns[index]?.title === "" ? "" : "-".repeat(widths[at] ?? 0))));
  const leftOut = columns.filter((_, index) => !kept.includes(index)).map((column) => column.title);
  return { lines: [head, rule, ...rows.map(line)], leftOut };
}

/** Fewer columns than this would break every sentence to pieces. */
const leastWrapped = 20;

function widthsOf(
  columns: TextColumn[],
  rows: string[][],
  kept: number[],
  { gap, width }: { gap: number; width: number },
): number[] {
  const own = kept.map((index) => columnWidth(columns, rows, index));
  const left = width - totalWidth(columns, rows, kept, gap);
  return own.map((needed, place) =>
    columns[kept[place] ?? 0]?.wraps === true
      ? Math.min(wholeWidth(columns, rows, kept[place] ?? 0), needed + Math.max(0, left))
      : needed,
  );
}

/** A row as several, where a cell is broken into lines. */
function broken(columns: TextColumn[], cells: string[], kept: number[], widths: number[]): string[][] {
  const lines = cells.map((cell, index) => {
    const place = kept.indexOf(index);
    return columns[index]?.wraps === true && place >= 0 ? wrap(cell, widths[place] ?? 0) : [cell];
  });
  const most = Math.max(1, ...lines.map(({ length }) => length));
  return Array.from({ length: most }, (_, at) => lines.map((parts) => parts[at] ?? ""));
}

function keepWhatFits(columns: TextColumn[], rows: string[][], width: number, gap: number): number[] {
  let kept = columns.map((_, index) => index);
  while (totalWidth(columns, rows, kept, gap) > width) {
    const droppable = kept.filter((index) => columns[index]?.dropOrder !== null);
    if (droppable.length === 0) return kept;
    const worst = Math.max(...droppable.map((index) => columns[index]?.dropOrder ?? 0));
    kept = kept.filter((index) => columns[index]?.dropOrder !== worst);
  }
  return kept;
}

const foldIndent = "  ";

/** Places of the columns where a new line starts: 0, and each that would not fit on the line before. */
function foldsOf(widths: number[], gap: number, width: number): number[] {
  const starts = [0];
  let used = 0;
  widths.forEach((own, place) => {
    const needed = used === 0 ? own : used + gap + own;
    if (place > 0 && needed > width) {
      starts.push(place);
      used = foldIndent.length + own;
    } else {
      used = needed;
    }
  });
  return starts;
}

/** The texts on as many lines; one that holds nothing is left out. */
function foldLine(texts: string[], folds: number[], gap: string, width: number): string {
  const parts = folds.map((start, at) =>
    texts
      .slice(start, folds[at + 1])
      .join(gap)
      .trimEnd(),
  );
  const lines = parts.map((part, at) => (at === 0 ? part : `${foldIndent}${part}`));
  return lines
    .filter((_, at) => parts[at] !== "")
    .map((line) => (folds.length === 1 ? line : shorten(line, width)))
    .join("\n");
}

function totalWidth(columns: TextColumn[], rows: string[][], kept: number[], gap: number): number {
  return kept.reduce((sum, index) => sum + columnWidth(columns, rows, index), gap * (kept.length - 1));
}

/** What the column needs: of one that wraps only its least. */
function columnWidth(columns: TextColumn[], rows: string[][], index: number): number {
  const whole = wholeWidth(columns, rows, index);
  return columns[index]?.wraps === true ? Math.min(leastWrapped, whole) : whole;
}

function wholeWidth(columns: TextColumn[], rows: string[][], index: number): number {
  return Math.max(
    stringWidth(columns[index]?.title ?? ""),
    ...rows.map((row) => (row.length === 1 ? 0 : stringWidth(row[index] ?? ""))),
  );
}

function pad(text: string, width: number, align: "left" | "right"): string {
  const space = " ".repeat(Math.max(0, width - stringWidth(text)));
  return align === "left" ? `${text}${space}` : `${space}${text}`;
}

/** Cuts to a width, with "..." where something went. */
export function shorten(text: string, width: number): string {
  return stringWidth(text) <= width ? text : `${sliceAnsi(text, 0, Math.max(0, width - 3))}...`;
}
