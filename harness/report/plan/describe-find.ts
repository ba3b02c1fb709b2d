import { formatSpan } from "../../core/numbers.ts";
import { counted, listWords, wrap } from "../../core/words.ts";
import type { Find } from "../../results/find.ts";
import type { Suite } from "../../suite/suite.ts";
import { changeWords } from "../words/changes.ts";
import { leftOutWords } from "../words/left-out.ts";

/** What a find is about to do, before anything is run. */
export function describeFind(suite: Suite, find: Find, { width }: { width: number }): string {
  const { candidates, levers, leftOut, budgetMs } = find;
  const profiles = suite.profiles.length < 2 ? [] : suite.profiles.map(({ name }) => name);
  const steps = [
    "1. the suite as it is, twice: what happens, and what its findings say",
    `2. what a finding points at${levers.length === 0 ? "" : ` (${listWords(levers.map(({ name, place }) => `${name} by ${place}`))} among it)`}, alone, until what binds is nothing that a setting cures`,
    candidates.length === 0
      ? "3. nothing beside that: no candidate is left"
      : `3. ${counted(candidates.length, "setting")} that no finding points at, all at once; each is screened only if that helps`,
    "4. what helped, in fresh blocks, against the suite as it is and without each part of it",
  ];
  const lines = [
    ...wrap(`find ${suite.name}: at most ${formatSpan(budgetMs / 1000)}`, width),
    ...steps.flatMap((step) => wrap(step, width, "     ", "  ")),
    ...listed(
      "tried in step 3: ",
      candidates.map(({ change }) => changeWords(change)),
      width,
    ),
    ...leftOut.flatMap((one) => wrap(`left out: ${keyWords(one)}: ${leftOutWords(one)}`, width, "    ", "  ")),
    ...(profiles.length === 0 ? [] : listed("profiles of the suite, which are not used: ", profiles, width)),
  ];
  return `${lines.join("\n")}\n`;
}

function keyWords({ role, key }: Find["leftOut"][number]): string {
  return role === "target" ? key : `${key} of ${role}`;
}

function listed(lead: string, items: string[], width: number): string[] {
  return items.length === 0 ? [] : wrap(`${lead}${items.join(", ")}`, width, "    ", "  ");
}
