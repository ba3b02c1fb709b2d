import type { Recheck } from "../../analysis/analysis.ts";
import { measureOf } from "../../core/measures.ts";
import { formatPercent } from "../../core/units.ts";
import { counted } from "../../core/words.ts";
import { boundWords } from "./ratios.ts";

/** What fresh blocks left of the winner's difference, as a sentence. */
export function recheckSentence({ profile, measure, first, again, shrinkage }: Recheck): string {
  const blocks = counted(again.n, "fresh block");
  return (
    `In the confirmation run of ${blocks}, ${profile} has ${boundWords(again)} the ${measureOf(measure).label} ` +
    `(${boundWords(first)} in the ${first.n} that picked it)${shrinkageWords(shrinkage)}.`
  );
}

function shrinkageWords(shrinkage: number | null): string {
  if (shrinkage === null) return "";
  const share = formatPercent(Math.abs(shrinkage));
  if (shrinkage > 1) return ": nothing of the difference was left";
  if (Math.abs(shrinkage) < 0.005) return ": all of the difference was there again";
  return shrinkage > 0 ? `: ${share} of the difference was not there again` : `: ${share} more than at first`;
}
