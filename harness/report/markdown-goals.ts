import { goalRows } from "./goals.ts";
import { escapeMarkdown, markdownTable } from "./markdown-parts.ts";
import type { ReportInput } from "./report-input.ts";

/** What became of the suite's goals. "" where it has none of its own. */
export function goalsSection(input: ReportInput): string {
  const rows = goalRows(input);
  if (rows.length === 0) return "";
  const cells = rows.map(({ profile, goal, value, result }) => [escapeMarkdown(profile), goal, value, result]);
  const table = markdownTable(["profile", "goal", "measured", "result"], "llrl", cells);
  return `## Goals\n\n${table}\n\nLatency counts up to the first wall, failures over the whole load.`;
}
