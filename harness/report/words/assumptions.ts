import { formatDecimal } from "../../core/numbers.ts";
import { formatChosen } from "../../core/units.ts";
import type { Assumption } from "../../results/prediction.ts";

/** What a prediction rests on, as a clause. */
export function assumptionWords(assumption: Assumption): string {
  switch (assumption.code) {
    case "no-upstream":
      return "the suite names no upstream, so no ports are predicted to run out; what the target dials within its own namespace (127.0.0.1) uses up ports, too";
    case "connection-per-request":
      return "each iteration of the script sends one request, which opens one new connection to one upstream, and the target closes it first";
    case "measured-connections":
      return `each iteration opens ${formatDecimal(assumption.perIteration)} new connections to one upstream, as ${assumption.run} measured, and the target closes them first`;
    case "even-spread":
      return `the load is spread evenly over ${assumption.copies} copies of the target, each with ports of its own`;
    case "ports-reused":
      return `ports in TIME_WAIT are taken again after ${formatChosen(assumption.afterMs, "ms")} (tcp_tw_reuse=1 with timestamps)`;
    case "slower-past-cliff":
      return "past the cliff the rate falls, so the wall's time is the earliest, and it may not come at all";
    case "node-kernel":
      return `the target's node has kernel ${assumption.atLeast} or newer: on older ones connect() with few free ports is slower, and the cliff lies elsewhere`;
    case "node-memory":
      return `the node has more than ${assumption.moreThanGibibytes} GiB of memory: with less its tcp_max_tw_buckets drops TIME_WAITs before the ports are used up`;
  }
}
