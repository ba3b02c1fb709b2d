/** A column of a plain text table. Where the table is too wide, columns with the highest `dropOrder` go first. */
export interface TextColumn {
  title: string;
  align: "left" | "right";
  /** null = never left out. */
  dropOrder: number | null;
}

/** The table's rows, head and rule first, none wider than `width`; and what was left out. */
export interface TextTable {
  /** One for each row; with line ends in it where a row had to be folded. */
  lines: string[];
  leftOut: string[];
}

/**
 * Columns as wide as their content, a rule under the head. Where they do not fit, first the gaps shrink, then columns
 * go, then every row is folded between the same columns. A row of one cell stands on a line of its own and widens no column. Cells must be free of control characters.
 */
export function layOutTable(columns: TextColumn[], rows: string[][], width: number): TextTable {
  const all = columns.map((_, index) => index);
  const gap = totalWidth(columns, rows, all, 2) <= width ? "  " : " ";
  const kept = keepWhatFits(columns, rows, width, gap.length);
  const widths = kept.map((index) => columnWidth(columns, rows, index));
  const line = (cells: string[]) => (cells.length === 1 ? shorten(cells[0] ?? "", width) : columnsOf(cells));
  const folds = foldsOf(widths, gap.length, width);
  const folded = (texts: string[]) => foldLine(texts, folds, gap, width);
  const columnsOf = (cells: string[]) =>
    folded(kept.map((index, place) => pad(cells[index] ?? "", widths[place] ?? 0, columns[index]?.align ?? "left")));
  const head = line(columns.map((column) => column.title));
  const rule = folded(kept.map((index, at) => (columns[index]?.title === "" ? "" : "-".repeat(widths[at] ?? 0))));
  const leftOut = columns.filter((_, index) => !kept.includes(index)).map((column) => column.title);
  return { lines: [head, rule, ...rows.map(line)], leftOut };
}

function keepWhatFits(columns: TextColumn[], rows: string[][], width: number, gap: number): number[] {
  let kept = columns.map((_, index) => index);
  while (totalWidth(columns, rows, kept, gap) > width) {
    const droppable = kept.filter((index) => columns[index]?.dropOrder !== null);
    const worst = droppable.toSorted((a, b) => (columns[b]?.dropOrder ?? 0) - (columns[a]?.dropOrder ?? 0))[0];
    if (worst === undefined) return kept;
    kept = kept.filter((index) => index !== worst);
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

function columnWidth(columns: TextColumn[], rows: string[][], index: number): number {
  return Math.max(
    columns[index]?.title.length ?? 0,
    ...rows.map((row) => (row.length === 1 ? 0 : (row[index]?.length ?? 0))),
  );
}

function pad(text: string, width: number, align: "left" | "right"): string {
  return align === "left" ? text.padEnd(width) : text.padStart(width);
}

/** Cuts to a width, with "..." where something went. */
export function shorten(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 3))}...`;
}
