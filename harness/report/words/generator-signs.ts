import { formatCount, formatDecimal } from "../../core/numbers.ts";
import { formatPercent, formatQuantity } from "../../core/units.ts";
import type { GeneratorSign } from "../../results/generator-signs.ts";

/** A sign that the generator was the limit, as a clause: "generator used 1.8 of its 2 cores". */
export function generatorSignWords(sign: GeneratorSign): string {
  switch (sign.kind) {
    case "iterations-dropped": {
      const { iterations, waitingVirtualUsers, virtualUsers } = sign;
      const waited = `${formatDecimal(waitingVirtualUsers)} of ${virtualUsers} virtual users waited for the target`;
      return `${formatCount(iterations)} iterations were dropped while ${waited}`;
    }
    case "few-users": {
      const { iterations, latencyMs, virtualUsers } = sign;
      return `${formatCount(iterations)} iterations found none of ${virtualUsers} virtual users free, though the target answered within ${formatQuantity(latencyMs, "ms")}`;
    }
    case "users-held-by-script": {
      const { iterations, iterationMs, ownMs, virtualUsers, neededVirtualUsers } = sign;
      const own = `an iteration lasts ${formatQuantity(iterationMs, "ms")}, ${formatQuantity(ownMs, "ms")} of it the script's own (sleep)`;
      return `${formatCount(iterations)} iterations found none of ${virtualUsers} virtual users free: ${own}, so that the rate needs ${formatCount(neededVirtualUsers)}`;
    }
    case "cores-used":
      return `generator used ${formatDecimal(sign.usedCores)} of its ${sign.cores} cores`;
    case "cpu-limited":
      return `its CPU limit held the generator back in ${formatPercent(sign.timeShare)} of the time`;
    case "own-failures":
      return `${sign.requests} of the generator's own requests failed with ${sign.fault}`;
  }
}
