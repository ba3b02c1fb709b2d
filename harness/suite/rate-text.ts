import { formatChosen } from "../core/units.ts";
import type { Rate } from "./rate.ts";

/** A rate as people read it: "500/s to 3,000/s within 5 s". */
export function rateText({ startPerSecond, stages, repeats }: Rate): string {
  const holds = stages.filter(({ ms }) => ms > 0);
  const [first, second] = holds;
  if (first === undefined) return perSecond(startPerSecond);
  if (repeats && second !== undefined) {
    const burst = `bursts of ${perSecond(second.toPerSecond)} for ${seconds(second.ms)}`;
    return `${perSecond(first.toPerSecond)} with ${burst} every ${seconds(first.ms + second.ms)}`;
  }
  if (first.toPerSecond !== startPerSecond) {
    return `${perSecond(startPerSecond)} to ${perSecond(first.toPerSecond)} within ${seconds(first.ms)}`;
  }
  return holds.map(({ toPerSecond, ms }) => `${perSecond(toPerSecond)} for ${seconds(ms)}`).join(", then ");
}

function perSecond(rate: number): string {
  return formatChosen(rate, "1/s");
}

function seconds(ms: number): string {
  return formatChosen(ms / 1000, "s");
}
