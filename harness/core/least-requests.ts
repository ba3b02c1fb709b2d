import type { MeasureName } from "./measure-names.ts";

/** Requests from which a quantile stands on ten slower ones. The highest of any number is what it is. */
const leastRequests: Partial<Record<MeasureName, number>> = {
  "latencyMs.p50": 20,
  "latencyMs.p90": 100,
  "latencyMs.p99": 1000,
};

/** How many requests a measure must stand on to be compared; 1 where any will do. Plan warns by it, the verdict is refused by it. */
export function leastRequestsOf(measure: MeasureName): number {
  return leastRequests[measure] ?? 1;
}
