import type { Analysis, Comparison } from "../../analysis/analysis.ts";
import { measureOf } from "../../core/measures.ts";
import { formatP } from "../../core/numbers.ts";
import { formatPercent } from "../../core/units.ts";
import { counted } from "../../core/words.ts";
import type { TrialOutcome } from "../../results/trial.ts";
import { type Column, detail, type Piece, paragraph, type Section, type Text } from "../blocks.ts";
import { describeSettings } from "../profile-settings.ts";
import type { ReportInput } from "../report-input.ts";
import { recheckSentence } from "../words/recheck.ts";
import { type Footnote, footnoteNumbers, footnotes } from "./caveats.ts";
import {
  type ComparisonRow,
  type ComparisonTable,
  comparisonNotes,
  comparisonTable,
  inconclusiveReasons,
} from "./comparison-table.ts";
import { openNote, profilePiece, ratioPiece, verdictMark } from "./pieces.ts";

/** Each profile beside the baseline, the winner's fresh blocks, and without what the table can't be read. */
export function comparisonSection(input: ReportInput): Section {
  const table = comparisonTable(input.analysis);
  const notes = footnotes(input);
  const rows = table.rows.map((row): Text[] => [
    rowName(row, input, notes),
    { kind: "mark", text: row.outcome, tone: outcomeTone(row.mainOutcome), pill: true },
    ...row.values.map(({ text, spread }): Text => [text, ...detail(spread)]),
    versusBaseline(row),
    verdictCell(row),
  ]);
  const { recheck } = input.analysis;
  return {
    id: "comparison",
    title: "Comparison",
    reach: "everywhere",
    blocks: [
      {
        kind: "table",
        caption: `Each profile against ${input.analysis.baseline}`,
        columns: columnsFor(table),
        rows,
        notes: legendOf(table, input.analysis),
      },
      ...(recheck === null ? [] : [paragraph(recheckSentence(recheck))]),
    ],
  };
}

function columnsFor({ columns }: ComparisonTable): Column[] {
  const measures = columns.map(({ measure, title }, index): Column => {
    const name = measure === "requestsBeforeWall" ? { title: measureOf(measure).label, brief: title } : { title };
    return { ...name, numeric: true, ...(index === 0 ? {} : { drop: index + 1 }) };
  });
  return [
    { title: "profile" },
    { title: "outcome", drop: 1 },
    ...measures,
    { title: "vs baseline" },
    { title: "verdict", brief: "" },
  ];
}

function legendOf(table: ComparisonTable, { blocks, found }: Analysis): string[] {
  const isOpen = table.rows.some((row) => row.verdict === "inconclusive");
  return [
    ...(blocks === 0 ? [] : [comparedNote(table, blocks)]),
    ...comparisonNotes(table),
    ...(isOpen ? [openNote(inconclusiveReasons(table))] : []),
    ...(isOpen && found?.gain?.by === "outcome" ? [byOutcomeNote] : []),
  ];
}

/** A find's answer that stands above ratios of which each is open. */
const byOutcomeNote = "That it helps is told by how the trials ended, in each block, and needs no ratio.";

function comparedNote({ rows, measureLabel }: ComparisonTable, blocks: number): string {
  if (rows.length === 1) return "The baseline alone was run: nothing is compared.";
  return `Ratios are of ${measureLabel}, paired within ${counted(blocks, "block")}.`;
}

const tones = { broke: "bad", degraded: "warn", saturated: "warn", held: "good" } as const;

export function outcomeTone(outcome: TrialOutcome | null) {
  return outcome === null || outcome === "failed" ? "bad" : tones[outcome];
}

/** The profile with what it sets and the numbers of its caveats. */
export function rowName({ profile }: ComparisonRow, { analysis, run }: ReportInput, notes: Footnote[]): Text {
  const record = run.profiles.find(({ name }) => name === profile);
  const settings = record === undefined ? [] : describeSettings(record);
  return [
    profilePiece(analysis, profile, footnoteNumbers(notes, profile)),
    ...settings.map((text): Piece => ({ kind: "detail", text, code: true })),
  ];
}

export function versusBaseline({ isBaseline, comparison }: ComparisonRow): Text {
  return isBaseline ? { kind: "muted", text: "baseline" } : ratioPiece(comparison);
}

/** With its p and the noise beside it; "-" where nothing was judged. */
export function verdictCell({ verdict, comparison, isBaseline }: ComparisonRow): Text {
  if (verdict === null) return isBaseline ? "" : "-";
  const p = comparison?.p ?? null;
  return [verdictMark(verdict), ...detail(p === null ? null : formatP(p)), ...detail(noiseWords(comparison))];
}

/** "noise 1.2%, finds 7.4%"; null where the noise is not known. */
function noiseWords(comparison: Comparison | null): string | null {
  if (comparison === null || comparison.noiseFloor === null) return null;
  const { noiseFloor, minimumDetectable } = comparison;
  const finds = minimumDetectable === null ? "" : `, finds ${formatPercent(minimumDetectable)}`;
  return `noise ${formatPercent(noiseFloor)}${finds}`;
}
