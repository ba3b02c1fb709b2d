import { IncompleteError } from "../core/errors.ts";
import type { Refusal } from "../results/trial.ts";

/**
 * The platform would not take a profile by its route. Where routes are compared that is the trial's outcome; where they are not,
 * preflight has asked before and this is not thrown.
 */
export class PlatformRefusal extends IncompleteError {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(`${refusal.route} was refused: ${refusal.words}`, { hint: refusal.remedy });
    this.refusal = refusal;
  }
}
