import type { RuleId } from "../diagnose/finding.ts";
import { rules } from "../diagnose/rules.ts";
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
