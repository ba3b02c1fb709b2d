import type { TrialRecord } from "../results/trial.ts";
import type { Finding } from "./finding.ts";
import { fact, type Rule } from "./rule.ts";
import { rules } from "./rules.ts";

/**
 * What the bottleneck was, from the trials of one profile, the most telling rule first. Of invalid trials only a crash
 * is read. The sentence and the evidence are those of the first trial in which the rule held (the last line of the
 * evidence says which); seenIn says in how many it did.
 */
export function diagnose(trials: TrialRecord[]): Finding[] {
  return rules.flatMap((rule) => merge(rule, trials));
}

function merge({ rule, find }: Rule, trials: TrialRecord[]): Finding[] {
  const readable = trials.filter((trial) => trial.valid || rule === "target-crashed");
  const hits = readable.flatMap((trial) => {
    const found = find(trial);
    return found === null ? [] : [{ trial, found }];
  });
  const first = hits[0];
  if (first === undefined) return [];
  const { side, bottleneck, evidence, remedy } = first.found;
  const shown = fact("evidence of", `trial ${first.trial.sequence} (block ${first.trial.block})`);
  return [
    { rule, side, bottleneck, evidence: [...evidence, shown], remedy, seenIn: hits.length, trials: readable.length },
  ];
}
