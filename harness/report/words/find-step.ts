import type { FindStep } from "../../results/find.ts";

/** What a trial of a find is for, as a part of a sentence: `follows port-exhaustion`. */
export function findStepWords(step: FindStep): string {
  switch (step.kind) {
    case "baseline":
      return "the suite as it is";
    case "raise":
      return "at a higher rate";
    case "follow":
      return `follows ${step.rule}`;
    case "group":
      return `group, pair ${step.pair}: ${step.all ? "all at once" : "none"}`;
    case "screen":
      return `screen, run ${step.run}${step.mirrored ? ", mirrored" : ""}`;
    case "confirm":
      return `confirms, round ${step.round}`;
    case "bisect":
      return "how much is enough";
  }
}
