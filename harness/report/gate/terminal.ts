import { styleText } from "node:util";
import type { Gate, GateComparison } from "../../analysis/gate-record.ts";
import { printable } from "../../core/text.ts";
import { wrap } from "../../core/words.ts";
import type { TextStyle } from "../terminal.ts";
import { layOutTable, type TextColumn } from "../text-table.ts";
import { caveatSentences } from "../words/caveats.ts";
import { gateSentence } from "../words/gate-sentence.ts";
import {
  describeArm,
  describeChecks,
  describeDifference,
  describeFindings,
  gateLegend,
  gateReasons,
  gateRow,
} from "./rows.ts";

type Style = "bold" | "dim" | "green" | "red" | "yellow";

const decisionStyles: Record<Gate["decision"], Style> = { pass: "green", regression: "red", inconclusive: "yellow" };

/** The gate for a terminal or a log: outcome, table, what differs, doubts. Ends with a line end. */
export function renderGateTerminal(gate: Gate, style: TextStyle): string {
  return sections([
    wrap(printable(gateSentence(gate)), style.width).map((line) => paint(style, decisionStyles[gate.decision], line)),
    tableLines(gate.comparisons, style),
    listLines("Beside the measures, trials that", describeChecks(gate.checks), style),
    legendLines(gate.comparisons, gate.pairing, style),
    [gate.baseline, gate.candidate].flatMap((arm, at) =>
      wrap(printable(describeArm(arm)), style.width, "    ", at === 0 ? "  baseline  " : "  candidate "),
    ),
    listLines("What the candidate shows", describeFindings(gate), style),
    listLines("Differences between the runs", gate.differences.map(describeDifference), style),
    listLines("Doubts", caveatSentences(gate.doubts), style),
  ]);
}

const columns: TextColumn[] = [
  { title: "measure", align: "left", dropOrder: null },
  { title: "medians", align: "left", dropOrder: 6 },
  { title: "ratio", align: "left", dropOrder: 1 },
  { title: "p", align: "right", dropOrder: 2 },
  { title: "n", align: "right", dropOrder: 3 },
  { title: "tol.", align: "right", dropOrder: 4 },
  { title: "noise", align: "right", dropOrder: 5 },
  { title: "", align: "left", dropOrder: null },
];

/** The table, and below it each result that the ratio does not explain. */
function tableLines(comparisons: GateComparison[], style: TextStyle): string[] {
  if (comparisons.length === 0) return ["nothing is judged"];
  const cells = comparisons
    .map(gateRow)
    .map((row) => [
      row.measure,
      `${row.baseline} -> ${row.candidate}`,
      row.ratio,
      row.p,
      row.n,
      row.tolerance,
      row.noise,
      row.result,
    ]);
  const { lines, leftOut } = layOutTable(columns, cells, style.width);
  const [head = "", rule = "", ...body] = lines;
  const hidden = leftOut.length === 0 ? [] : wrap(`Not shown at this width: ${leftOut.join(", ")}.`, style.width);
  const reasons = gateReasons(comparisons).flatMap((reason) => wrap(printable(reason), style.width, "    ", "  "));
  return [
    paint(style, "bold", head),
    paint(style, "dim", rule),
    ...body.map((line, index) => paintResult(line, comparisons[index], style)),
    ...[...reasons, ...hidden].map((line) => paint(style, "dim", line)),
  ];
}

function legendLines(comparisons: GateComparison[], pairing: Gate["pairing"], style: TextStyle): string[] {
  return wrap(printable(gateLegend(comparisons, pairing)), style.width).map((line) => paint(style, "dim", line));
}

function paintResult(line: string, one: GateComparison | undefined, style: TextStyle): string {
  if (one?.result === "worse") return line.replace(/worse$/, (word) => paint(style, "red", word));
  if (one?.result === "undecided") return line.replace(/~$/, (mark) => paint(style, "yellow", mark));
  return line.replace(/(better|same|held)$/, (word) => paint(style, "green", word));
}

function listLines(title: string, entries: string[], style: TextStyle): string[] {
  const lines = entries.flatMap((entry) => wrap(printable(entry), style.width, "    ", "  - "));
  return lines.length === 0 ? [] : [paint(style, "bold", title), ...lines];
}

function sections(all: string[][]): string {
  const filled = all.filter((lines) => lines.length > 0);
  return `${filled.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function paint({ color }: TextStyle, style: Style, text: string): string {
  return color ? styleText(style, text, { validateStream: false }) : text;
}
