import { conditionRows, goalCount } from "./conditions.ts";
import { printable } from "./printable.ts";
import type { ReportInput } from "./report-input.ts";
import { sizingLegend, sizingRows } from "./sizing.ts";
import type { Paint } from "./terminal-parts.ts";
import { layOutTable, type TextColumn, wrap } from "./text-table.ts";

const conditionColumns: TextColumn[] = [
  { title: "condition", align: "left", dropOrder: null },
  { title: "profile", align: "left", dropOrder: null },
  { title: "asked", align: "right", dropOrder: 3 },
  { title: "served", align: "right", dropOrder: null },
  { title: "failed", align: "right", dropOrder: null },
  { title: "p99", align: "right", dropOrder: 2 },
  { title: "recovered", align: "right", dropOrder: 4 },
  { title: "cores", align: "right", dropOrder: 5 },
  { title: "memory", align: "right", dropOrder: 6 },
  { title: "goals", align: "left", dropOrder: null },
];

/** Each condition with its profiles, and the goals that were not kept. [] for a run whose load is one. */
export function conditionLines(input: ReportInput, width: number, paint: Paint): string[] {
  const rows = conditionRows(input);
  if (rows.length === 0) return [];
  const cells = rows.map((row) => [
    printable(row.condition),
    printable(row.profile),
    row.asked,
    row.served,
    row.failed,
    row.p99,
    row.recovered,
    row.cores,
    row.memory,
    goalCount(row),
  ]);
  const table = layOutTable(conditionColumns, cells, width);
  const [head = "", rule = "", ...body] = table.lines;
  const missed = rows.flatMap(({ condition, profile, goals }) =>
    goals.filter(({ state }) => state !== "kept").map((goal) => ({ ...goal, where: `${condition}, ${profile}` })),
  );
  const left = table.leftOut.length === 0 ? "" : ` Not shown at this width: ${table.leftOut.join(", ")}.`;
  return [
    paint("bold", head),
    paint("dim", rule),
    ...body,
    ...wrap(`Cores are the mean, memory the peak of the target, all copies.${left}`, width).map((line) =>
      paint("dim", line),
    ),
    ...missed.flatMap(({ where, goal, value, result, state }) =>
      wrap(printable(`${where}: ${goal} ${result} (${value})`), width, "    ", "  ").map((line) =>
        state === "missed" ? paint("red", line) : paint("yellow", line),
      ),
    ),
  ];
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
  const [head = "", rule = "", ...body] = layOutTable(sizingColumns, cells, width).lines;
  const legend = wrap(sizingLegend(input), width).map((line) => paint("dim", line));
  return [paint("bold", head), paint("dim", rule), ...body, ...legend];
}
