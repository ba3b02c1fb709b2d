import type { CaveatCode } from "../results/caveats.ts";
import { caveatNotes } from "./words/caveat-notes.ts";

/** The code of a caveat, whatever its case; null of none. */
export function caveatNamed(typed: string): CaveatCode | null {
  const asked = typed.toLowerCase();
  return caveatCodes().find((code) => code === asked) ?? null;
}

/** What is known of a caveat, in lines: its code, what it means, what helps. */
export function caveatLines(code: CaveatCode): string[] {
  const { meaning, remedy } = caveatNotes[code];
  return [`caveat ${code}`, meaning, ...(remedy === null ? [] : [`What helps: ${remedy}`])];
}

/** In the order of the areas: a trial's, a search's, a plan's, an analysis's. */
export function caveatCodes(): CaveatCode[] {
  return Object.keys(caveatNotes) as CaveatCode[];
}
