import { printable } from "./printable.ts";
import type { ReportInput } from "./report-input.ts";
import { describeSearch, searchLegend, searchRows, stepRows, typicalSearch } from "./search.ts";
import { layOutTable, type TextColumn, wrap } from "./text-table.ts";

type Paint = (style: "bold" | "dim" | "green" | "red" | "yellow", text: string) => string;

const columns: TextColumn[] = [
  { title: "profile", align: "left", dropOrder: null },
  { title: "sustains", align: "right", dropOrder: null },
  { title: "over the blocks", align: "left", dropOrder: 1 },
  { title: "ports allow", align: "right", dropOrder: null },
  { title: "steps", align: "right", dropOrder: 2 },
];

const stepColumns: TextColumn[] = [
  { title: "phase", align: "left", dropOrder: 1 },
  { title: "rate", align: "right", dropOrder: null },
  { title: "", align: "left", dropOrder: null },
];

/** What each profile sustains, and the steps of one search of each. [] for a run that searched for no rate. */
export function searchLines(input: ReportInput, width: number, paint: Paint): string[] {
  const rows = searchRows(input);
  if (rows.length === 0) return [];
  const cells = rows.map(({ profile, found, spread, ceiling, steps }) => [
    printable(profile),
    found,
    spread ?? "",
    ceiling,
    steps,
  ]);
  const [head = "", rule = "", ...body] = layOutTable(columns, cells, width).lines;
  const notes = rows.flatMap(({ profile, notes }) =>
    notes.flatMap((note) => wrap(printable(`${profile}: ${note}.`), width)),
  );
  return [
    paint("bold", head),
    paint("dim", rule),
    ...body,
    ...wrap(searchLegend(input), width).map((line) => paint("dim", line)),
    ...notes.map((line) => paint("yellow", line)),
    ...input.analysis.profiles.flatMap((profile) => stepLines(profile, width, paint)),
  ];
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
    paint("bold", printable(describeSearch(name, shown, search))),
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
