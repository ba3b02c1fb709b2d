import type { Cliff } from "./cliff.ts";
import type { Span } from "./deltas.ts";
import type { FoundFault } from "./fault.ts";
import type { TrialInput } from "./trial-input.ts";

/** What bounds the phases that measures are taken in (ramp, steady, healthy), ms on the trial's clock. */
export interface Phases {
  firstMs: number;
  rampEndMs: number;
  stopMs: number;
  cliff: Cliff | null;
  fault: FoundFault | null;
  /** In which something was done to parts on purpose (conditions with actions), or the harness stood still. */
  disturbed: Span[];
}

/** The load's stop on the trial's clock. */
export function stopMsOf(input: TrialInput, firstMs: number): number {
  return input.stop === null ? input.loadEndMs : firstMs + input.stop.atSeconds * 1000;
}

/** First request to stop: what evidence is taken over. */
export function loadSpan({ firstMs, stopMs }: Phases): Span {
  return { fromMs: firstMs, toMs: stopMs };
}

/** Ramp's end to stop: what rates are taken over. */
export function steadySpan({ rampEndMs, stopMs }: Phases): Span {
  return { fromMs: rampEndMs, toMs: stopMs };
}

/** Ramp's end to the cliff, the fault or the stop: while all was well. */
export function healthySpan({ rampEndMs, cliff, fault, stopMs }: Phases): Span {
  const ends = [cliff?.atMs, fault?.atMs, stopMs].filter((ms) => ms !== undefined);
  return { fromMs: rampEndMs, toMs: Math.min(...ends) };
}
