import type { Gate, GateComparison, GateResult } from "../../analysis/gate-record.ts";
import { measureOf } from "../../core/measures.ts";
import { formatProbability } from "../../core/numbers.ts";
import { formatChosen, formatPercent } from "../../core/units.ts";
import {
  type Block,
  muted,
  type Piece,
  type Report,
  type Section,
  type Table,
  type Text,
  type Tone,
} from "../blocks.ts";
import { formatComparison, formatSummary } from "../measures.ts";
import { caveatSentences } from "../words/caveats.ts";
import { describeArm, describeChecks, describeDifference, describeFindings, resultWord } from "../words/gate-lines.ts";
import { gateReasonWords } from "../words/gate-reasons.ts";
import { gateSentence } from "../words/gate-sentence.ts";

const tones: Record<Gate["decision"], Tone> = { pass: "good", regression: "bad", inconclusive: "open" };

/** The gate: its decision, every judged measure, what else was asked, and what must be known to believe it. */
export function gateReport(gate: Gate): Report {
  return {
    title: `tunebench gate: ${gate.suite}`,
    facts: [],
    headline: gateSentence(gate),
    tone: tones[gate.decision],
    lead: [],
    notices: [],
    sections: [
      section("measures", "Measures", measureBlocks(gate)),
      listSection("checks", "Beside the measures", describeChecks(gate.checks)),
      listSection("findings", "What the candidate shows", describeFindings(gate)),
      section("arms", "Arms", [
        {
          kind: "facts",
          facts: [
            { name: "baseline", values: [describeArm(gate.baseline)] },
            { name: "candidate", values: [describeArm(gate.candidate)] },
          ],
        },
      ]),
      ...reservations(gate),
    ].filter(({ blocks }) => blocks.length > 0),
  };
}

function reservations({ differences, caveats }: Gate): Section[] {
  return [
    listSection("differences", "Differences between the runs", differences.map(describeDifference)),
    listSection("caveats", "Caveats", caveatSentences(caveats)),
  ];
}

function section(id: string, title: string, blocks: Block[]): Section {
  return { id, title, reach: "everywhere", blocks };
}

function listSection(id: string, title: string, items: string[]): Section {
  return section(id, title, list(items));
}

function list(items: string[]): Block[] {
  return items.length === 0 ? [] : [{ kind: "list", items }];
}

const columns = [
  { title: "measure" },
  { title: "baseline", numeric: true, drop: 6 },
  { title: "candidate", numeric: true, drop: 6 },
  { title: "ratio (95% interval)", brief: "ratio", drop: 1 },
  { title: "p", numeric: true, drop: 2 },
  { title: "n", numeric: true, drop: 3 },
  { title: "tolerance", brief: "tol.", numeric: true, drop: 4 },
  { title: "noise", numeric: true, drop: 5 },
  { title: "detectable", numeric: true, drop: 7 },
  { title: "result", brief: "" },
];

/** The table, and below it each result that the ratio does not explain. */
function measureBlocks({ comparisons, pairing }: Gate): Block[] {
  if (comparisons.length === 0) return [muted("Nothing is judged.")];
  const rows = comparisons.map(gateCells);
  const notes = gateNotes(comparisons, pairing);
  const table: Table = { kind: "table", caption: "Judged measures", columns, rows, notes };
  return [table, ...list(gateReasons(comparisons))];
}

/** A judged measure in numbers; the ratio is "-" where there is none. */
export function gateCells(one: GateComparison): Text[] {
  return [
    measureOf(one.measure).label,
    formatSummary(one.measure, one.baseline ?? undefined),
    formatSummary(one.measure, one.candidate ?? undefined),
    { kind: "ratio", text: formatComparison(one).replace(/ n=\d+$/, ""), ratio: one },
    one.p === null ? "-" : formatProbability(one.p),
    String(one.n),
    formatChosen(one.tolerance, "fraction"),
    one.noiseFloor === null ? "-" : formatPercent(one.noiseFloor),
    one.minimumDetectable === null ? "-" : formatPercent(one.minimumDetectable),
    resultMark(one.result),
  ];
}

const resultTones: Record<GateResult, Tone> = {
  better: "good",
  same: "good",
  held: "good",
  worse: "bad",
  undecided: "open",
};

function resultMark(result: GateResult): Piece {
  const text = result === "undecided" ? "~ undecided" : result;
  return { kind: "mark", text, tone: resultTones[result], brief: resultWord(result) };
}

/** Why each result is what it is, where the ratio does not say so: "~ latency p99: ..." */
function gateReasons(comparisons: GateComparison[]): string[] {
  return comparisons.flatMap(({ measure, result, reason }) =>
    reason === null ? [] : [`${resultWord(result)} ${measureOf(measure).label}: ${gateReasonWords(reason)}`],
  );
}

/** What the columns are. */
function gateNotes(comparisons: GateComparison[], pairing: Gate["pairing"]): string[] {
  const sources = [...new Set(comparisons.flatMap(({ noiseSource }) => noiseSource ?? []))];
  const known = sources.length === 0 ? "" : ` (from ${sources.join(", ")})`;
  const tested =
    pairing === "paired"
      ? "n: blocks with a ratio; p: sign-flip test"
      : "n: trials of the smaller run; p: two-sample permutation test";
  return [
    `${tested}, adjusted for all that is judged here.`,
    `Noise: what identical arms may show by luck${known}.`,
    "Detectable: the smallest difference that would be seen four times in five.",
  ];
}
