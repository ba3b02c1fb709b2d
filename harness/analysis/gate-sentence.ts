import type { Gate, GateComparison } from "./gate-record.ts";
import { measureWords } from "./measure-values.ts";
import { boundWords, listWords } from "./text.ts";

/** The outcome in a sentence or two: what was worse or is open, else what was shown. Plain words, no markup. */
export function gateSentence(gate: Omit<Gate, "sentence">): string {
  const having = (...results: string[]) => gate.comparisons.filter(({ result }) => results.includes(result));
  const arms = `${gate.candidate.profile.name} against ${gate.baseline.profile.name}, ${countWords(gate)}`;
  if (gate.decision === "regression") {
    return `Regression: ${arms}: ${listWords(having("worse").map(worseWords))}.`;
  }
  if (gate.decision === "inconclusive") {
    const seen = having("worse").map(worseWords);
    const but = gate.obstacles.length > 0 && seen.length > 0 ? `. What was seen: ${listWords(seen)}` : "";
    const why = gate.obstacles.length > 0 ? gate.obstacles : having("undecided").map(openWords);
    return `Inconclusive: ${arms}: ${why.join("; ")}${but}.`;
  }
  const shown = [
    ...having("better").map((one) => `${measureWords[one.measure]} better (${boundWords(one)})`),
    ...having("same").map(
      (one) => `${measureWords[one.measure]} the same within ${Number((one.tolerance * 100).toPrecision(3))}%`,
    ),
    ...having("held").map((one) => one.reason ?? ""),
  ];
  return `No regression: ${arms}: ${[...new Set(shown)].join("; ")}.`;
}

function countWords({ pairing, n }: Pick<Gate, "pairing" | "n">): string {
  if (pairing === "unpaired") return `two runs of at least ${n} trials`;
  return n === 1 ? "one block" : `${n} blocks`;
}

/** "2.3x the p99 latency (2.1x to 2.5x)" */
function worseWords(one: GateComparison): string {
  const words = measureWords[one.measure];
  if (one.ratio === null) return `${words}: ${one.reason ?? "worse"}`;
  return `${boundWords(one)} the ${words}${one.reason === null ? "" : ` (${one.reason})`}`;
}

function openWords(one: GateComparison): string {
  return `${measureWords[one.measure]} undecided (${one.reason ?? "no reason is known"})`;
}
