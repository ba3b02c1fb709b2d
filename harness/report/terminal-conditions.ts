import { printable } from "../core/text.ts";
import { wrap } from "../core/words.ts";
import { type ConditionRow, conditionRows, goalCount, measuredHeads } from "./conditions.ts";
import type { ReportInput } from "./report-input.ts";
import { sizingLegend, sizingRows } from "./sizing.ts";
import { type Paint, paintedTable } from "./terminal-parts.ts";
import type { TextColumn } from "./text-table.ts";

const [served, failed, p99] = measuredHeads;
const conditionColumns: TextColumn[] = [
  { title: "condition", align: "left", dropOrder: null },
  { title: "profile", align: "left", dropOrder: null },
  { title: "asked", align: "right", dropOrder: 3 },
  { title: served, align: "right", dropOrder: null },
  { title: failed, align: "right", dropOrder: null },
  { title: p99, align: "right", dropOrder: 2 },
  { title: "recovered", align: "right", dropOrder: 4 },
  { title: "cores", align: "right", dropOrder: 5 },
  { title: "memory", align: "right", dropOrder: 6 },
  { title: "goals", align: "left", dropOrder: null },
];

/** Each condition with its profiles, and the goals that were not kept. [] for a run whose load is one. */
export function conditionLines(input: ReportInput, width: number, paint: Paint): string[] {
  const rows = conditionRows(input);
  if (rows.length === 0) return [];
  const table = paintedTable(conditionColumns, rows.map(cellsOf), width, paint);
  const left = table.leftOut.length === 0 ? "" : ` Not shown at this width: ${table.leftOut.join(", ")}.`;
  const legend = wrap(`Cores are the mean, memory the peak of the target, all copies.${left}`, width);
  return [
    ...table.lines,
    ...legend.map((line) => paint("dim", line)),
    ...rows.flatMap((row) => goalsNotKept(row, width, paint)),
  ];
}

function cellsOf(row: ConditionRow): string[] {
  const { asked, served, failed, p99, recovered, cores, memory } = row;
  const names = [printable(row.condition), printable(row.profile)];
  return [...names, asked, served, failed, p99, recovered, cores, memory, goalCount(row)];
}

/** Each goal that was missed or is open, with what was measured. */
function goalsNotKept({ condition, profile, goals }: ConditionRow, width: number, paint: Paint): string[] {
  const open = goals.filter(({ state }) => state !== "kept");
  return open.flatMap(({ goal, value, result, state }) => {
    const lines = wrap(printable(`${condition}, ${profile}: ${goal} ${result} (${value})`), width, "    ", "  ");
    return lines.map((line) => paint(state === "missed" ? "red" : "yellow", line));
  });
}

const sizingColumns: TextColumn[] = [
  { title: "sizing", align: "left", dropOrder: null },
  { title: "cpu request", align: "right", dropOrder: null },
  { title: "limit", align: "right", dropOrder: null },
  { title: "memory request", align: "right", dropOrder: null },
  { title: "limit", align: "right", dropOrder: null },
];

/** What a copy of the target may be given. [] without conditions. */
export function sizingLines(input: ReportInput, width: number, paint: Paint): string[] {
  const rows = sizingRows(input);
  if (rows.length === 0) return [];
  const cells = rows.map((row) => [
    printable(row.profile),
    row.cpuRequest,
    row.cpuLimit,
    row.memoryRequest,
    row.memoryLimit,
  ]);
  const legend = wrap(sizingLegend(input), width).map((line) => paint("dim", line));
  return [...paintedTable(sizingColumns, cells, width, paint).lines, ...legend];
}
