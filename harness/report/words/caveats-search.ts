import { formatChosen, formatRate } from "../../core/units.ts";
import type { SentencesOf } from "../../results/caveats.ts";
import type { SearchCaveat } from "../../results/caveats-search.ts";

/** What each caveat of a search says. */
export const searchSentences: SentencesOf<SearchCaveat> = {
  "search-not-confirmed": ({ keptPerSecond, steps }) =>
    `${formatRate(keptPerSecond)} was kept, but none of the ${steps} steps was left to confirm it`,
  "search-found-nothing": ({ lowestPerSecond, steps, outOfSteps }) => {
    const why = outOfSteps ? `: the ${steps} steps did not allow to try lower ones` : "";
    return `no rate could be found that is kept twice, down to ${formatRate(lowestPerSecond)}${why}`;
  },
  "search-open-above": ({ keptPerSecond, steps }) =>
    `the ${steps} steps were over before a rate was missed: the service may do more than ${formatRate(keptPerSecond)}`,
  "search-not-precise": ({ keptPerSecond, missedPerSecond, precision, steps }) =>
    `the ${steps} steps were over with ${formatRate(keptPerSecond)} kept and ${formatRate(missedPerSecond)} missed, further apart than the ${formatChosen(precision, "fraction")} asked for`,
  "search-contradicts-itself": ({ missedPerSecond, keptPerSecond }) =>
    missedPerSecond === keptPerSecond
      ? `${formatRate(keptPerSecond)} was kept in one trial and missed in another`
      : `${formatRate(missedPerSecond)} was missed although ${formatRate(keptPerSecond)} was kept`,
  "search-generator-bound": ({ missedPerSecond }) =>
    `at ${formatRate(missedPerSecond)} the generator was the limit: what the service can do there is not known`,
  "search-disturbed": ({ disturbedSteps, steps }) =>
    `programs outside the run used the CPUs in ${disturbedSteps} of ${steps} steps of the search: the rate found may be too low`,
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
