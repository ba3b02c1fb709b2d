import type { ProgressEvent } from "../../results/progress.ts";

/** Estimates how long a run still takes: by the plan at first, then by how long its trials took; of a find what is left of its budget. */
export interface TimeLeft {
  on(event: ProgressEvent): void;
  /** Seconds from now; null before the run has started. */
  seconds(): number | null;
}

export function createTimeLeft(): TimeLeft {
  let planned: number | null = null;
  let trialsLeft = 0;
  let elapsed = 0;
  let budget: number | null = null;
  const taken: number[] = [];
  return {
    on(event) {
      if (event.kind === "run-started") {
        trialsLeft = Math.max(0, (event.trials ?? 0) - event.finished);
        planned = event.expectedSeconds / Math.max(1, trialsLeft);
      }
      if (event.kind === "trial-started") {
        trialsLeft = (event.of ?? 0) - event.sequence + 1;
        budget = event.leftSeconds;
        elapsed = 0;
      }
      if (event.kind === "trial-progress") elapsed = event.elapsedSeconds;
      if (event.kind === "trial-ended") {
        taken.push(event.seconds);
        trialsLeft = (event.of ?? 0) - event.sequence;
        if (budget !== null) budget -= event.seconds;
        elapsed = 0;
      }
    },
    seconds() {
      if (planned === null) return null;
      if (budget !== null) return Math.max(0, budget - elapsed);
      const perTrial = taken.length === 0 ? planned : taken.reduce((sum, value) => sum + value, 0) / taken.length;
      return Math.max(0, trialsLeft * perTrial - Math.min(elapsed, perTrial));
    },
  };
}
