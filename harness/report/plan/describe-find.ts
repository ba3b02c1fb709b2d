import { formatSpan } from "../../core/numbers.ts";
import { counted, listWords, wrap } from "../../core/words.ts";
import { reservedFor, screenTrials } from "../../find/cost.ts";
import { groupLooks } from "../../find/group.ts";
import type { Find } from "../../results/find.ts";
import type { Suite } from "../../suite/suite.ts";
import { changeWords } from "../words/changes.ts";
import { leftOutWords } from "../words/left-out.ts";

/** What a find is about to do, and what fits into its budget, before anything is run. `trialSeconds`: what one takes at most. */
export function describeFind(
  suite: Suite,
  find: Find,
  { width, trialSeconds }: { width: number; trialSeconds: number },
): string {
  const { candidates, leftOut, budgetMs } = find;
  const profiles = suite.profiles.length < 2 ? [] : suite.profiles.map(({ name }) => name);
  const trials = Math.floor(budgetMs / 1000 / trialSeconds);
  const budget = `at most ${formatSpan(budgetMs / 1000)}, in which ${counted(trials, "trial")} of at most ${formatSpan(trialSeconds)} have room`;
  const lines = [
    ...wrap(`find ${suite.name}: ${budget}`, width),
    ...stepsOf(find).flatMap((step) => wrap(step, width, "     ", "  ")),
    ...listed(
      "tried in step 3: ",
      candidates.map(({ change }) => changeWords(change)),
      width,
    ),
    ...leftOut.flatMap((one) => wrap(`left out: ${keyWords(one)}: ${leftOutWords(one)}`, width, "    ", "  ")),
    ...listed("profiles of the suite, which are not used: ", profiles, width),
  ];
  return `${lines.join("\n")}\n`;
}

/** Each with the trials that it takes. */
function stepsOf({ candidates, levers }: Find): string[] {
  const withLevers =
    levers.length === 0 ? "" : ` (${listWords(levers.map(({ name, place }) => `${name} by ${place}`))} among it)`;
  const [least, most] = groupLooks.map((pairs) => 2 * pairs);
  const screen = screenTrials(candidates.length);
  const ifItHelps =
    screen === 0 ? "each goes into step 4 if that helps" : `each is screened if that helps (${screen} more)`;
  return [
    "1. the suite as it is, twice: what happens, and what its findings say (2 trials)",
    `2. what a finding points at${withLevers}, alone, until what binds is nothing that a setting cures (1 or 2 trials for each)`,
    candidates.length === 0
      ? "3. nothing beside that: no candidate is left"
      : `3. ${counted(candidates.length, "setting")} that no finding points at, all at once (${least} to ${most} trials, 2 where a finding rules settings out); ${ifItHelps}`,
    `4. what helped, in fresh blocks, against the suite as it is and without each part of it (${reservedFor(1)} trials or more)`,
  ];
}

function keyWords({ role, key }: Find["leftOut"][number]): string {
  return role === "target" ? key : `${key} of ${role}`;
}

function listed(lead: string, items: string[], width: number): string[] {
  return items.length === 0 ? [] : wrap(`${lead}${items.join(", ")}`, width, "    ", "  ");
}
