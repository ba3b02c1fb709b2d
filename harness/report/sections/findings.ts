import type { Analysis } from "../../analysis/analysis.ts";
import type { Finding } from "../../diagnose/finding.ts";
import { type Block, type Group, paragraph, type Section, type Text } from "../blocks.ts";
import { evidenceFacts } from "../words/evidence.ts";
import { findingTitles, findingWords } from "../words/findings.ts";
import { remedyWords } from "../words/remedies.ts";
import { profilePiece } from "./pieces.ts";

/** What the real bottlenecks were, each with its numbers and its remedy; null where nothing was found. */
export function findingsSection(analysis: Analysis): Section | null {
  const groups = groupFindings(analysis).map((group) => findingGroup(group, analysis));
  return groups.length === 0 ? null : { id: "findings", title: "Findings", reach: "everywhere", blocks: groups };
}

function findingGroup({ title, side, cases, remedy }: FindingGroup, analysis: Analysis): Group {
  return {
    kind: "group",
    title: [title, " ", { kind: "muted", text: `(${side})` }],
    blocks: [...cases.flatMap((one) => caseBlocks(one, analysis)), { kind: "paragraph", lead: "Remedy", text: remedy }],
  };
}

/** The sentence, and each profile of which it holds with its numbers. Those in the sentence are the first one's. */
function caseBlocks({ bottleneck, members, numbersDiffer }: FindingCase, analysis: Analysis): Block[] {
  const facts = members.map(({ profile, finding }) => ({
    name: profilePiece(analysis, profile),
    values: [
      ...[describeSeen(finding) ?? []].flat(),
      ...evidenceFacts(finding).map(({ what, amount }): Text => [`${what}: `, { kind: "strong", text: amount }]),
    ],
  }));
  const whose: Text = numbersDiffer
    ? [" ", { kind: "muted", text: `(numbers with ${members[0].profile}; the others' are below)` }]
    : [];
  return [paragraph([bottleneck, ...whose]), { kind: "facts", facts }];
}

/** Findings of one rule and the same remedies over all profiles, so that a remedy is read once. */
interface FindingGroup {
  title: string;
  side: Finding["side"];
  remedy: string;
  cases: FindingCase[];
}

/** One sentence and the profiles of which it holds, each with its own numbers. */
interface FindingCase {
  /** With the first member's numbers. */
  bottleneck: string;
  members: [Member, ...Member[]];
  numbersDiffer: boolean;
}

interface Member {
  profile: string;
  finding: Finding;
}

/** Findings in the order in which the profiles show them. */
function groupFindings(analysis: Analysis): FindingGroup[] {
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
  const same = cases.find(({ bottleneck }) => isSaidBy(bottleneck, words, finding));
  if (same === undefined) {
    cases.push({ bottleneck: words, members: [{ profile, finding }], numbersDiffer: false });
    return;
  }
  same.members.push({ profile, finding });
  same.numbersDiffer ||= same.bottleneck !== words;
}

/** Whether a sentence says what another one does, but for numbers that stand among that one's facts. */
function isSaidBy(sentence: string, words: string, finding: Finding): boolean {
  if (sentence.replace(numbers, "#") !== words.replace(numbers, "#")) return false;
  const facts = new Set(evidenceFacts(finding).flatMap(({ amount }) => amount.match(numbers) ?? []));
  const first = sentence.match(numbers) ?? [];
  return (words.match(numbers) ?? []).every((number, place) => number === first[place] || facts.has(number));
}

/** But for those that are part of a name or an address. */
const numbers = /(?<![\w.:"-])\d[\d,]*(?:\.\d+)?(?![\w:-]|\.\d)/g;

/** "3 of 3 trials"; null where there was only one. */
function describeSeen({ seenIn, trials }: Finding): string | null {
  return trials === 1 ? null : `${seenIn} of ${trials} trials`;
}
