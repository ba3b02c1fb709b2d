import { printable } from "../core/text.ts";
import { wrap } from "../core/words.ts";
import { refusalRows, refusedName, sentence } from "./refusals.ts";
import type { ReportInput } from "./report-input.ts";
import type { Paint } from "./terminal-parts.ts";

/** What the platform refused: its own words, why, and what to do instead. */
export function refusalLines({ analysis }: ReportInput, width: number, paint: Paint): string[] {
  const rows = refusalRows(analysis);
  if (rows.length === 0) return [];
  const lines = rows.flatMap(({ words, reason, remedy, ...whose }) => [
    ...wrap(printable(refusedName(whose)), width, "  ", "  ").map((line) => paint("bold", line)),
    ...wrap(printable(words), width, "      ", "    > "),
    ...wrap(printable(sentence(reason)), width, "    "),
    ...wrap(`Remedy: ${printable(remedy)}`, width, "    "),
  ]);
  return [paint("bold", "Refused by the platform"), ...lines];
}
