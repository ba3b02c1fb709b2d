import { printable } from "../core/text.ts";
import { wrap } from "../core/words.ts";
import { goalRows } from "./goals.ts";
import type { ReportInput } from "./report-input.ts";
import { type Paint, paintedTable } from "./terminal-parts.ts";
import type { TextColumn } from "./text-table.ts";

const columns: TextColumn[] = [
  { title: "profile", align: "left", dropOrder: null },
  { title: "goal", align: "left", dropOrder: null },
  { title: "measured", align: "right", dropOrder: 1 },
  { title: "", align: "left", dropOrder: null },
];

/** What became of the suite's goals. [] where it has none of its own. */
export function goalLines(input: ReportInput, width: number, paint: Paint): string[] {
  const rows = goalRows(input);
  if (rows.length === 0) return [];
  const cells = rows.map(({ profile, goal, value, result }, index) => [
    rows[index - 1]?.profile === profile ? "" : printable(profile),
    goal,
    value,
    result,
  ]);
  const table = paintedTable(columns, cells, width, paint, (line, index) =>
    paintState(line, rows[index]?.state, paint),
  );
  const legend = wrap("Latency counts up to the first wall, failures over the whole load.", width);
  return [...table.lines, ...legend.map((line) => paint("dim", line))];
}

function paintState(line: string, state: string | undefined, paint: Paint): string {
  if (state === "missed") return paint("red", line);
  return state === "open" ? paint("yellow", line) : line;
}
