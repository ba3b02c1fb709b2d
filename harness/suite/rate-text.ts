import { formatChosen } from "../core/units.ts";
import type { RateShape } from "./suite.ts";

/** A rate as people read it: "500/s to 3,000/s within 5 s". */
export function rateText(rate: RateShape): string {
  if (rate.kind === "constant") return perSecond(rate.perSecond);
  if (rate.kind === "ramp") {
    return `${perSecond(rate.fromPerSecond)} to ${perSecond(rate.toPerSecond)} within ${seconds(rate.rampMs)}`;
  }
  if (rate.kind === "phases") {
    return rate.phases.map((phase) => `${perSecond(phase.perSecond)} for ${seconds(phase.lastingMs)}`).join(", then ");
  }
  const burst = `bursts of ${perSecond(rate.burstPerSecond)} for ${seconds(rate.burstMs)}`;
  return `${perSecond(rate.basePerSecond)} with ${burst} every ${seconds(rate.everyMs)}`;
}

function perSecond(rate: number): string {
  return formatChosen(rate, "1/s");
}

function seconds(ms: number): string {
  return formatChosen(ms / 1000, "s");
}
