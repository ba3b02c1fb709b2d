/** A column of a plain text table. Where the table is too wide, columns with the highest `dropOrder` go first. */
export interface TextColumn {
  title: string;
  align: "left" | "right";
  /** null = never left out. */
  dropOrder: number | null;
}

/** Lines of the table, none wider than `width` unless even the columns that stay are; and what was left out. */
export interface TextTable {
  lines: string[];
  leftOut: string[];
}

/**
 * Columns as wide as their content, a rule under the head. Where they do not fit, first the gaps shrink, then columns
 * go. A row of one cell stands on a line of its own and widens no column. Cells must be free of control characters.
 */
export function layOutTable(columns: TextColumn[], rows: string[][], width: number): TextTable {
  const all = columns.map((_, index) => index);
  const gap = totalWidth(columns, rows, all, 2) <= width ? "  " : " ";
  const kept = keepWhatFits(columns, rows, width, gap.length);
  const widths = kept.map((index) => columnWidth(columns, rows, index));
  const line = (cells: string[]) => (cells.length === 1 ? shorten(cells[0] ?? "", width) : columnsOf(cells));
  const columnsOf = (cells: string[]) =>
    kept
      .map((index, place) => pad(cells[index] ?? "", widths[place] ?? 0, columns[index]?.align ?? "left"))
      .join(gap)
      .trimEnd();
  const head = line(columns.map((column) => column.title));
  const rule = kept
    .map((index, place) => (columns[index]?.title === "" ? "" : "-".repeat(widths[place] ?? 0)))
    .join(gap)
    .trimEnd();
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

/** Breaks at spaces; a word longer than the width is cut. `indent` stands before every line, `first` before the first. */
export function wrap(text: string, width: number, indent = "", first = indent): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of cutLongWords(text, Math.max(1, width - indent.length))) {
    const room = width - (lines.length === 0 ? first : indent).length;
    if (line !== "" && line.length + 1 + word.length > room) {
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
    .flatMap((word) => word.match(new RegExp(`.{1,${width}}`, "gu")) ?? []);
}

/** Cuts to a width, with "..." where something went. */
export function shorten(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 3))}...`;
}
