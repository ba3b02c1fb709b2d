import { styleText } from "node:util";
import { printable } from "../core/text.ts";
import { counted, wrap } from "../core/words.ts";
import {
  type ComparisonRow,
  type ComparisonTable,
  comparisonNotes,
  comparisonTable,
  inconclusiveReasons,
} from "./comparison.ts";
import { type Footnote, footnotes } from "./doubts.ts";
import { describeEvidence, describeSeen, type FindingCase, type FindingGroup, groupFindings } from "./findings.ts";
import type { ReportInput } from "./report-input.ts";
import { runState } from "./run-state.ts";
import { conditionLines, sizingLines } from "./terminal-conditions.ts";
import { goalLines } from "./terminal-goals.ts";
import { markedName, type Paint, paintVerdict, verdictMark, withLongName } from "./terminal-parts.ts";
import { searchLines } from "./terminal-search.ts";
import { calibrationLines, effectLines, recheckLines, verdictLines } from "./terminal-verdicts.ts";
import { layOutTable, type TextColumn } from "./text-table.ts";
import { predictionMisses, wallsRows } from "./walls.ts";
import { verdictOf } from "./words/verdict.ts";

/** Where the text goes. Without colour no escape sequence is written. */
export interface TextStyle {
  width: number;
  color: boolean;
}

/** Numbers of a finding that a terminal shows; the other reports have all. */
const mostEvidence = 5;

/** The report for a terminal or a pipe: verdict, comparison, walls, findings, doubts. Ends with a line end. */
export function renderTerminal(input: ReportInput, { width, color }: TextStyle): string {
  const paint: Paint = (style, text) => (color ? styleText(style, text, { validateStream: false }) : text);
  const notes = footnotes(input);
  const sections = [
    wrap(printable(verdictOf(input.run, input.analysis)), width).map((line) => paint("bold", line)),
    wrap(printable(runState(input) ?? ""), width).map((line) => paint("yellow", line)),
    ...(input.run.experiment.kind !== "search"
      ? [comparisonLines(input, notes, width, paint), recheckLines(input, width), wallsLines(input, width, paint)]
      : [searchLines(input, width, paint)]),
    goalLines(input, width, paint),
    conditionLines(input, width, paint),
    sizingLines(input, width, paint),
    effectLines(input, width, paint),
    input.analysis.calibration === null ? verdictLines(input, width, paint) : calibrationLines(input, width, paint),
    findingsLines(groupFindings(input.analysis), width, paint),
    doubtsLines(notes, width, paint),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function columnsOf({ columns }: ComparisonTable): TextColumn[] {
  return [
    { title: "profile", align: "left", dropOrder: null },
    { title: "outcome", align: "left", dropOrder: 1 },
    ...columns.map(({ title }, index) => ({
      title,
      align: "right" as const,
      dropOrder: index === 0 ? null : index + 1,
    })),
    { title: "vs baseline", align: "left", dropOrder: null },
    { title: "", align: "left", dropOrder: null },
  ];
}

function comparisonLines(input: ReportInput, notes: Footnote[], width: number, paint: Paint): string[] {
  const comparison = comparisonTable(input.analysis);
  const lines = comparison.rows.flatMap((row) =>
    withLongName(comparisonCells(row, markedName(row, notes))).map((cells) => ({ row, cells })),
  );
  const table = layOutTable(
    columnsOf(comparison),
    lines.map(({ cells }) => cells),
    width,
  );
  const [head = "", rule = "", ...body] = table.lines;
  const legend = comparisonLegend(comparison, input.analysis.blocks, table.leftOut);
  return [
    paint("bold", head),
    paint("dim", rule),
    ...body.map((line, index) => paintVerdict(line, lines[index]?.row, paint)),
    ...wrap(legend, width).map((line) => paint("dim", line)),
  ];
}

function comparisonLegend(comparison: ComparisonTable, blocks: number, leftOut: string[]): string {
  const { rows, measureLabel } = comparison;
  const reasons = inconclusiveReasons(comparison).map(printable);
  return [
    ...(blocks === 0 ? [] : [`Ratios are of ${measureLabel}, paired within ${counted(blocks, "block")}.`]),
    ...comparisonNotes(comparison),
    ...(rows.some((row) => row.verdict === "inconclusive") ? [`~ is inconclusive${because(reasons)}.`] : []),
    ...(leftOut.length > 0 ? [`Not shown at this width: ${leftOut.join(", ")}.`] : []),
  ].join(" ");
}

function because(reasons: string[]): string {
  return reasons.length === 0 ? "" : `: ${reasons.join("; ").replace(/\.$/, "")}`;
}

function comparisonCells(row: ComparisonRow, name: string): string[] {
  return [name, row.outcome, ...row.values.map(({ text }) => text), row.ratio, verdictMark(row)];
}

const wallsColumns: TextColumn[] = [
  { title: "profile", align: "left", dropOrder: null },
  { title: "wall", align: "left", dropOrder: null },
  { title: "predicted", align: "left", dropOrder: 1 },
  { title: "measured", align: "left", dropOrder: null },
];

function wallsLines(input: ReportInput, width: number, paint: Paint): string[] {
  const rows = wallsRows(input);
  if (rows.every((row) => row.isWithoutWalls)) return [];
  const cells = rows.flatMap((row) => [
    ...withLongName([printable(row.profile), "scan cliff", row.cliffPredicted, row.cliffMeasured]),
    ["", "hard wall", row.wallPredicted, row.wallMeasured],
  ]);
  const [head = "", rule = "", ...body] = layOutTable(wallsColumns, cells, width).lines;
  const misses = predictionMisses(input).flatMap((sentence) => wrap(printable(sentence), width, ""));
  return [paint("bold", head), paint("dim", rule), ...body, ...misses.map((line) => paint("dim", line))];
}

function findingsLines(groups: FindingGroup[], width: number, paint: Paint): string[] {
  const lines = groups.flatMap((group) => [
    paint("bold", `  ${group.title} (${group.side})`),
    ...group.cases.flatMap((one) => caseLines(one, width)),
    ...wrap(`Remedy: ${printable(group.remedy)}`, width, "    "),
  ]);
  return lines.length === 0 ? [] : [paint("bold", "Findings"), ...lines];
}

function caseLines({ bottleneck, members }: FindingCase, width: number): string[] {
  const profiles = members.map(({ profile }) => printable(profile)).join(", ");
  return [
    ...wrap(`${profiles}: ${printable(bottleneck)}`, width, "    "),
    ...members.flatMap(({ profile, finding }) => {
      const seen = describeSeen(finding);
      const whose = [...(members.length > 1 ? [profile] : []), ...(seen === null ? [] : [seen])].join(", ");
      const evidence = describeEvidence(finding, mostEvidence);
      return wrap(printable(whose === "" ? evidence : `${whose}: ${evidence}`), width, "        ", "      - ");
    }),
  ];
}

function doubtsLines(notes: Footnote[], width: number, paint: Paint): string[] {
  if (notes.length === 0) return [];
  const lines = notes.flatMap((note) => wrap(printable(note.sentence), width, "      ", `  [${note.number}] `));
  return [paint("bold", "Doubts"), ...lines];
}
