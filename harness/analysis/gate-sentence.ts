import { measureOf } from "../core/measures.ts";
import { formatChosen } from "../core/units.ts";
import { counted, listWords } from "../core/words.ts";
import type { Gate, GateCheck, GateComparison } from "./gate-record.ts";
import { boundWords } from "./text.ts";

/** The outcome in a sentence or two: what was worse or is open, else what was shown. Plain words, no markup. */
export function gateSentence(gate: Omit<Gate, "sentence">): string {
  const having = (...results: string[]) => gate.comparisons.filter(({ result }) => results.includes(result));
  const arms = `${gate.candidate.profile.name} against ${gate.baseline.profile.name}, ${countWords(gate)}`;
  const seen = worseThings(gate);
  if (gate.decision === "regression") return `Regression: ${arms}: ${listWords(seen)}.`;
  if (gate.decision === "inconclusive") {
    const but = gate.obstacles.length > 0 && seen.length > 0 ? `. What was seen: ${listWords(seen)}` : "";
    const why =
      gate.obstacles.length > 0 ? gate.obstacles : [...openChecks(gate.checks), ...openWords(having("undecided"))];
    const said = why.length === 0 ? "nothing is judged" : why.join("; ");
    return `Inconclusive: ${arms}: ${said}${but}.`;
  }
  const shown = [
    ...having("better").map((one) => `${measureOf(one.measure).label} better (${boundWords(one)})`),
    ...having("same").map(
      (one) => `${measureOf(one.measure).label} the same within ${formatChosen(one.tolerance, "fraction")}`,
    ),
    ...having("held").map((one) => one.reason ?? ""),
    ...gate.checks.filter(({ result }) => result === "better").map(({ reason }) => reason ?? ""),
  ];
  return `No regression: ${arms}: ${[...new Set(shown)].join("; ")}.`;
}

function countWords({ blocks, baseline, candidate }: Omit<Gate, "sentence">): string {
  if (blocks === null) return `two runs (${candidate.measured} and ${baseline.measured} trials)`;
  return counted(blocks, "block");
}

/** Measures and checks that are worse; that only the candidate broke is said once. */
function worseThings({ comparisons, checks }: Pick<Gate, "comparisons" | "checks">): string[] {
  const measures = comparisons.filter(({ result }) => result === "worse");
  const said = new Set(measures.map(({ reason }) => reason));
  const others = checks.filter(({ result, reason }) => result === "worse" && !said.has(reason));
  return [...measures.map(worseWords), ...others.map(({ reason }) => reason ?? "worse")];
}

function openChecks(checks: GateCheck[]): string[] {
  return checks.flatMap(({ result, reason, name }) => (result === "undecided" ? [reason ?? name] : []));
}

/** "2.3x the p99 latency (2.1x to 2.5x)" */
function worseWords(one: GateComparison): string {
  const words = measureOf(one.measure).label;
  if (one.ratio === null) return `${words}: ${one.reason ?? "worse"}`;
  return `${boundWords(one)} the ${words}${one.reason === null ? "" : ` (${one.reason})`}`;
}

/** Measures that are open for the same reason are named together. */
function openWords(open: GateComparison[]): string[] {
  const reasons = [...new Set(open.map(({ reason }) => reason ?? "no reason is known"))];
  return reasons.map((reason) => {
    const measures = open.filter((one) => (one.reason ?? "no reason is known") === reason);
    return `${listWords(measures.map(({ measure }) => measureOf(measure).label))} undecided (${reason})`;
  });
}
