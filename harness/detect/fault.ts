import type { StopCriteria } from "../results/criteria.ts";
import type { FaultRecord } from "../results/trial.ts";
import type { AttributedFault, AttributedWindow } from "./attribute.ts";

/** What counts as a break where a suite declares none: any failure in 1% of requests, twice running. */
const undeclared = { kind: null, ratio: 0.01, windows: 2 };

/** What counts as the declared fault. */
export type FaultCriterion = NonNullable<StopCriteria["fault"]>;

/** The break: its record and the moment on the trial's clock. `declared` is false where the suite declared another kind, or none. */
export interface FoundFault {
  record: FaultRecord;
  atMs: number;
  declared: boolean;
}

/**
 * The first fault that counts: of the declared kind in the declared share of requests for the declared number of
 * windows; where that never came, of any kind by the same measure, since a service that fails otherwise has broken too.
 * Its time is the start of the unbroken row of windows that hold it and end in the measure being met. A stray failure
 * before that is no wall. The generator's own failures never count. null where nothing broke.
 */
export function findFault(
  windows: readonly AttributedWindow[],
  criterion: StopCriteria["fault"],
  firstRequestMs: number,
): FoundFault | null {
  const declared = criterion ?? undeclared;
  const found = firstStreak(windows, declared) ?? firstStreak(windows, { ...declared, kind: null });
  if (found === null) return null;
  const commonest = commonestFault(found.faults);
  return {
    atMs: found.atMs,
    declared: criterion !== null && (criterion.kind === null || criterion.kind === commonest.kind),
    record: {
      kind: commonest.kind,
      side: commonest.side,
      firstSeconds: (found.atMs - firstRequestMs) / 1000,
      seenIn: commonest.seenIn,
      inferred: commonest.seenIn === "inferred",
    },
  };
}

interface Streak {
  atMs: number;
  faults: AttributedFault[];
}

/** The first place at which the criterion is met, taken back to where the fault began. */
function firstStreak(windows: readonly AttributedWindow[], criterion: FaultCriterion): Streak | null {
  const judged = windows.filter(({ requests }) => requests > 0);
  for (let end = criterion.windows; end <= judged.length; end++) {
    const streak = faultStreak(judged.slice(end - criterion.windows, end), criterion);
    if (streak === null) continue;
    let start = end - criterion.windows;
    while (start > 0 && matching(judged[start - 1], criterion.kind).length > 0) start -= 1;
    return { ...streak, atMs: judged[start]?.startMs ?? streak.atMs };
  }
  return null;
}

/** Whether every one of these windows (there must be as many as the criterion asks for) holds its share of the fault. */
export function faultStreak(windows: readonly AttributedWindow[], criterion: FaultCriterion): Streak | null {
  const [first] = windows;
  if (first === undefined || windows.length < criterion.windows) return null;
  const meets = windows.every((window) => {
    const count = matching(window, criterion.kind).reduce((sum, fault) => sum + fault.count, 0);
    return count > 0 && count >= criterion.ratio * window.requests;
  });
  return meets ? { atMs: first.startMs, faults: windows.flatMap((w) => matching(w, criterion.kind)) } : null;
}

/** Faults of a kind (null = any) that are not the generator's own. */
export function matching(window: AttributedWindow | undefined, kind: string | null): AttributedFault[] {
  return (window?.faults ?? []).filter((fault) => fault.side !== "generator" && (kind === null || fault.kind === kind));
}

/** The kind with most failures, seen the way in which most of them were. */
function commonestFault(faults: AttributedFault[]): AttributedFault {
  const counts = new Map<string, AttributedFault>();
  for (const fault of faults) {
    const key = JSON.stringify([fault.kind, fault.side, fault.seenIn]);
    counts.set(key, { ...fault, count: fault.count + (counts.get(key)?.count ?? 0) });
  }
  return [...counts.values()].reduce((most, fault) => (fault.count > most.count ? fault : most));
}
