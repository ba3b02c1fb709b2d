import type { Spread } from "../results/evidence.ts";
import { sum } from "./windows.ts";

/** Evenness of work over CPUs from each CPU's rise over the trial (index = CPU number); null where nothing happened. */
export function spread(deltas: number[]): Spread | null {
  const total = sum(deltas);
  if (total <= 0) return null;
  const mean = total / deltas.length;
  const busiest = Math.max(...deltas);
  const variance = sum(deltas.map((delta) => (delta - mean) ** 2)) / deltas.length;
  return {
    total,
    perCpu: deltas.map((delta) => delta / total),
    maxShare: busiest / total,
    maxOverMean: busiest / mean,
    coefficientOfVariation: Math.sqrt(variance) / mean,
    busiestCpu: deltas.indexOf(busiest),
  };
}
