import type { PredictionMiss } from "../../analysis/reason.ts";
import { formatCount } from "../../core/numbers.ts";
import { formatRate } from "../../core/units.ts";

/** Why ports did not run out although the arithmetic said so, as a clause. */
export function predictionMissWords(miss: PredictionMiss): string {
  switch (miss.code) {
    case "other-side-closes":
      return `${miss.role} closes first and has the TIME_WAITs (${formatCount(miss.timeWait)}), which take no port of the target`;
    case "connections-kept":
      return `connections are kept open (${formatRate(miss.connectionsPerSecond)} new ones)`;
    case "served-too-few":
      return `fewer were served than the ${formatCount(miss.ports)} that take all ports`;
  }
}
