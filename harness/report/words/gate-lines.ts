import type { Difference } from "../../analysis/differences.ts";
import type { Gate, GateArm, GateCheck, GateResult } from "../../analysis/gate-record.ts";
import { formatP } from "../../core/numbers.ts";
import { counted } from "../../core/words.ts";
import { describeSettings } from "../profile-settings.ts";
import { findingWords } from "./findings.ts";
import { checkName, checkWords } from "./gate-reasons.ts";

/** better, same, worse, held, or "~" for undecided. */
export function resultWord(result: GateResult): string {
  return result === "undecided" ? "~" : result;
}

/** What was asked beside the measures: "stood the load: held; baseline 10 of 10 trials, candidate 10 of 10" */
export function describeChecks(checks: GateCheck[]): string[] {
  return checks.map((check) => {
    const { result, baseline, candidate, p } = check;
    const words = checkWords(check);
    const count = ({ failed, trials }: GateCheck["baseline"]) => `${trials - failed} of ${trials}`;
    const test = p === null ? "" : `, ${formatP(p)}`;
    const why = words === null ? "" : `: ${words}`;
    return `${checkName(check)}: ${result}; baseline ${count(baseline)} trials, candidate ${count(candidate)}${test}${why}`;
  });
}

/** "candidate (env DELAY_MS=2), 10 trials of run 2026..." */
export function describeArm({ profile, runId, measured, lost }: GateArm): string {
  const settings = describeSettings(profile);
  const changed = settings.length === 0 ? "" : ` (${settings.join(", ")})`;
  const missing = lost === 0 ? "" : `; ${counted(lost, "block")} have no valid one`;
  return `${profile.name}${changed}, ${counted(measured, "trial")} of run ${runId}${missing}`;
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
