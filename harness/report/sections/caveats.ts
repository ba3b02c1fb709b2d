import type { Analysis } from "../../analysis/analysis.ts";
import { listWords } from "../../core/words.ts";
import type { CaveatCode, RaisedCaveat } from "../../results/caveats.ts";
import { detail, type Section, type Text } from "../blocks.ts";
import { caveatSentence } from "../words/caveats.ts";

/** A caveat as a footnote: numbered, named once, with the profiles it belongs to (none: the whole run). */
export interface Footnote {
  number: number;
  code: CaveatCode;
  sentence: string;
  profiles: string[];
}

/** Every reservation about the numbers, each once, with the profiles it belongs to. */
export function caveatsSection(analysis: Analysis): Section | null {
  const items = footnotes({ analysis }).map(
    ({ sentence, profiles }): Text => [sentence, ...detail(profiles.length === 0 ? null : listWords(profiles))],
  );
  if (items.length === 0) return null;
  return { id: "caveats", title: "Caveats", reach: "everywhere", blocks: [{ kind: "notes", items }] };
}

/**
 * All caveats of a run: those of the run and the comparison first (the analysis holds the plan's), then those of the profiles.
 * Each is printed once: two that differ in digits that no sentence shows read the same.
 */
export function footnotes({ analysis }: { analysis: Analysis }): Footnote[] {
  const notes = new Map<string, Footnote>();
  const add = (caveat: RaisedCaveat, profile: string | null) => {
    const sentence = caveatSentence(caveat);
    const note = notes.get(sentence) ?? { number: notes.size + 1, code: caveat.code, sentence, profiles: [] };
    if (profile !== null && !note.profiles.includes(profile)) note.profiles.push(profile);
    notes.set(sentence, note);
  };
  for (const caveat of analysis.caveats) add(caveat, null);
  for (const { name, caveats } of analysis.profiles) for (const caveat of caveats) add(caveat, name);
  return [...notes.values()];
}

/** Numbers of the footnotes that belong to a profile. */
export function footnoteNumbers(notes: Footnote[], profile: string): number[] {
  return notes.filter((note) => note.profiles.includes(profile)).map((note) => note.number);
}
