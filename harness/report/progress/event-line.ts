import { formatCount, formatSpan } from "../../core/numbers.ts";
import { printable } from "../../core/text.ts";
import { formatRate, formatSeconds } from "../../core/units.ts";
import { counted } from "../../core/words.ts";
import type { FindTrial } from "../../results/find.ts";
import type { JudgedStep, SearchRecord } from "../../results/goals.ts";
import type { ProgressEvent } from "../../results/progress.ts";
import type { ScheduledTrial } from "../../results/run.ts";
import { findStepWords } from "../words/find-step.ts";
import { invalidWords } from "../words/invalid-reasons.ts";
import { missedWords } from "../words/missed.ts";
import { otherCpuWords } from "../words/other-cpu.ts";

/** An event in one line without a line end; null for what is only worth showing live. */
export function eventLine(event: ProgressEvent): string | null {
  if (event.kind === "run-started") return runStartedLine(event);
  if (event.kind === "trial-started")
    return `trial ${placeText(event)} ${trialText(event)} started, at most ${formatSpan(event.stopAfterSeconds)}`;
  if (event.kind === "trial-ended") return trialEndedLine(event);
  if (event.kind === "disturbed-again")
    return `${printable(event.profile)} (block ${event.block}) is run again: ${otherCpuWords(event.otherCpu)}`;
  if (event.kind === "note") return printable(event.text);
  if (event.kind === "run-ended")
    return `run ${endWords[event.reason]}: ${event.valid} of ${counted(event.of, "planned trial")} valid`;
  return null;
}

/** `3/20`, or `3 of up to 20` where it may end earlier; `3` where nobody knows of how many. */
function placeText({ sequence, of, upTo }: { sequence: number; of: number | null; upTo: boolean }): string {
  return of === null ? `${sequence}` : `${sequence}${upTo ? " of up to " : "/"}${of}`;
}

/** `beside`: of a duet, the profile that is run at the same time. */
type TrialToName = ScheduledTrial & { beside?: string | null };

/** Profile and block, and what is special about the trial: `reuse (block 3, again)`, `reuse (block 2, 400/s)`; of a find what it is for. */
export function trialText({ profile, block, attempt, purpose, step, find, beside = null }: TrialToName): string {
  if (find !== null) return `${printable(profile)} (${findText(find, attempt)})`;
  const more = [
    ...(purpose === "recheck" ? ["recheck"] : []),
    ...(step === null ? [] : [`${step.phase} ${formatRate(step.ratePerSecond)}`]),
    ...(attempt > 1 ? ["again"] : []),
  ];
  const names = [profile, ...(beside === null ? [] : [beside])].map(printable).join(" and ");
  return `${names} (${[`block ${block}`, ...more].join(", ")})`;
}

function findText({ step, ratePerSecond }: FindTrial, attempt: number): string {
  const rate = ratePerSecond === null ? [] : [formatRate(ratePerSecond)];
  return [printable(findStepWords(step)), ...rate, ...(attempt > 1 ? ["again"] : [])].join(", ");
}

function runStartedLine(event: Extract<ProgressEvent, { kind: "run-started" }>): string {
  const { runId, folder, trials, upTo, finished, baselineOnly, expectedSeconds } = event;
  const ofBaseline = baselineOnly ? " of the baseline alone" : "";
  const count = trials === null ? "a find" : `${upTo ? "up to " : ""}${counted(trials, "trial")}${ofBaseline}`;
  const here = finished === 0 ? "" : `, ${formatCount(finished)} of them here already`;
  return `run ${printable(runId)}: ${count}${here}, ${upTo ? "at most" : "about"} ${formatSpan(expectedSeconds)}; results in ${printable(folder)}`;
}

const endWords = { done: "done", interrupted: "interrupted", failed: "failed" };

function trialEndedLine(event: Extract<ProgressEvent, { kind: "trial-ended" }>): string {
  const { profile, outcome, requests, faults, seconds, invalidReason, step, search } = event;
  const counts = `${counted(requests, "request")}, ${counted(faults, "fault")} in ${formatSeconds(seconds)}`;
  const invalid = invalidReason === null ? "" : `; INVALID: ${printable(invalidWords(invalidReason))}`;
  const came = step === null ? ` ${outcome}` : ` ${stepText(step)}`;
  const found = search === null ? "" : `; ${foundText(search)}`;
  return `trial ${placeText(event)} ${printable(profile)}${came}: ${counts}${invalid}${found}`;
}

/** `1,400/s kept`, `1,400/s missed (latencyMs.p99 was 80, the goal is <= 50)`. */
function stepText({ ratePerSecond, kept, missed, generatorBound }: JudgedStep): string {
  const rate = formatRate(ratePerSecond);
  if (kept) return `${rate} kept`;
  return `${rate} ${generatorBound ? "missed by the generator's limit" : "missed"} (${printable(missedWords(missed))})`;
}

function foundText({ sustainableRatePerSecond: rate, lowerBound }: SearchRecord): string {
  return rate === null ? "no rate is sustained" : `sustains ${lowerBound ? "at least " : ""}${formatRate(rate)}`;
}
