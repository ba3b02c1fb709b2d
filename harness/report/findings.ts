import type { Analysis } from "../analysis/analysis.ts";
import type { Finding } from "../diagnose/finding.ts";
import { evidenceFacts } from "./words/evidence.ts";
import { findingTitles, findingWords } from "./words/findings.ts";
import { remedyWords } from "./words/remedies.ts";

/** Findings of one rule and the same remedies over all profiles, so that a remedy is read once. */
export interface FindingGroup {
  title: string;
  side: Finding["side"];
  remedy: string;
  cases: FindingCase[];
}

/** One sentence and the profiles of which it holds, each with its own numbers. */
export interface FindingCase {
  bottleneck: string;
  members: { profile: string; finding: Finding }[];
}

/** Findings in the order in which the profiles show them. */
export function groupFindings(analysis: Analysis): FindingGroup[] {
  const groups = new Map<string, FindingGroup>();
  const told = new Map<string, string>();
  for (const profile of analysis.profiles) {
    for (const finding of profile.findings) {
      const { rule, side, remedies } = finding;
      const key = JSON.stringify([rule, side, remedies]);
      const title = findingTitles[rule];
      const group = groups.get(key) ?? { title, side, remedy: remedyOnce(told, title, remedies), cases: [] };
      addTo(group.cases, profile.name, finding);
      groups.set(key, group);
    }
  }
  return [...groups.values()];
}

/** In words; where another finding asks for the same, which one. `told`: remedy -> the title under which it stands. */
function remedyOnce(told: Map<string, string>, title: string, remedies: Finding["remedies"]): string {
  const words = remedyWords(remedies);
  const elsewhere = told.get(words) ?? title;
  told.set(words, elsewhere);
  return elsewhere === title ? words : `As for "${elsewhere}".`;
}

function addTo(cases: FindingCase[], profile: string, finding: Finding): void {
  const words = findingWords(finding);
  const same = cases.find(({ bottleneck }) => bottleneck === words);
  if (same !== undefined) same.members.push({ profile, finding });
  else cases.push({ bottleneck: words, members: [{ profile, finding }] });
}

/** "throughput before: 2,950/s; at: 7.5 s", and how much more there is beyond `most`. */
export function describeEvidence(finding: Finding, most = Number.POSITIVE_INFINITY): string {
  const facts = evidenceFacts(finding);
  const shown = facts.slice(0, most).map(({ what, amount }) => `${what}: ${amount}`);
  return [...shown, ...(facts.length > most ? [`${facts.length - most} more`] : [])].join("; ");
}

/** "3 of 3 trials"; null where there was only one. */
export function describeSeen({ seenIn, trials }: Finding): string | null {
  return trials === 1 ? null : `${seenIn} of ${trials} trials`;
}
