import { measuredValue, measureNames, type Value } from "../core/measures.ts";
import { diagnose } from "../diagnose/diagnose.ts";
import type { TrialRecord } from "../results/trial.ts";
import type { ObservedTrial } from "./observed-trial.ts";

/** A find's trials as its procedure looks at them; those of any other run are left out. */
export function observedTrials(records: readonly TrialRecord[]): ObservedTrial[] {
  return records.flatMap((record) => {
    if (record.find === null) return [];
    const { sequence, block, valid, outcome, kept, goals, loadSeconds, overheadSeconds } = record;
    return [
      {
        ...record.find,
        ...{ sequence, block, outcome, kept, goals },
        valid: valid && outcome !== "failed",
        measures: measuresOf(record),
        findings: diagnose([record]),
        seconds: loadSeconds + overheadSeconds,
      },
    ];
  });
}

function measuresOf(record: TrialRecord): ObservedTrial["measures"] {
  const known = measureNames.flatMap((name): [string, Value][] => {
    const value = measuredValue(record, name);
    return value === null ? [] : [[name, value]];
  });
  return Object.fromEntries(known);
}
