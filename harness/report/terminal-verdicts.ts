import { printable } from "../core/text.ts";
import { wrap } from "../core/words.ts";
import type { ReportInput } from "./report-input.ts";
import { type Paint, paintedTable, paintVerdict, withLongName } from "./terminal-parts.ts";
import type { TextColumn } from "./text-table.ts";
import {
  calibrationHeads,
  calibrationLegend,
  calibrationRows,
  effectSentences,
  noiseLegend,
  type VerdictRow,
  verdictRows,
} from "./verdicts.ts";
import { recheckSentence } from "./words/recheck.ts";

const columns: TextColumn[] = [
  { title: "profile", align: "left", dropOrder: null },
  { title: "measure", align: "left", dropOrder: null },
  { title: "vs baseline", align: "left", dropOrder: null },
  { title: "p", align: "left", dropOrder: 1 },
  { title: "noise", align: "right", dropOrder: null },
  { title: "finds", align: "right", dropOrder: null },
  { title: "", align: "left", dropOrder: null },
];

/** Every verdict with the noise beside it. */
export function verdictLines({ analysis }: ReportInput, width: number, paint: Paint): string[] {
  const rows = verdictRows(analysis);
  if (rows.length === 0) return [];
  const lines = rows.flatMap((row, index) =>
    withLongName(cellsOf(row, rows[index - 1])).map((cells) => ({ row, cells })),
  );
  const cells = lines.map((line) => line.cells);
  const table = paintedTable(columns, cells, width, paint, (line, index) =>
    paintVerdict(line, lines[index]?.row, paint),
  );
  const legend = noiseLegend(analysis);
  return [...table.lines, ...(legend === null ? [] : wrap(printable(legend), width).map((line) => paint("dim", line)))];
}

function cellsOf(row: VerdictRow, before: VerdictRow | undefined): string[] {
  const name = before?.profile === row.profile ? "" : printable(row.profile);
  const mark = row.verdict === "inconclusive" ? "~" : row.verdict;
  return [name, row.measure, row.ratio, row.p, row.noise, row.finds, mark];
}

/** The winner's fresh blocks. */
export function recheckLines({ analysis }: ReportInput, width: number): string[] {
  return analysis.recheck === null ? [] : wrap(printable(recheckSentence(analysis.recheck)), width);
}

/** What runs of different sizes can tell, by a calibration. */
export function calibrationLines({ analysis }: ReportInput, width: number, paint: Paint): string[] {
  const rows = calibrationRows(analysis).map(({ measure, blocks, noise, finds, sameWithin }, index, all) => [
    all[index - 1]?.measure === measure ? "" : measure,
    blocks,
    noise,
    finds,
    sameWithin,
  ]);
  if (rows.length === 0) return [];
  const heads = calibrationHeads.map((title, index) => ({
    title,
    align: index === 0 ? ("left" as const) : ("right" as const),
    dropOrder: null,
  }));
  const legend = wrap(calibrationLegend, width).map((line) => paint("dim", line));
  return [...paintedTable(heads, rows, width, paint).lines, ...legend];
}

/** Which factor did it, what each does, and how they depend on one another. */
export function effectLines(input: ReportInput, width: number, paint: Paint): string[] {
  const { conclusions, effects, interactions } = effectSentences(input);
  const list = (sentences: string[]) =>
    sentences.flatMap((sentence) => wrap(printable(sentence), width, "    ", "  - "));
  if (effects.length === 0) return [];
  return [
    paint("bold", "Effect of each factor"),
    ...conclusions.flatMap((sentence) => wrap(printable(sentence), width, "  ")),
    ...list(effects),
    ...(interactions.length === 0
      ? []
      : [paint("bold", "How the factors depend on one another"), ...list(interactions)]),
  ];
}
