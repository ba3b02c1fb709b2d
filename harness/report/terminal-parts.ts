import { printable } from "../core/text.ts";
import type { ComparisonRow } from "./comparison.ts";
import { type Footnote, footnoteNumbers } from "./doubts.ts";
import { layOutTable, type TextColumn, type TextTable } from "./text-table.ts";

/** What the sections of the terminal's report share. */

/** Puts a style on text, or leaves it as it is where colour is not wanted. */
export type Paint = (style: "bold" | "dim" | "green" | "red" | "yellow", text: string) => string;

const longestName = 24;

/** A table with its head in bold and its rule dim; `paintRow` colours a row, told by its place. */
export function paintedTable(
  columns: TextColumn[],
  cells: string[][],
  width: number,
  paint: Paint,
  paintRow: (line: string, index: number) => string = (line) => line,
): TextTable {
  const { lines, leftOut } = layOutTable(columns, cells, width);
  const [head = "", rule = "", ...body] = lines;
  return { lines: [paint("bold", head), paint("dim", rule), ...body.map(paintRow)], leftOut };
}

/** The profile with the numbers of its doubts: "reuse [1,2]". */
export function markedName({ profile }: ComparisonRow, notes: Footnote[]): string {
  const numbers = footnoteNumbers(notes, profile);
  return `${printable(profile)}${numbers.length === 0 ? "" : ` [${numbers.join(",")}]`}`;
}

/** A name that would push the numbers off the screen stands above them; cut, two profiles could look the same. */
export function withLongName(cells: string[]): string[][] {
  const [name = "", ...numbers] = cells;
  return name.length <= longestName ? [cells] : [[name], ["", ...numbers]];
}

/** The verdict in a word, "~" where it is inconclusive, "-" where nothing was judged. */
export function verdictMark(row: ComparisonRow): string {
  if (row.verdict === null) return row.isBaseline ? "" : "-";
  return row.verdict === "inconclusive" ? "~" : row.verdict;
}

/** Colours the verdict at a line's end. */
export function paintVerdict(line: string, row: Pick<ComparisonRow, "verdict"> | undefined, paint: Paint): string {
  if (row?.verdict === "better") return line.replace(/better$/, (word) => paint("green", word));
  if (row?.verdict === "worse") return line.replace(/worse$/, (word) => paint("red", word));
  return row?.verdict === "inconclusive" ? line.replace(/~$/, (mark) => paint("yellow", mark)) : line;
}
