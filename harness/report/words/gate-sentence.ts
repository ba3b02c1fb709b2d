import type { Gate, GateCheck, GateComparison } from "../../analysis/gate-record.ts";
import { measureOf } from "../../core/measures.ts";
import { formatChosen } from "../../core/units.ts";
import { counted, listWords } from "../../core/words.ts";
import { checkName, checkWords, gateReasonWords, obstacleWords } from "./gate-reasons.ts";
import { boundWords } from "./ratios.ts";

/** The outcome in a sentence or two: what was worse or is open, else what was shown. Plain words, no markup. */
export function gateSentence(gate: Gate): string {
  const having = (...results: string[]) => gate.comparisons.filter(({ result }) => results.includes(result));
  const arms = `${gate.candidate.profile.name} against ${gate.baseline.profile.name}, ${sizeWords(gate)}`;
  const seen = worseThings(gate);
  if (gate.decision === "regression") return `Regression: ${arms}: ${listWords(seen)}.`;
  if (gate.decision === "inconclusive") {
    const but = gate.obstacles.length > 0 && seen.length > 0 ? `. What was seen: ${listWords(seen)}` : "";
    const why =
      gate.obstacles.length > 0
        ? gate.obstacles.map(obstacleWords)
        : [...openChecks(gate.checks), ...openWords(having("undecided"))];
    const said = why.length === 0 ? "nothing is judged" : why.join("; ");
    return `Inconclusive: ${arms}: ${said}${but}.`;
  }
  const shown = [
    ...having("better").map((one) => `${measureOf(one.measure).label} better (${boundWords(one)})`),
    ...having("same").map(
      (one) => `${measureOf(one.measure).label} the same within ${formatChosen(one.tolerance, "fraction")}`,
    ),
    ...having("held").map((one) => whyOf(one) ?? ""),
    ...gate.checks.filter(({ result }) => result === "better").map((check) => checkWords(check) ?? ""),
  ];
  return `No regression: ${arms}: ${[...new Set(shown)].join("; ")}.`;
}

function sizeWords({ blocks, baseline, candidate }: Gate): string {
  if (blocks === null) return `two runs (${candidate.measured} and ${baseline.measured} trials)`;
  return counted(blocks, "block");
}

function whyOf({ reason }: GateComparison): string | null {
  return reason === null ? null : gateReasonWords(reason);
}

/** Measures and checks that are worse; that only the candidate broke is said once. */
function worseThings({ comparisons, checks }: Pick<Gate, "comparisons" | "checks">): string[] {
  const measures = comparisons.filter(({ result }) => result === "worse");
  const said = new Set(measures.map(whyOf));
  const others = checks.filter((check) => check.result === "worse" && !said.has(checkWords(check)));
  return [...measures.map(worseWords), ...others.map((check) => checkWords(check) ?? "worse")];
}

function openChecks(checks: GateCheck[]): string[] {
  return checks.flatMap((check) => (check.result === "undecided" ? [checkWords(check) ?? checkName(check)] : []));
}

/** "2.3x the p99 latency (2.1x to 2.5x)" */
function worseWords(one: GateComparison): string {
  const [words, why] = [measureOf(one.measure).label, whyOf(one)];
  if (one.ratio === null) return `${words}: ${why ?? "worse"}`;
  return `${boundWords(one)} the ${words}${why === null ? "" : ` (${why})`}`;
}

/** Measures that are open for the same reason are named together. */
function openWords(open: GateComparison[]): string[] {
  const byReason = Map.groupBy(open, (one) => whyOf(one) ?? "no reason is known");
  return [...byReason].map(([reason, measures]) => {
    return `${listWords(measures.map(({ measure }) => measureOf(measure).label))} undecided (${reason})`;
  });
}
