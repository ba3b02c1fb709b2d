import type { ConditionSummary } from "../../analysis/conditions.ts";
import type { Story } from "../../analysis/effects.ts";
import { formatGoal } from "../../core/measures.ts";
import { listWords } from "../../core/words.ts";
import { withSetting } from "./headline.ts";
import { profileWords } from "./ratios.ts";

/** Who keeps the conditions' goals that the baseline misses: "Profile patient (env WAIT_MS=2500) keeps every goal; the baseline misses ..." null without goals. */
export function goalsHeadline(story: Story, summaries: ConditionSummary[]): string | null {
  const { baseline, profiles } = story.run;
  const reached = summaries.filter(({ goals, n }) => goals.length > 0 && n > 0);
  const names = profiles.map(({ name }) => name).filter((name) => reached.some(({ profile }) => profile === name));
  if (names.length === 0) return null;
  const missing = names.filter((name) => missedWords(reached, name).length > 0);
  const keeping = names.filter((name) => keepsAll(reached, name));
  const misses = (name: string) => `misses ${listWords(missedWords(reached, name))}`;
  if (!missing.includes(baseline)) {
    if (keeping.length === names.length)
      return `${names.length === 1 ? "The baseline" : "Every profile"} keeps every goal.`;
    const worse = missing.map((name) => `${name} ${misses(name)}`);
    return `${keeping.includes(baseline) ? "The baseline keeps every goal" : "Not every goal could be judged"}${worse.map((one) => `; ${one}`).join("")}.`;
  }
  const own = `the baseline ${misses(baseline)}`;
  if (keeping.length > 0) {
    return `${profileWords(keeping.map((name) => withSetting(story, name)))} ${keeping.length === 1 ? "keeps" : "keep"} every goal; ${own}.`;
  }
  return names.length === 1 ? `The baseline ${misses(baseline)}.` : `No profile keeps every goal; ${own}.`;
}

/** "failed requests <= 5% in failure (2 of 3 blocks)" */
function missedWords(summaries: ConditionSummary[], name: string): string[] {
  return summaries
    .filter(({ profile }) => profile === name)
    .flatMap(({ condition, goals, n }) =>
      goals
        .filter(({ missed }) => missed > 0)
        .map((goal) => `${formatGoal(goal)} in ${condition}${n === 1 ? "" : ` (${goal.missed} of ${n} blocks)`}`),
    );
}

function keepsAll(summaries: ConditionSummary[], name: string): boolean {
  const own = summaries.filter(({ profile }) => profile === name);
  return own.every(({ goals }) => goals.every(({ kept, missed }) => missed === 0 && kept > 0));
}
