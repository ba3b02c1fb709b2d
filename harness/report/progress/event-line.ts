import type { ProgressEvent } from "../../results/progress.ts";
import { formatCount, formatSeconds, formatSpan } from "../formats.ts";
import { printable } from "../printable.ts";

/** An event in one line without a line end; null for what is only worth showing live. */
export function eventLine(event: ProgressEvent): string | null {
  if (event.kind === "run-started")
    return `run ${printable(event.runId)}: ${formatCount(event.trials)} ${event.trials === 1 ? "trial" : "trials"}, about ${formatSpan(event.expectedSeconds)}; results in ${printable(event.folder)}`;
  if (event.kind === "trial-started")
    return `trial ${event.sequence}/${event.of} ${printable(event.profile)} (block ${event.block}) started, at most ${formatSpan(event.stopAfterSeconds)}`;
  if (event.kind === "trial-ended") return trialEndedLine(event);
  if (event.kind === "note") return printable(event.text);
  if (event.kind === "run-ended") return `run ${endWords[event.reason]}: ${event.valid} of ${event.of} trials valid`;
  return null;
}

const endWords = { done: "done", interrupted: "interrupted", failed: "failed" };

function trialEndedLine(event: Extract<ProgressEvent, { kind: "trial-ended" }>): string {
  const { sequence, of, profile, outcome, requests, faults, seconds, invalidReason } = event;
  const counts = `${formatCount(requests)} requests, ${formatCount(faults)} ${faults === 1 ? "fault" : "faults"} in ${formatSeconds(seconds)}`;
  const invalid = invalidReason === null ? "" : `; INVALID: ${printable(invalidReason)}`;
  return `trial ${sequence}/${of} ${printable(profile)} ${outcome}: ${counts}${invalid}`;
}
