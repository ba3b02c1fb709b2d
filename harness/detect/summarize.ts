import { isTargetRole } from "../core/roles.ts";
import { distinctCaveats } from "../results/caveat-keys.ts";
import type { Caveat } from "../results/caveats.ts";
import type { KeptUp } from "../results/kept-up.ts";
import { sumScriptCounts } from "../results/script-counts.ts";
import type { TrialRecord } from "../results/trial.ts";
import { type AttributedWindow, attributeFaults, firstHealthy } from "./attribute.ts";
import { trialCaveats } from "./caveats.ts";
import { findCliff } from "./cliff.ts";
import { conditionCaveats } from "./condition-caveats.ts";
import { calmRows, calmWindows, disturbedSpans, standstillSpans } from "./condition-spans.ts";
import { deathsOf, targetDeathMs } from "./deaths.ts";
import { gatherEvidence } from "./evidence.ts";
import { type FoundFault, findFault } from "./fault.ts";
import { type FlowWindow, flowOf } from "./flow.ts";
import { judgeGenerator } from "./generator-health.ts";
import { keptUp } from "./kept-up.ts";
import { measureTrial } from "./measures.ts";
import { otherCpuCaveats } from "./other-cpu.ts";
import { outcomeOf } from "./outcome.ts";
import { perIteration } from "./per-iteration.ts";
import { healthySpan, loadSpan, type Phases, stopMsOf } from "./phases.ts";
import { silenceAtEnd } from "./silence.ts";
import type { TrialInput } from "./trial-input.ts";
import { type Unanswered, unansweredUsers } from "./unanswered.ts";
import { invalidReason } from "./validity.ts";
import { firstRequestMs, successesOf, sum, within } from "./windows.ts";

/** Windows come every 500 ms; the last whole one ends at most so long before the stop. */
const longestWindowMs = 1000;

/** What detection adds to a trial's record. */
export type TrialSummary = Pick<
  TrialRecord,
  | "outcome"
  | "fault"
  | "requests"
  | "successes"
  | "faults"
  | "iterations"
  | "script"
  | "perIteration"
  | "kept"
  | "measures"
  | "evidence"
  | "generator"
  | "caveats"
  | "valid"
  | "invalidReason"
>;

/**
 * A trial's outcome, measures and evidence from what was recorded of it. Pure: the same records give the same summary.
 * An invalid trial is `failed`, with the numbers that were still to be had.
 */
export function summarizeTrial(input: TrialInput): TrialSummary {
  const phases = momentsOf(input);
  const reason = invalidReason(input, phases);
  const shown = phases ?? nothingHappened(input);
  const windows = explained(input);
  const evidence = gatherEvidence(input, shown);
  const measured = measureTrial(input, shown, evidence);
  const flow = flowOf(input.windows, input.due, shown.firstMs);
  const unanswered = unansweredUsers(input, shown, flow);
  const generator = generatorHealth(input, shown, flow, unanswered);
  const kept = keptUp(input, shown, flow, unanswered);
  return {
    outcome: outcomeOf(shown, { stop: input.stop, invalid: reason, kept, generatorBound: generator.bound }),
    fault: shown.fault?.record ?? null,
    requests: sum(windows.map(({ requests }) => requests)),
    successes: sum(windows.map(successesOf)),
    faults: totals(windows),
    iterations: sum(windows.map(({ iterationMs }) => iterationMs?.count ?? 0)),
    script: sumScriptCounts(windows.map(({ script }) => script)),
    perIteration: perIteration(flow, input.samples, healthySpan(shown)),
    kept,
    measures: measured.measures,
    evidence,
    generator,
    caveats: distinctCaveats([
      ...measured.caveats,
      ...unansweredCaveats(input, kept),
      ...trialCaveats(input, shown, windows, generator.signs),
      ...conditionCaveats(input, shown),
      ...otherCpuCaveats(evidence.otherCpu, input),
    ]),
    valid: reason === null,
    invalidReason: reason,
  };
}

/** No latency holds the wait of who was never answered. */
function unansweredCaveats({ virtualUsers }: TrialInput, kept: KeptUp | null): Caveat[] {
  const users = kept?.unansweredUsers ?? 0;
  return users === 0 ? [] : [{ code: "unanswered-users", users, virtualUsers }];
}

function generatorHealth(
  input: TrialInput,
  phases: Phases,
  flow: FlowWindow[],
  unanswered: Unanswered | null,
): TrialRecord["generator"] {
  const afterRamp = healthySpan(phases);
  const healthy = { fromMs: phases.firstMs, toMs: afterRamp.toMs };
  return judgeGenerator({
    ...input,
    windows: flow,
    unansweredUsers: unanswered?.users ?? 0,
    calm: calmWindows(flow, phases.disturbed),
    healthy,
    steady: afterRamp.toMs > afterRamp.fromMs ? afterRamp : healthy,
    load: loadSpan(phases),
    ...input.generator,
  });
}

function momentsOf(input: TrialInput): Phases | null {
  const firstMs = firstRequestMs(input.windows);
  if (firstMs === null) return null;
  const stopMs = stopMsOf(input, firstMs);
  const disturbed = [...disturbedSpans(input.conditions, firstMs), ...standstillSpans(input.events)];
  const rows = calmRows(within(explained(input), firstMs, stopMs), disturbed);
  const fault = firstFault(input, rows, firstMs) ?? deathOf(input, firstMs, stopMs) ?? hangOf(rows, stopMs, firstMs);
  const beforeFault = rows.flat().filter(({ startMs }) => fault === null || startMs < fault.atMs);
  const cliff = findCliff(beforeFault, input.samples, { usablePorts: input.ports.target?.usable ?? null });
  return { firstMs, rampEndMs: firstMs + input.rampEndMs, stopMs, cliff, fault, disturbed };
}

/** Looked for in what is not disturbed; the earliest. */
function firstFault(input: TrialInput, rows: AttributedWindow[][], firstMs: number): FoundFault | null {
  for (const row of rows) {
    const fault = findFault(row, input.criteria.fault, firstMs);
    if (fault !== null) return fault;
  }
  return null;
}

/** Phases of a trial in which no request was completed: the whole time was ramp. */
function nothingHappened(input: TrialInput): Phases {
  const { loadEndMs } = input;
  return { firstMs: 0, rampEndMs: loadEndMs, stopMs: loadEndMs, cliff: null, fault: null, disturbed: [] };
}

/** A target that died under load has broken, also where no failure was counted any more, and where it died of what was done to another part. */
function deathOf(input: TrialInput, firstMs: number, stopMs: number): FoundFault | null {
  if (!deathsOf(input).underLoad.some(isTargetRole)) return null;
  const atMs = Math.min(stopMs, Math.max(firstMs, targetDeathMs(input) ?? stopMs));
  const firstSeconds = (atMs - firstMs) / 1000;
  const record = { kind: "target-died", side: "target", firstSeconds, seenIn: "log", inferred: false } as const;
  return { atMs, declared: true, record };
}

/** Where the load's end was left alone. */
function hangOf(rows: AttributedWindow[][], stopMs: number, firstMs: number): FoundFault | null {
  const last = rows.at(-1) ?? [];
  const reachesStop = (last.at(-1)?.endMs ?? 0) >= stopMs - longestWindowMs;
  return reachesStop ? silenceAtEnd(last, firstMs) : null;
}

function explained(input: TrialInput): AttributedWindow[] {
  return attributeFaults(input.windows, {
    ...input,
    usablePorts: input.ports.target?.usable ?? null,
    healthy: firstHealthy(input.windows),
  });
}

/** Failures by kind and side over the trial, the most first. */
function totals(windows: AttributedWindow[]): TrialSummary["faults"] {
  const byKind = new Map<string, TrialSummary["faults"][number]>();
  for (const { kind, side, count } of windows.flatMap(({ faults }) => faults)) {
    const key = `${side} ${kind}`;
    byKind.set(key, { kind, side, count: count + (byKind.get(key)?.count ?? 0) });
  }
  return [...byKind.values()].sort((a, b) => b.count - a.count);
}
