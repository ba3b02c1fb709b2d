import type { ReportInput } from "./report-input.ts";

/** A doubt as a footnote: numbered, named once, with the profiles it belongs to (none: the whole run). */
export interface Footnote {
  number: number;
  code: string;
  message: string;
  profiles: string[];
}

/** All doubts of a run, each sentence once: those of the run and the comparison first (the analysis holds the plan's), then those of the profiles. */
export function footnotes({ analysis }: ReportInput): Footnote[] {
  const notes = new Map<string, Footnote>();
  const add = (code: string, message: string, profile: string | null) => {
    const note = notes.get(message) ?? { number: notes.size + 1, code, message, profiles: [] };
    if (profile !== null && !note.profiles.includes(profile)) note.profiles.push(profile);
    notes.set(message, note);
  };
  for (const doubt of analysis.doubts) add(doubt.code, doubt.message, null);
  for (const profile of analysis.profiles)
    for (const doubt of profile.doubts) add(doubt.code, doubt.message, profile.name);
  return [...notes.values()];
}

/** Numbers of the footnotes that belong to a profile. */
export function footnoteNumbers(notes: Footnote[], profile: string): number[] {
  return notes.filter((note) => note.profiles.includes(profile)).map((note) => note.number);
}
