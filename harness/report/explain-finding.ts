import type { RuleId } from "../diagnose/finding.ts";
import { rules } from "../diagnose/rules.ts";
import { faultTexts } from "../knowledge/faults.ts";
import { findingNotes } from "./words/finding-notes.ts";
import { findingTitles } from "./words/findings.ts";

/** Every finding, in the order in which reports have them. */
export const findingIds: readonly RuleId[] = [...rules.map(({ id }) => id), "unexplained"];

/** A finding's id, whatever its case, or its title, with blanks or hyphens; null of neither. */
export function findingNamed(typed: string): RuleId | null {
  const hyphened = (text: string) => text.toLowerCase().replaceAll(/\s+/g, "-");
  const asked = hyphened(typed);
  return findingIds.find((id) => id === asked || hyphened(findingTitles[id]) === asked) ?? null;
}

/** What is known of a finding, in lines: its title, what it means, from what it is told and what can't be. */
export function findingLines(id: RuleId): string[] {
  const { meaning, from, limits } = findingNotes[id];
  return [
    `${findingTitles[id]} (${id})`,
    meaning,
    `Told from: ${from}`,
    ...(limits === null ? [] : [`Mind: ${limits}`]),
  ];
}

/** All findings and the texts by which faults are known: the part of docs/diagnosis.md that is made of the code. */
export function diagnosisMarkdown(): string {
  const findings = findingIds.map((id) => {
    const { meaning, from, limits } = findingNotes[id];
    return `| \`${id}\` | ${cell(meaning)} | ${cell(from)} | ${cell(limits ?? "")} |`;
  });
  const kinds = Map.groupBy(faultTexts, ({ kind }) => kind);
  const faults = [...kinds].map(
    ([kind, texts]) => `| \`${kind}\` | ${texts.map(({ text, source }) => `"${text}" (${cell(source)})`).join("; ")} |`,
  );
  return [
    "| finding | what happened | told from | mind |",
    "| --- | --- | --- | --- |",
    ...findings,
    "",
    "| fault | known by |",
    "| --- | --- |",
    ...faults,
    "",
  ].join("\n");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
