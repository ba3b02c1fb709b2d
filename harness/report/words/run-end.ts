import type { RunEndNote } from "../../results/run.ts";
import { invalidWords } from "./invalid-reasons.ts";

/** Why a run ended before the end of its plan; "" where there is nothing to say. */
export function runEndWords(why: readonly RunEndNote[]): string {
  return why.map(clause).join("; ");
}

function clause(note: RunEndNote): string {
  switch (note.code) {
    case "enough": {
      const { blocks, mostBlocks, comparisons, decided } = note;
      const lead = `after ${blocks} of at most ${mostBlocks} blocks ${decided} of ${comparisons} comparisons are decided`;
      if (decided === comparisons) return lead;
      return `${lead} and ${comparisons - decided} can't be, not with ${mostBlocks} blocks either`;
    }
    case "hopeless":
      return `its first two trials are invalid for the same reason: ${invalidWords(note.reason)}`;
    case "no-recheck":
      return "no confirmation run, since no profile is better than the baseline";
    case "error":
      return note.words;
  }
}
