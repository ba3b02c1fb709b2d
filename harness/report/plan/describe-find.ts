import { formatSpan } from "../../core/numbers.ts";
import { counted, listWords, wrap } from "../../core/words.ts";
import { groupLooks, hasRoomForGroup, hasRoomForScreen, reservedFor, screenTrials } from "../../find/cost.ts";
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
  const trials = trialsInBudget(find, trialSeconds);
  const budget = `at most ${formatSpan(budgetMs / 1000)}, in which ${counted(trials, "trial")} of at most ${formatSpan(trialSeconds)} have room`;
  const lines = [
    ...wrap(`find ${suite.name}: ${budget}`, width),
    ...stepsOf(find, trials).flatMap((step) => wrap(step, width, "     ", "  ")),
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

/** How many trials of at most so long the budget has time for. */
export function trialsInBudget({ budgetMs }: Pick<Find, "budgetMs">, trialSeconds: number): number {
  return Math.floor(budgetMs / 1000 / trialSeconds);
}

/** Each with the trials that it takes; `trials` is how many the budget has time for. */
function stepsOf(find: Find, trials: number): string[] {
  const { levers } = find;
  const withLevers =
    levers.length === 0 ? "" : ` (${listWords(levers.map(({ name, place }) => `${name} by ${place}`))} among it)`;
  return [
    "1. the suite as it is, twice: what happens, and what its findings say (2 trials)",
    `2. what a finding points at${withLevers}, alone, until what binds is nothing that a setting cures (1 or 2 trials for each)`,
    othersWords(find, trials - baselineTrials),
    `4. what helped, in fresh blocks, against the suite as it is and without each part of it (${reservedFor(1)} trials or more)`,
  ];
}

const baselineTrials = 2;

/** What is tried of the settings that no finding points at, of which the budget may have no room for a part. */
function othersWords({ candidates }: Find, left: number): string {
  const count = candidates.length;
  if (count === 0) return "3. nothing beside that: no candidate is left";
  const settings = `3. ${counted(count, "setting")} that no finding points at`;
  const [least, most] = [2 * groupLooks[0], 2 * groupLooks[1]];
  const isGrouped = hasRoomForGroup(left, count, 0);
  const screen = screenTrials(count);
  const isScreened = screen > 0 && hasRoomForScreen(left - (isGrouped ? least : 0), count, 0);
  if (!isGrouped && isScreened)
    return `${settings}, screened (${screen} trials); the budget has no room to try them all at once before`;
  if (!isGrouped)
    return `${settings}: the budget has no room for them (${least} trials all at once, then ${screen} for a screen)`;
  const together = `${settings}, all at once (${least} to ${most} trials, 2 where a finding rules settings out)`;
  if (screen === 0) return `${together}; each goes into step 4 if that helps`;
  const ifItHelps = isScreened
    ? `each is screened if that helps (${screen} more)`
    : `the budget has no room to screen each if that helps (${screen} more)`;
  return `${together}; ${ifItHelps}`;
}

function keyWords({ role, key }: Find["leftOut"][number]): string {
  return role === "target" ? key : `${key} of ${role}`;
}

function listed(lead: string, items: string[], width: number): string[] {
  return items.length === 0 ? [] : wrap(`${lead}${items.join(", ")}`, width, "    ", "  ");
}
