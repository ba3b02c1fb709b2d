import type { Difference } from "../../analysis/differences.ts";
import type { Gate, GateArm, GateCheck, GateComparison, GateResult } from "../../analysis/gate-record.ts";
import { measureOf } from "../../core/measures.ts";
import { formatP, formatProbability } from "../../core/numbers.ts";
import { formatChosen, formatPercent } from "../../core/units.ts";
import { formatComparison, formatSummary } from "../measures.ts";
import { describeSettings } from "../profile-settings.ts";
import { findingWords } from "../words/findings.ts";
import { checkName, checkWords, gateReasonWords } from "../words/gate-reasons.ts";

/** A judged measure as text that every renderer lays out its own way. */
interface GateRow {
  measure: string;
  baseline: string;
  candidate: string;
  /** Ratio with its interval, "-" where there is none. */
  ratio: string;
  p: string;
  n: string;
  tolerance: string;
  /** What identical arms may show by luck, and the smallest difference that would be seen four times in five. */
  noise: string;
  detectable: string;
  /** better, same, worse, held, or "~" for undecided. */
  result: string;
}

const marks: Record<GateResult, string> = {
  better: "better",
  same: "same",
  held: "held",
  worse: "worse",
  undecided: "~",
};

export function gateRow(one: GateComparison): GateRow {
  return {
    measure: measureOf(one.measure).label,
    baseline: formatSummary(one.measure, one.baseline ?? undefined),
    candidate: formatSummary(one.measure, one.candidate ?? undefined),
    ratio: formatComparison(one).replace(/ n=\d+$/, ""),
    p: one.p === null ? "-" : formatProbability(one.p),
    n: String(one.n),
    tolerance: formatChosen(one.tolerance, "fraction"),
    noise: one.noiseFloor === null ? "-" : formatPercent(one.noiseFloor),
    detectable: one.minimumDetectable === null ? "-" : formatPercent(one.minimumDetectable),
    result: marks[one.result],
  };
}

/** Why each result is what it is, where the ratio does not say so: "~ latency p99: ..." */
export function gateReasons(comparisons: GateComparison[]): string[] {
  return comparisons.flatMap(({ measure, result, reason }) =>
    reason === null ? [] : [`${marks[result]} ${measureOf(measure).label}: ${gateReasonWords(reason)}`],
  );
}

/** What was asked beside the measures: "held stood the load: baseline 10 of 10, candidate 10 of 10" */
export function describeChecks(checks: GateCheck[]): string[] {
  return checks.map((check) => {
    const { result, baseline, candidate, p } = check;
    const words = checkWords(check);
    const count = ({ failed, trials }: GateCheck["baseline"]) => `${trials - failed} of ${trials}`;
    const test = p === null ? "" : `, ${formatP(p)}`;
    const why = words === null ? "" : `: ${words}`;
    return `${marks[result]} ${checkName(check)}: baseline ${count(baseline)}, candidate ${count(candidate)}${test}${why}`;
  });
}

/** What the columns are. */
export function gateLegend(comparisons: GateComparison[], pairing: Gate["pairing"]): string {
  const sources = [...new Set(comparisons.flatMap(({ noiseSource }) => noiseSource ?? []))];
  const known = sources.length === 0 ? "" : ` (from ${sources.join(", ")})`;
  const tested =
    pairing === "paired"
      ? "n: blocks with a ratio; p: sign-flip test"
      : "n: trials of the smaller run; p: two-sample permutation test";
  return `${tested}, adjusted for all that is judged here. Noise: what identical arms may show by luck${known}.`;
}

/** "candidate (env DELAY_MS=2): 10 trials of run 2026..." */
export function describeArm({ profile, runId, measured, lost }: GateArm): string {
  const settings = describeSettings(profile);
  const changed = settings.length === 0 ? "" : ` (${settings.join(", ")})`;
  const missing = lost === 0 ? "" : `; ${lost} blocks have no valid one`;
  return `${profile.name}${changed}: ${measured} trials of run ${runId}${missing}`;
}

/** The candidate's bottlenecks: "The target ran out of local ports ... (10 of 10 trials; the baseline's too)" */
export function describeFindings({ baseline, candidate }: Pick<Gate, "baseline" | "candidate">): string[] {
  return candidate.findings.map((finding) => {
    const { rule, side, seenIn, trials } = finding;
    const shared = baseline.findings.some((other) => other.rule === rule && other.side === side);
    return `${findingWords(finding)} (${seenIn} of ${trials} trials; ${shared ? "the baseline's too" : "not the baseline's"})`;
  });
}

/** "kernel: 6.1 before, 6.8 now (allowed)" */
export function describeDifference({ kind, baseline, candidate, allowed }: Difference): string {
  return `${kind}: ${baseline} in the baseline, ${candidate} in the candidate${allowed ? " (allowed)" : ""}`;
}
