import type { TrialRecord } from "../results/trial.ts";
import { type Explained, explain, type Hit } from "./consequences.ts";
import type { Finding, RuleId } from "./finding.ts";
import { observedIn } from "./observed.ts";
import { rules } from "./rules.ts";
import { unexplained } from "./unexplained.ts";

/**
 * What the bottleneck was, from the trials of one profile, the most telling rule first. The evidence is that of the first
 * trial in which the rule held; seenIn says in how many it did.
 */
export function diagnose(trials: TrialRecord[]): Finding[] {
  const seen = trials.map((trial) => ({ trial, told: toldOf(trial) }));
  const findings = [...rules.map(({ id }) => id), "unexplained" as const].flatMap((id) => merge(id, seen));
  return [
    ...findings.filter(({ consequenceOf }) => consequenceOf === null),
    ...findings.filter(({ consequenceOf }) => consequenceOf !== null),
  ];
}

/** What one trial shows: causes and their consequences, or what is left to say without one. */
function toldOf(trial: TrialRecord): Explained[] {
  const observed = observedIn(trial);
  const hits = rules.flatMap((rule): Hit[] => {
    if (!trial.valid && !rule.readsInvalid) return [];
    const found = rule.find(observed);
    return found === null ? [] : [{ rule: rule.id, found } as Hit];
  });
  const told = explain(hits);
  const left = told.length === 0 && trial.valid ? unexplained(observed) : null;
  return left === null ? told : [{ rule: "unexplained", found: left, consequenceOf: null }];
}

function merge(id: RuleId, seen: { trial: TrialRecord; told: Explained[] }[]): Finding[] {
  const readsInvalid = rules.find((rule) => rule.id === id)?.readsInvalid === true;
  const readable = seen.filter(({ trial }) => trial.valid || readsInvalid);
  const hits = readable.flatMap(({ trial: { sequence, block }, told }) =>
    told.filter(({ rule }) => rule === id).map((one) => ({ one, shownBy: { sequence, block } })),
  );
  return hits.slice(0, 1).map(({ one: { rule, found, consequenceOf }, shownBy }) => {
    const places = { consequenceOf, seenIn: hits.length, trials: readable.length, shownBy };
    return { rule, ...found, ...places } as Finding;
  });
}
