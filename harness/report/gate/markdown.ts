import type { Gate, GateComparison } from "../../analysis/gate-record.ts";
import { counted } from "../../core/words.ts";
import { escapeMarkdown, markdownTable } from "../markdown-parts.ts";
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

const signs: Record<Gate["decision"], string> = { pass: "✅", regression: "❌", inconclusive: "⚠️" };

/** The gate as a comment on a pull request: outcome, table, why it is not decided; all else folded away. */
export function renderGateMarkdown(gate: Gate): string {
  const differences = gate.differences.map(describeDifference);
  const doubts = caveatSentences(gate.doubts);
  const details = [
    list([describeArm(gate.baseline), describeArm(gate.candidate)]),
    escapeMarkdown(gateLegend(gate.comparisons, gate.pairing)),
    ...(differences.length === 0 ? [] : [`Differences between the runs:\n\n${list(differences)}`]),
    ...(doubts.length === 0 ? [] : [`Doubts:\n\n${list(doubts)}`]),
  ];
  return document([
    `### ${signs[gate.decision]} tunebench gate: ${escapeMarkdown(gate.suite)}`,
    `**${escapeMarkdown(gateSentence(gate))}**`,
    table(gate.comparisons),
    list([...gateReasons(gate.comparisons), ...describeChecks(gate.checks), ...describeFindings(gate)]),
    folded(`Arms, ${counted(doubts.length, "doubt")}`, details),
  ]);
}

function table(comparisons: GateComparison[]): string {
  const head = [
    "measure",
    "baseline",
    "candidate",
    "ratio (95% interval)",
    "p",
    "n",
    "tolerance",
    "noise",
    "detectable",
    "result",
  ];
  const rows = comparisons.map((one) => {
    const row = gateRow(one);
    const result = one.result === "undecided" ? "~ undecided" : one.result === "worse" ? "**worse**" : row.result;
    const cells = [
      row.measure,
      row.baseline,
      row.candidate,
      row.ratio,
      row.p,
      row.n,
      row.tolerance,
      row.noise,
      row.detectable,
    ];
    return [...cells.map(escapeMarkdown), result];
  });
  return markdownTable(head, "lrrlrrrrrl", rows);
}

function list(entries: string[]): string {
  return entries.map((entry) => `- ${escapeMarkdown(entry)}`).join("\n");
}

function folded(summary: string, parts: string[]): string {
  return `<details><summary>${summary}</summary>\n\n${parts.join("\n\n")}\n\n</details>`;
}

function document(parts: string[]): string {
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}
