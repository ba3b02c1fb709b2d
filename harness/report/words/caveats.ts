import type { Caveat, CaveatCode, CaveatOf, RaisedCaveat, RaisedIn, SentencesOf } from "../../results/caveats.ts";
import { analysisSentences } from "./caveats-analysis.ts";
import { planSentences } from "./caveats-plan.ts";
import { searchSentences } from "./caveats-search.ts";
import { trialSentences } from "./caveats-trial.ts";

/** What each caveat says: a code without a sentence does not compile. */
const sentences: SentencesOf<Caveat> = {
  ...trialSentences,
  ...searchSentences,
  ...planSentences,
  ...analysisSentences,
};

/**
 * A caveat as a sentence without its full stop: "p99: ... (7 of 9 trials)". It may quote text of unknown origin (`words`, names):
 * whoever prints it escapes it.
 */
export function caveatSentence(caveat: RaisedCaveat): string {
  const { raisedIn } = caveat;
  const sentence = sentenceOf(caveat.code, caveat);
  return raisedIn === undefined ? sentence : `${whose(raisedIn)}${sentence}${inTrials(raisedIn)}`;
}

/** Several, each sentence once: caveats that differ in digits that no sentence shows read the same. */
export function caveatSentences(caveats: readonly RaisedCaveat[]): string[] {
  return [...new Set(caveats.map(caveatSentence))];
}

function sentenceOf<Code extends CaveatCode>(code: Code, caveat: CaveatOf<Code>): string {
  return sentences[code](caveat);
}

function whose({ profile }: RaisedIn): string {
  return profile === null ? "" : `${profile}: `;
}

/** Of a single trial there is nothing to count. */
function inTrials({ trials, of }: RaisedIn): string {
  if (of === 1) return "";
  return ` (${trials < of ? `${trials} of ${of}` : of === 2 ? "both" : `all ${of}`} trials)`;
}
