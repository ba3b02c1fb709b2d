import { escapeMarkdown } from "./markdown-parts.ts";
import { refusalRows, refusedName, sentence } from "./refusals.ts";
import type { ReportInput } from "./report-input.ts";

/** What the platform refused, in its own words, and what to do instead; "" where nothing was. */
export function refusalsSection({ analysis }: ReportInput): string {
  const rows = refusalRows(analysis);
  if (rows.length === 0) return "";
  const texts = rows.map(({ words, reason, remedy, ...whose }) =>
    [
      `- **${escapeMarkdown(refusedName(whose))}**: ${escapeMarkdown(words)}`,
      `  - ${escapeMarkdown(sentence(reason))}`,
      `  - Remedy: ${escapeMarkdown(remedy)}`,
    ].join("\n"),
  );
  return `## Refused by the platform\n\n${texts.join("\n")}`;
}
