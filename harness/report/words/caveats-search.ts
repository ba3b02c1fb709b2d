import { percentWords, rateWords } from "../../core/number-words.ts";
import type { SentencesOf } from "../../results/caveats.ts";
import type { SearchCaveat } from "../../results/caveats-search.ts";

/** What each caveat of a search says. */
export const searchSentences: SentencesOf<SearchCaveat> = {
  "search-not-confirmed": ({ keptPerSecond, steps }) =>
    `${rateWords(keptPerSecond)} was kept, but none of the ${steps} steps was left to confirm it`,
  "search-found-nothing": ({ lowestPerSecond, steps, outOfSteps }) => {
    const why = outOfSteps ? `: the ${steps} steps did not allow to try lower ones` : "";
    return `no rate could be found that is kept twice, down to ${rateWords(lowestPerSecond)}${why}`;
  },
  "search-open-above": ({ keptPerSecond, steps }) =>
    `the ${steps} steps were over before a rate was missed: the service may do more than ${rateWords(keptPerSecond)}`,
  "search-not-precise": ({ keptPerSecond, missedPerSecond, precision, steps }) =>
    `the ${steps} steps were over with ${rateWords(keptPerSecond)} kept and ${rateWords(missedPerSecond)} missed, further apart than the ${percentWords(precision, 3)} asked for`,
  "search-contradicts-itself": ({ missedPerSecond, keptPerSecond }) =>
    missedPerSecond === keptPerSecond
      ? `${rateWords(keptPerSecond)} was kept in one trial and missed in another`
      : `${rateWords(missedPerSecond)} was missed although ${rateWords(keptPerSecond)} was kept`,
  "search-generator-bound": ({ missedPerSecond }) =>
    `at ${rateWords(missedPerSecond)} the generator was the limit: what the service can do there is not known`,
  "search-disturbed": ({ disturbedSteps, steps }) =>
    `others than the run used the CPUs in ${disturbedSteps} of ${steps} steps of the search: the rate found may be too low`,
};

/** What a search's caveat says, without its full stop. */
export function searchSentence(caveat: SearchCaveat): string {
  return sentenceOf(caveat.code, caveat);
}

function sentenceOf<Code extends SearchCaveat["code"]>(
  code: Code,
  caveat: Extract<SearchCaveat, { code: Code }>,
): string {
  return searchSentences[code](caveat);
}
