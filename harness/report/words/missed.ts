import { formatLimit, formatMeasure, measureOf } from "../../core/measures.ts";
import { formatRate } from "../../core/units.ts";
import type { Missed } from "../../results/goals.ts";
import { stopWords } from "./stop-reasons.ts";

/** What a step of a search missed: "p99 latency was 312 ms, the goal is <= 50 ms; ..."; "" where all was kept. */
export function missedWords(missed: readonly Missed[]): string {
  return missed.map(clause).join("; ");
}

function clause(missed: Missed): string {
  switch (missed.code) {
    case "broke":
      return `broke with ${missed.fault ?? "an unknown fault"}`;
    case "saturated": {
      const { unansweredUsers: users, shortWindows, windows } = missed;
      return users === null || users === 0
        ? `did not keep up in ${shortWindows} of ${windows} windows`
        : `left ${users} virtual users without an answer`;
    }
    case "cut-short":
      return missed.stop === null ? "the load did not run to its end" : `stopped early: ${stopWords(missed.stop)}`;
    case "not-served": {
      const { servedPerSecond, askedPerSecond } = missed;
      if (servedPerSecond === null) return "what was served after the ramp could not be measured";
      return `served only ${formatRate(servedPerSecond)} of ${formatRate(askedPerSecond)}`;
    }
    case "goal": {
      const { label } = measureOf(missed.measure);
      if (missed.value === null) return `${label} could not be measured`;
      return `${label} was ${formatMeasure(missed.measure, missed.value)}, the goal is ${formatLimit(missed)}`;
    }
  }
}
