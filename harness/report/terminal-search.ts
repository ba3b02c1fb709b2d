import { printable } from "../core/text.ts";
import { wrap } from "../core/words.ts";
import { inconclusiveReasons } from "./comparison.ts";
import { footnotes } from "./doubts.ts";
import type { ReportInput } from "./report-input.ts";
import { describeSearch, type SearchRow, searchLegend, searchRows, stepRows, typicalSearch } from "./search.ts";
import { markedName, type Paint, paintedTable, paintVerdict, verdictMark, withLongName } from "./terminal-parts.ts";
import { layOutTable, type TextColumn } from "./text-table.ts";

const columns: TextColumn[] = [
  { title: "profile", align: "left", dropOrder: null },
  { title: "sustains", align: "right", dropOrder: null },
  { title: "ports allow", align: "right", dropOrder: 1 },
  { title: "vs baseline", align: "left", dropOrder: null },
  { title: "", align: "left", dropOrder: null },
];

const stepColumns: TextColumn[] = [
  { title: "phase", align: "left", dropOrder: 1 },
  { title: "rate", align: "right", dropOrder: null },
  { title: "", align: "left", dropOrder: null },
];

/** What each profile sustains beside the baseline, and the steps of one search of each. [] for a run that searched for no rate. */
export function searchLines(input: ReportInput, width: number, paint: Paint): string[] {
  const rows = searchRows(input);
  if (rows.length === 0) return [];
  const marks = footnotes(input);
  const lines = rows.flatMap(({ row, found, ceiling }) =>
    withLongName([markedName(row, marks), found, ceiling, row.ratio, verdictMark(row)]).map((cells) => ({
      row,
      cells,
    })),
  );
  const cells = lines.map((line) => line.cells);
  const table = paintedTable(columns, cells, width, paint, (line, index) =>
    paintVerdict(line, lines[index]?.row, paint),
  );
  return [
    ...table.lines,
    ...wrap(printable(legend(input, rows)), width).map((line) => paint("dim", line)),
    ...noteLines(rows, width).map((line) => paint("yellow", line)),
    ...input.analysis.profiles.flatMap((profile) => stepLines(profile, width, paint)),
  ];
}

function noteLines(rows: SearchRow[], width: number): string[] {
  return rows.flatMap(({ row, notes }) => notes.flatMap((note) => wrap(printable(`${row.profile}: ${note}.`), width)));
}

function legend(input: ReportInput, rows: SearchRow[]): string {
  const reasons = inconclusiveReasons({ rows: rows.map(({ row }) => row) });
  const open = reasons.length === 0 ? "" : ` ~ is inconclusive: ${reasons.join("; ").replace(/\.$/, "")}.`;
  return `${searchLegend(input)}${open}`;
}

function stepLines(
  { name, search }: ReportInput["analysis"]["profiles"][number],
  width: number,
  paint: Paint,
): string[] {
  const shown = search === null ? null : typicalSearch(search);
  if (search === null || shown === null) return [];
  const rows = stepRows(shown.steps);
  const cells = rows.map(({ phase, rate }) => [phase, rate, ""]);
  const [, , ...lines] = layOutTable(stepColumns, cells, width).lines;
  return [
    "",
    ...wrap(printable(describeSearch(name, shown, search)), width).map((line) => paint("bold", line)),
    ...rows.flatMap(({ result, why }, index) => {
      const start = `  ${lines[index] ?? ""}  `;
      const said = `${result}${why === "" ? "" : `: ${printable(why)}`}`;
      const [first = "", ...more] = wrap(said, width, " ".repeat(start.length), start);
      return [paintResult(first, result, paint), ...more];
    }),
  ];
}

function paintResult(line: string, result: string, paint: Paint): string {
  const style = result === "kept" ? "green" : result === "missed" ? "red" : "yellow";
  return line.replace(result, (word) => paint(style, word));
}
