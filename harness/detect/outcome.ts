import type { InvalidReason } from "../results/invalid-reason.ts";
import type { KeptUp } from "../results/kept-up.ts";
import type { TrialOutcome } from "../results/trial.ts";
import { isSaturated } from "./kept-up.ts";
import type { Phases } from "./phases.ts";
import type { TrialInput } from "./trial-input.ts";

/** What a trial's outcome follows from, beside its phases. */
export interface OutcomeGrounds extends Pick<TrialInput, "stop"> {
  /** null: it may be read as a measurement. */
  invalid: InvalidReason | null;
  kept: KeptUp | null;
  /** Whether the generator was the limit: what it did not ask for, the target did not fail to serve. */
  generatorBound: boolean;
}

/** What became of a trial: of its outcomes, in the order of what they say, the first that applies. */
export function outcomeOf(
  { fault, cliff }: Pick<Phases, "fault" | "cliff">,
  { stop, invalid, kept, generatorBound }: OutcomeGrounds,
): TrialOutcome {
  if (invalid !== null) return "failed";
  if (fault !== null) return "broke";
  if (cliff !== null || stop?.criterion === "latency") return "degraded";
  const fellBehind = stop?.criterion === "saturated" || (kept !== null && isSaturated(kept));
  return fellBehind && !generatorBound ? "saturated" : "held";
}
