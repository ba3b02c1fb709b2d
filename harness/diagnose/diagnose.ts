import type { TrialRecord } from "../results/trial.ts";
import type { Finding, FindingOf, RuleId } from "./finding.ts";
import { observedIn } from "./observed.ts";
import type { Rule } from "./rule.ts";
import { rules } from "./rules.ts";

/**
 * What the bottleneck was, from the trials of one profile, the most telling rule first. The evidence is that of the first
 * trial in which the rule held; seenIn says in how many it did.
 */
export function diagnose(trials: TrialRecord[]): Finding[] {
  return rules.flatMap((rule): Finding[] => merge(rule, trials));
}

function merge<Id extends RuleId>({ id, readsInvalid, find }: Rule<Id>, trials: TrialRecord[]): FindingOf<Id>[] {
  const readable = trials.filter(({ valid }) => valid || readsInvalid);
  const hits = readable.flatMap((trial) => {
    const found = find(observedIn(trial));
    return found === null ? [] : [{ found, shownBy: { sequence: trial.sequence, block: trial.block } }];
  });
  return hits
    .slice(0, 1)
    .map(({ found, shownBy }) => ({ rule: id, ...found, seenIn: hits.length, trials: readable.length, shownBy }));
}
